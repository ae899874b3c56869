import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  imageCount,
  readImage,
  readImages,
  writeImage,
  writeImages,
} from "../../../src/store/image-files/image-files.js";
import type { NewImage } from "../../../src/store/images/image.js";
import { temporaryFolder } from "../support.js";

const ramp = <T extends NewImage["data"]>(type: new (values: number[]) => T, length: number, factor = 1): T =>
  new type(Array.from({ length }, (_, index) => index * factor));
const plane: NewImage = { data: ramp(Float32Array, 12, 1.5), shape: [3, 4], header: {} };
const file = async (name: string) => join(await temporaryFolder(), name);

describe.each([
  ["an EMAN2 stack", "s.hdf", [Float32Array, Uint8Array, Int8Array, Uint16Array, Int16Array]],
  ["an MRC stack", "s.mrcs", [Float32Array, Int8Array, Uint16Array, Int16Array]],
  ["a TIFF", "s.tif", [Float32Array, Float64Array, Uint8Array, Int8Array, Uint16Array, Int16Array]],
] as const)("%s", (_, name, types) => {
  it.each(types.map((type) => [type.name, type] as const))("keeps pixels of %s", async (_, type) => {
    const path = await file(name);
    const data = ramp(type as new (values: number[]) => NewImage["data"], 12, 3);
    expect(await writeImage(path, { data, shape: [3, 4] })).toBe(0);
    const { data: read, shape, header } = await readImage(path);
    expect(read).toEqual(data);
    expect(shape).toEqual([3, 4]);
    expect(header).toMatchObject({ nx: 4, ny: 3, maximum: 33 });
  });

  it("takes images at its end, and others in place of those it has", async () => {
    const path = await file(name);
    const image = (value: number) => ({ data: new Float32Array(12).fill(value), shape: [3, 4] });
    expect(await writeImage(path, image(0), -1)).toBe(0);
    expect(await writeImages(path, [image(1), image(2)], -1)).toBe(1);
    expect(await writeImage(path, image(10), 1)).toBe(1);
    expect(await imageCount(path)).toBe(3);
    expect((await readImages(path)).map(({ data }) => data[11])).toEqual([0, 10, 2]);
    expect((await readImages(path, [2, 0])).map(({ data }) => data[0])).toEqual([2, 0]);
    await expect(readImage(path, 3)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(readImage(path, -1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("is refused with an error of its own where it was damaged", async () => {
    const path = await file(name);
    await writeImages(path, [plane, plane], -1);
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (position, byte, cut) => {
        const bytes = Buffer.from(whole);
        bytes[position] = byte;
        await writeFile(path, cut ? bytes.subarray(0, position) : bytes);
        const outcome = await readImages(path).then(
          () => "read",
          (error) => error.code,
        );
        expect(["read", "MALFORMED_FILE", "UNSUPPORTED_TYPE", "INVALID_ARGUMENT"]).toContain(outcome);
      }),
      { numRuns: 150 },
    );
  });
});

describe("an EMAN2 stack", () => {
  const header = {
    apix_x: 1.25,
    whole: 7,
    name: "Zellkern ä",
    empty: "",
    yes: true,
    no: false,
    list: [1, -2, 3],
    fractions: [0.5, 1.5],
    "name with spaces": 1,
    xform: { transform: [1, 0, 0, 1.5, 0, 1, 0, 2, 0, 0, 1, 3] },
  };

  it("keeps whether its pixels are complex", async () => {
    const path = await file("complex.hdf");
    await writeImages(path, [{ ...plane, header: { is_complex: 1, is_complex_x: 0, is_complex_ri: 1 } }, plane]);
    const [complex, real] = await readImages(path);
    expect(complex!.header).toMatchObject({ is_complex: 1, is_complex_x: 0, is_complex_ri: 1 });
    expect(real!.header.is_complex).toBeUndefined();
  });

  it("keeps attributes", async () => {
    const path = await file("s.hdf");
    await writeImage(path, { ...plane, header });
    expect((await readImage(path)).header).toMatchObject(header);
  });

  it.each([
    ["a date", new Date(), "UNSUPPORTED_TYPE"],
    ["an integer of 60 bits", 2n ** 60n, "VALUE_DOES_NOT_FIT"],
    ["nested values", { a: { b: 1 } }, "UNSUPPORTED_TYPE"],
  ])("refuses an attribute that is %s, by name, and stays as it was", async (_, value, code) => {
    const path = await file("s.hdf");
    await writeImage(path, plane);
    await expect(writeImage(path, { ...plane, header: { mine: value } }, -1)).rejects.toMatchObject({
      code,
      message: expect.stringContaining("The attribute mine"),
    });
    expect(await imageCount(path)).toBe(1);
  });

  it("is compressed to as many bits as are asked for", async () => {
    const path = await file("s.hdf");
    const data = ramp(Float32Array, 4_096, 0.1);
    const image = { data, shape: [64, 64], header: { kept: 1 } };
    await writeImages(path, [image], 0, { renderBits: 12, renderMin: 0, renderMax: 409.5 });
    const read = await readImage(path);
    expect(Math.max(...data.map((value, index) => Math.abs(value - Number(read.data[index]))))).toBeLessThan(0.051);
    expect(read.header).toMatchObject({ kept: 1 });
    expect(read.header).not.toHaveProperty("stored_renderbits");
    await expect(writeImage(path, image, 0, { renderBits: 17 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("keeps its other images as they are where one is replaced: compressed ones, with their limits, and attributes", async () => {
    const path = await file("s.hdf");
    const wave = (shift: number) => ({
      data: Float32Array.from({ length: 256 }, (_, index) => Math.sin(index + shift)),
      shape: [16, 16],
      header,
    });
    await writeImage(path, wave(0), 0, { renderBits: 12 });
    await writeImage(path, wave(1), -1);
    await writeImage(path, plane, 4); // a gap before it
    const before = await readImages(path, [0, 1]);
    await writeImage(path, { data: ramp(Uint8Array, 6), shape: [2, 3] }, 4, { renderBits: 1 });
    expect(await readImages(path, [0, 1])).toEqual(before);
    expect((await readImage(path, 4)).shape).toEqual([2, 3]);
    expect(await imageCount(path)).toBe(5);
    await expect(readImage(path, 2)).rejects.toThrow("have a gap");
    await writeImage(path, plane, 2); // into the gap
    expect((await readImage(path, 2)).data).toEqual(plane.data);
  });

  it("tells whether an image is complex, and takes nothing of how another one was stored", async () => {
    const path = await file("s.hdf");
    await writeImage(path, {
      ...plane,
      header: { is_complex: 1, is_complex_ri: 1, stored_renderbits: 8, stored_rendermin: 0, stored_rendermax: 1 },
    });
    const { data, header } = await readImage(path);
    expect(data).toEqual(plane.data);
    expect(header).toMatchObject({ is_complex: 1, is_complex_x: 0, is_complex_ri: 1 });
  });

  it("has a contrast transfer function as the text that EMAN2 reads", async () => {
    const path = await file("s.hdf");
    const ctf = {
      class: "libpyAligner2.EMAN2Ctf",
      arguments: [[1.5, 0, 0, 100, 10, 300, 2.7, 1.1, 0.02, 2, 0.1, 0.2, 1, 5]],
    };
    await writeImage(path, { ...plane, header: { ctf } });
    expect((await readImage(path)).header.ctf).toBe("E1.5 0 0 100 10 300 2.7 1.1 0.02 2,0.1,0.2 1,5");
    await expect(writeImage(path, { ...plane, header: { ctf: { ...ctf, arguments: [[1]] } } }, -1)).rejects.toThrow(
      "ctf",
    );
  });

  it.each([
    ["a long text", "x".repeat(70_000), "70001 bytes"],
    ["a list that float32 would round", [0.5, 2 ** 31 + 1], "2147483649"],
    ["a list beyond float32", [1e300, 0.5], "1e+300"],
  ])("refuses %s as an attribute", async (_, mine, told) => {
    const path = await file("s.hdf");
    await expect(writeImage(path, { ...plane, header: { mine } })).rejects.toMatchObject({
      code: "VALUE_DOES_NOT_FIT",
      message: expect.stringContaining(told),
    });
  });

  it("is not compressed where there are no limits to do it between", async () => {
    const beyondFloat32 = { data: Float64Array.of(-1e300, 1e300), shape: [2] };
    await expect(writeImage(await file("s.hdf"), beyondFloat32, 0, { renderBits: 8 })).rejects.toThrow("set renderMin");
  });

  it("holds volumes and rows, but no pixels it has no type for", async () => {
    const path = await file("s.hdf");
    await writeImage(path, { data: ramp(Float32Array, 24), shape: [2, 3, 4] });
    await writeImage(path, { data: ramp(Float32Array, 5), shape: [5] }, -1);
    expect((await readImages(path)).map(({ shape }) => shape)).toEqual([[2, 3, 4], [5]]);
    await expect(writeImage(path, { data: new Float64Array(1), shape: [1] }, -1)).rejects.toThrow("float64");
  });
});

describe("an MRC file", () => {
  it("is a volume or a stack, with the size of its pixels", async () => {
    const path = await file("v.mrc");
    await writeImage(path, {
      data: ramp(Int16Array, 24),
      shape: [2, 3, 4],
      header: { apix_x: 1.5, apix_y: 1.5, apix_z: 3 },
    });
    const { shape, header, data } = await readImage(path);
    expect([shape, header.apix_x, header.apix_z, data[23]]).toEqual([[2, 3, 4], 1.5, 3, 23]);
    await expect(writeImage(path, plane, -1)).rejects.toThrow("holds one volume");
    const stack = await file("v.mrcs");
    await writeImages(stack, [plane, plane]);
    await expect(writeImage(stack, { data: new Float32Array(4), shape: [2, 2] }, -1)).rejects.toThrow(
      "All images of an MRC stack are alike",
    );
    await expect(writeImage(await file("d.mrc"), { data: new Float64Array(1), shape: [1] })).rejects.toThrow("float64");
    const bytes = await file("b.mrc");
    await writeImage(bytes, { data: Uint8Array.of(200), shape: [1] });
    expect((await readImage(bytes)).data).toEqual(Uint16Array.of(200));
  });

  it("of one plane takes others, and so does a stack of volumes", async () => {
    const path = await file("p.mrc");
    const place = { origin_x: 10, origin_y: -2.5, "MRC.nxstart": 3, "MRC.label0": "made here" };
    await writeImage(path, { ...plane, header: place });
    expect((await readImage(path)).header).toMatchObject(place);
    expect(await writeImage(path, plane, -1)).toBe(1);
    expect((await readFile(path)).readFloatLE(80)).toBeLessThan((await readFile(path)).readFloatLE(76)); // no statistics
    const volumes = await file("v.mrcs");
    const volume = (from: number) => ({
      data: Float32Array.from({ length: 24 }, (_, index) => index + from),
      shape: [2, 3, 4],
    });
    await writeImage(volumes, volume(0));
    expect(await writeImages(volumes, [volume(24), volume(48)], -1)).toBe(1);
    expect((await readImages(volumes)).map(({ data, shape }) => [data[0], shape.length])).toEqual([
      [0, 3],
      [24, 3],
      [48, 3],
    ]);
  });

  it("has bytes without a sign where IMOD wrote it, and half bytes in mode 101", async () => {
    const path = await file("i.mrc");
    await writeImage(path, { data: Int8Array.of(-1, 1, -128, 5), shape: [2, 2] });
    const bytes = await readFile(path);
    bytes.writeInt32LE(1_146_047_817, 152);
    await writeFile(path, bytes);
    expect((await readImage(path)).data).toEqual(Uint8Array.of(255, 1, 128, 5));
    await expect(writeImage(path, { data: Int8Array.of(1, 1, 1, 1), shape: [2, 2] }, -1)).rejects.toThrow("alike");
    bytes.writeInt32LE(3, 0);
    bytes.writeInt32LE(101, 12);
    await writeFile(path, bytes);
    expect((await readImage(path)).data).toEqual(Uint8Array.of(15, 15, 1, 0, 8, 5)); // ff 01, 80 05
  });

  it("is read in the other byte order and with half floats", async () => {
    const path = await file("s.mrc");
    const header = Buffer.alloc(1024);
    for (const [word, value] of [
      [0, 2],
      [1, 1],
      [2, 1],
      [3, 12],
      [7, 2],
      [8, 1],
      [9, 1],
    ] as const)
      header.writeInt32BE(value, word * 4);
    header.write("MAP ", 208, "latin1");
    header.set([0x11, 0x11], 212);
    await writeFile(path, Buffer.concat([header, Buffer.from([0x3c, 0x00, 0xc1, 0x00])]));
    expect([...(await readImage(path)).data]).toEqual([1, -2.5]);
  });
});

describe("pictures", () => {
  it.each(["p.png", "p.pgm"])("%s come back as the bytes that were written", async (name) => {
    const path = await file(name);
    await writeImage(path, plane, 0, { renderMin: 0, renderMax: 16.5 });
    const { data, shape } = await readImage(path);
    expect(shape).toEqual([3, 4]);
    expect([...data]).toEqual([0, 23, 46, 70, 93, 116, 139, 162, 185, 209, 232, 255]);
    await writeImage(path, plane, 0, { origin: "bottom" });
    expect((await readImage(path)).data[8]).toBe(0);
    expect((await readImage(path, 0, { origin: "bottom" })).data[0]).toBe(0);
    await expect(writeImage(path, plane, 1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(writeImage(path, { data: new Uint8Array(8), shape: [2, 2, 2] })).rejects.toThrow("one plane");
  });

  it("p.jpg come back nearly so, the better the higher their quality", async () => {
    const path = await file("p.jpg");
    const data = Uint8Array.from({ length: 64 * 48 }, (_, index) => 128 + 100 * Math.sin(index / 20));
    const distance = async (header: NewImage["header"]) => {
      await writeImage(path, { data, shape: [48, 64], header });
      const read = (await readImage(path)).data;
      return data.reduce((sum, value, index) => sum + Math.abs(value - Number(read[index])), 0) / data.length;
    };
    const ordinary = await distance({});
    expect(ordinary).toBeLessThan(4);
    expect(await distance({ jpeg_quality: 98 })).toBeLessThan(ordinary);
    await expect(writeImage(path, { data, shape: [48, 64] }, 0, { quality: 101 })).rejects.toThrow("quality");
  });

  it("in PGM may be plain, have comments and 16 bits", async () => {
    const path = await file("p.pgm");
    await writeFile(path, "P2\n# a comment\n2 2 # another\n300\n0 1\n299 300\n");
    expect((await readImage(path)).data).toEqual(Uint16Array.of(0, 1, 299, 300));
    const looksLikeComment = Uint8Array.of(35, 10, 35, 13, 32, 9); // "#", a new line, and more
    await writeImage(path, { data: looksLikeComment, shape: [2, 3] });
    expect((await readImage(path)).data).toEqual(looksLikeComment);
    for (const bad of ["P2 2 1 255 1 x", "P2 2 1 255 1 300", "P2 2 1 255 1", "P2 2 1 255 1 -1"]) {
      await writeFile(path, bad);
      await expect(readImage(path)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
    }
    await writeFile(path, "P5 2 1 255\n\u0001");
    await expect(readImage(path)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });

  it("in PNG may have colours, a palette and few bits", async () => {
    const path = await file("p.png");
    // 3 x 1 pixels of one bit: 1, 0, 1; then 1 x 1 of colour.
    const { encode } = await import("fast-png");
    await writeFile(path, encode({ width: 1, height: 1, channels: 3, depth: 8, data: Uint8Array.of(10, 20, 60) }));
    expect([...(await readImage(path)).data]).toEqual([30]);
    await writeFile(path, encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(1, 60_000) }));
    expect((await readImage(path)).data).toEqual(Uint16Array.of(1, 60_000));
  });

  it("in PNG may be interlaced, with fewer bits than a byte", async () => {
    const path = await file("p.png");
    const bits =
      "iVBORw0KGgoAAAANSUhEUgAAAAsAAAANAQAAAAEgiZkAAAAAQ0lEQVR4nGNoYGBgbmBsYE5gPMB4gMmB6QCDAkMMiwtzCeMLJg+WCOYUpgIGAQYD5rJU5u3XGQ/LMkUkMLknsFzbBwB+4w6c9QZGhwAAAABJRU5ErkJggg==";
    await writeFile(path, Buffer.from(bits, "base64"));
    const { data, shape } = await readImage(path);
    const rows =
      "11111110010 01110110101 00100111101 11110010101 01001000110 11000011111 11001100010 00011011010 00101011010 01100010101 10100001001 00111000001 10001101001";
    expect(shape).toEqual([13, 11]);
    expect([...data]).toEqual(Array.from(rows.replaceAll(" ", ""), (bit) => Number(bit) * 255));
    const palette =
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADAgMAAAGzgwaEAAAADFBMVEVxi7JVSSw9N9CN4FgNXfZAAAAAEklEQVR4nGM+wMzA3MDgwBgAAAqkAdvfttpFAAAAAElFTkSuQmCC";
    await writeFile(path, Buffer.from(palette, "base64"));
    expect((await readImage(path)).data).toEqual(Float32Array.of(453 / 3, 324 / 3, 202 / 3, 202 / 3, 430 / 3, 202 / 3));
  });

  it.each(["p.png", "p.pgm", "p.jpg"])("%s are refused with an error of ours where they are damaged", async (name) => {
    const path = await file(name);
    await writeImage(path, { data: ramp(Uint8Array, 600), shape: [20, 30] });
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (position, byte, cut) => {
        const bytes = Buffer.from(whole);
        bytes[position] = byte;
        await writeFile(path, cut ? bytes.subarray(0, position) : bytes);
        const outcome = await readImage(path).then(
          () => "read",
          (error) => error.code,
        );
        expect(["read", "MALFORMED_FILE"]).toContain(outcome);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a file", () => {
  it("is turned for an origin at the bottom, and what was given stays as it is", async () => {
    const path = await file("turned.png");
    const data = Buffer.from([1, 2, 3, 4]);
    await writeImage(path, { data, shape: [2, 2] }, 0, { origin: "bottom" });
    expect([...data, ...(await readImage(path)).data]).toEqual([1, 2, 3, 4, 3, 4, 1, 2]);
    for (const none of [5, null, { data, shape: [4] }]) {
      await expect(writeImages(path, none as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    await expect(readImages(path, 5 as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  it("is known by how it begins, and written by its extension", async () => {
    const path = await file("p.png");
    await writeImage(path, plane);
    const other = await file("other.tif");
    await writeFile(other, await readFile(path));
    expect((await readImage(other)).shape).toEqual([3, 4]);
    await expect(writeImage(await file("p.bmp"), plane)).rejects.toThrow("known are .hdf");
    await expect(writeImage(path, { data: plane.data, shape: [5] })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(writeImages(path, [])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(readImage(await file("none.png"))).rejects.toMatchObject({ code: "CANNOT_READ_FILE" });
    await expect(readImage(path, 0, { origin: "left" as never })).rejects.toThrow("origin");
    await expect(readImages(path, 0 as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const signal = AbortSignal.abort();
    await expect(readImage(path, 0, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(writeImage(path, plane, 0, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await expect(writeImage(`${await temporaryFolder()}/`, plane)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const text = await file("text.png");
    await writeFile(text, "no picture");
    await expect(readImage(text)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });

  it.each(["s.hdf", "s.mrcs", "s.tif"])("%s gets all images that are added at once", async (name) => {
    const path = await file(name);
    const image = (value: number) => ({ data: new Float32Array(4).fill(value), shape: [2, 2] });
    const numbers = await Promise.all([0, 1, 2, 3].map((value) => writeImage(path, image(value), -1)));
    expect(numbers).toEqual([0, 1, 2, 3]);
    expect((await readImages(path)).map(({ data }) => data[0])).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ["gzip", [0x1f, 0x8b, 8]],
    ["bzip2", [0x42, 0x5a, 0x68]],
  ])("that is compressed by %s is refused, saying so", async (packer, magic) => {
    for (const name of ["p.mrc", "p.mrc.gz"]) {
      const path = await file(name);
      await writeFile(path, Buffer.concat([Buffer.from(magic), Buffer.alloc(2000)]));
      await expect(readImage(path)).rejects.toMatchObject({
        code: "UNSUPPORTED_TYPE",
        message: expect.stringContaining(packer),
      });
    }
  });

  it("that is a folder is not written", async () => {
    const { mkdir } = await import("node:fs/promises");
    for (const name of ["d.hdf", "d.mrc", "d.tif", "d.png"]) {
      const path = await file(name);
      await mkdir(path);
      await expect(writeImage(path, plane)).rejects.toMatchObject({ code: "CANNOT_WRITE_FILE" });
    }
  });
});
