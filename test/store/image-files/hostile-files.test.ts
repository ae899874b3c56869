/** Files that say what cannot be: refused with an error of this package, and before memory is taken for what they declare. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import {
  imageCount,
  readImage,
  readImages,
  writeImage,
  writeImages,
} from "../../../src/store/image-files/image-files.js";
import { temporaryFolder } from "../support.js";

const MOST_MEMORY = 400 * 2 ** 10; // KiB that this process may grow by
const before = process.resourceUsage().maxRSS;
afterAll(() => expect(process.resourceUsage().maxRSS - before).toBeLessThan(MOST_MEMORY));

async function refused(name: string, bytes: Uint8Array | string, code = "MALFORMED_FILE"): Promise<void> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  await expect(readImage(path)).rejects.toMatchObject({ code, path });
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

describe("a PNG", () => {
  const chunk = (type: string, data: Uint8Array) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    return Buffer.concat([words(data.length), named, words(checksum(named))]);
  };
  const png = (width: number, height: number, packed: Uint8Array, ...more: Buffer[]) =>
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk("IHDR", Buffer.concat([words(width, height), Buffer.from([8, 0, 0, 0, 0])])),
      ...more,
      chunk("IDAT", packed),
      chunk("IEND", Buffer.alloc(0)),
    ]);

  it("may declare more pixels than its bytes can stand for", () =>
    refused("p.png", png(0x7fffffff, 0x7fffffff, deflateSync(Buffer.alloc(100)))));
  it("may unpack to more than it declares", () => refused("p.png", png(2, 2, deflateSync(Buffer.alloc(2 ** 29)))));
  it("may have no pixels, or no end", async () => {
    await refused("p.png", png(0, 0, deflateSync(Buffer.alloc(0))));
    await refused("p.png", png(1, 1, deflateSync(Buffer.alloc(2))).subarray(0, -12));
  });
  it("may have a profile that unpacks to much, which is not looked at", async () => {
    const profile = chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), deflateSync(Buffer.alloc(2 ** 29))]));
    const path = join(await temporaryFolder(), "p.png");
    await writeFile(path, png(2, 1, deflateSync(Buffer.from([0, 5, 6])), profile));
    expect([...(await readImage(path)).data]).toEqual([5, 6]);
  });
});

/** As PNG has it. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe("a TIFF", () => {
  /** A directory at byte 8: [tag, type, count, value]; then where the next is. */
  const tiff = (fields: readonly (readonly [number, number, number, number])[], next = 0, more = Buffer.alloc(64)) => {
    const bytes = Buffer.alloc(8 + 2 + fields.length * 12 + 4);
    bytes.write("II*\0", "latin1");
    bytes.writeUInt32LE(8, 4);
    bytes.writeUInt16LE(fields.length, 8);
    for (const [index, [tag, type, count, value]] of fields.entries()) {
      bytes.writeUInt16LE(tag, 10 + index * 12);
      bytes.writeUInt16LE(type, 12 + index * 12);
      bytes.writeUInt32LE(count, 14 + index * 12);
      bytes.writeUInt32LE(value, 18 + index * 12);
    }
    bytes.writeUInt32LE(next, bytes.length - 4);
    return Buffer.concat([bytes, more]);
  };
  const size = (width: number, height: number) => [[256, 4, 1, width] as const, [257, 4, 1, height] as const];

  it("may be chained in a circle", () => refused("p.tif", tiff(size(1, 1), 8)));
  it("may have directories within themselves", () => refused("p.tif", tiff([...size(1, 1), [0x8769, 4, 1, 8]])));
  it("may declare more pixels than its bytes can stand for", async () => {
    await refused("p.tif", tiff([...size(0xffffffff, 0xffffffff), [258, 3, 1, 8]]));
    await refused("p.tif", tiff([...size(65_535, 65_535), [258, 3, 1, 8], [259, 3, 1, 8]]));
  });
  it("may have more values, or longer strips, than there are bytes", async () => {
    await refused("p.tif", tiff([...size(1, 1), [273, 4, 0xffffffff, 8]]));
    await refused("p.tif", tiff([...size(1, 1), [273, 4, 1, 8], [279, 4, 1, 0xffffff]]));
  });
  it("may have directories beyond its end, or none", async () => {
    await refused("p.tif", tiff(size(1, 1), 0xfffffff0));
    await refused("p.tif", Buffer.from("II*\0\0\0\0\0", "latin1"));
  });
  it("has integers of 32 bits, also in the other byte order", async () => {
    const path = join(await temporaryFolder(), "p.tif");
    const signed = { data: Int32Array.of(-1, 2, -(2 ** 31)), shape: [1, 3] };
    const unsigned = { data: Uint32Array.of(2 ** 32 - 1, 7), shape: [2, 1] };
    await writeImages(path, [signed, unsigned]);
    expect([(await readImage(path)).data, (await readImage(path, 1)).data]).toEqual([signed.data, unsigned.data]);
    const big = Buffer.concat([
      Buffer.from("MM\0*\0\0\0\x08\0\x06", "latin1"),
      Buffer.alloc(6 * 12 + 4),
      words(5, 2 ** 31),
    ]);
    const entries = [
      [256, 4, 1, 2],
      [257, 4, 1, 1],
      [258, 3, 1, 32 << 16],
      [273, 4, 1, big.length - 8],
      [279, 4, 1, 8],
      [339, 3, 1, 1 << 16],
    ] as const;
    for (const [index, [tag, type, count, value]] of entries.entries()) {
      big.writeUInt16BE(tag, 10 + index * 12);
      big.writeUInt16BE(type, 12 + index * 12);
      words(count, value).copy(big, 14 + index * 12);
    }
    await writeFile(path, big);
    expect((await readImage(path)).data).toEqual(Uint32Array.of(5, 2 ** 31));
  });
});

describe("other files", () => {
  it("of JPEG may declare more pixels than there is memory", async () => {
    const path = join(await temporaryFolder(), "p.jpg");
    await writeImage(path, { data: new Uint8Array(64), shape: [8, 8] });
    const { readFile } = await import("node:fs/promises");
    const bytes = await readFile(path);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(65_535, frame + 5);
    bytes.writeUInt16BE(65_535, frame + 7);
    await refused("p.jpg", bytes);
  });

  it("of PGM may declare more pixels than there are bytes", async () => {
    await refused("p.pgm", "P5 99999999 99999999 255 x");
    await refused("p.pgm", "P2 99999999 99999999 255 1 2 3");
    await refused("p.pgm", "P5 0 0 255 ");
  });

  it("of MRC may state sizes that are impossible", async () => {
    const header = (nx: number, ny: number, nz: number, mode: number, extended = 0) => {
      const bytes = Buffer.alloc(1100);
      for (const [word, value] of [nx, ny, nz, mode].entries()) bytes.writeInt32LE(value, word * 4);
      bytes.writeInt32LE(extended, 92);
      bytes.write("MAP ", 208, "latin1");
      bytes.set([0x44, 0x44], 212);
      return bytes;
    };
    await refused("m.mrc", header(2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1, 2));
    await refused("m.mrc", header(1, 1, 1, 2, -500));
    await refused("m.mrc", header(1, 1, 1, 2, 2 ** 31 - 1));
    await refused("m.mrc", header(0, 1, 1, 2));
    await refused("m.mrc", header(1, 1, 1, 4), "UNSUPPORTED_TYPE");
  });

  it("of HDF5 may declare more pixels than their bytes can stand for", async () => {
    const path = join(await temporaryFolder(), "s.hdf");
    const hdf = await import("h5wasm/node");
    await hdf.ready;
    const file = new hdf.File(path, "w");
    const images = file.create_group("MDF").create_group("images");
    images.create_attribute("imageid_max", [0], [1], "<i");
    const image = images.create_group("0").create_dataset({
      name: "image",
      data: new Float32Array(4),
      shape: [2, 2],
      dtype: "<f",
      maxshape: [null, null],
      chunks: [2, 2],
    } as never) as unknown as { resize(shape: number[]): void };
    image.resize([2 ** 30, 2 ** 30]);
    file.close();
    await expect(readImage(path)).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
    expect(await imageCount(path)).toBe(1);
  });

  it("of HDF5 may say that they have more images than bytes", async () => {
    const path = join(await temporaryFolder(), "s.hdf");
    const hdf = await import("h5wasm/node");
    await hdf.ready;
    const file = new hdf.File(path, "w");
    file
      .create_group("MDF")
      .create_group("images")
      .create_attribute("imageid_max", [2 ** 31 - 2], [1], "<i");
    file.close();
    await expect(readImages(path)).rejects.toMatchObject({ code: "MALFORMED_FILE", path });
    await expect(imageCount(path)).rejects.toThrow("no bytes for");
  });

  it("may be empty, a folder, or hold something else", async () => {
    for (const name of ["p.png", "p.tif", "p.jpg", "p.pgm", "s.hdf", "m.mrc"]) {
      await refused(name, "");
      await refused(name, "no picture at all");
    }
    await expect(readImage(await temporaryFolder())).rejects.toMatchObject({ code: "CANNOT_READ_FILE" });
  });
});
