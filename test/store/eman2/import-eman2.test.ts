import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { likelierPixels } from "../../../src/store/eman2/byte-order.js";
import { importEman2Database } from "../../../src/store/eman2/import-eman2.js";
import { plainValue } from "../../../src/store/eman2/plain-value.js";
import { unpickle } from "../../../src/store/eman2/unpickle.js";
import { collect, openedStore, temporaryFolder } from "../support.js";

/** Made by `make_database.py FOLDER 5`, beside this file. */
const MADE = fileURLToPath(new URL("EMAN2DB", import.meta.url));

async function copy(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(MADE, join(folder, "EMAN2DB"), { recursive: true });
  return folder;
}

describe("a folder with databases of EMAN2", () => {
  it("is taken over: images with headers, values, virtual stacks", async () => {
    const store = await openedStore();
    const [particles, virtual] = await importEman2Database(await copy(), store);
    expect(virtual).toEqual({ name: "virtual", images: 1, values: 0, skipped: [] });
    expect(particles).toMatchObject({ name: "particles", images: 6, values: 4 });
    const dictionary = store.open("particles");
    expect(await collect(dictionary.keys())).toEqual([0, 1, 2, 3, 4, 10, "alist", "nested", "transform", "volume"]);
    const { data, shape, header } = (await dictionary.getImage(3))!;
    expect([...data]).toEqual(Array.from({ length: 12 }, (_, index) => 300 + index));
    expect(shape).toEqual([3, 4]);
    expect(header).toMatchObject({
      apix_x: 1.25,
      label: "Zelle ä 3",
      big: 2n ** 60n + 3n,
      low: -(2 ** 40),
      minimum: 300,
    });
    expect((await dictionary.getHeader("volume"))!.long_text).toBe("x".repeat(20_000));
    expect((await dictionary.getImage("volume"))!.shape).toEqual([2, 3, 2]);
    expect(await dictionary.get("alist")).toEqual([1, 2, 3, 4, 5]);
    expect(await dictionary.get("nested")).toEqual(
      new Map<unknown, unknown>([
        ["a", [1, null, true]],
        [2, { b: [0.5] }],
        ["set", new Set([1])],
      ]),
    );
    expect(await dictionary.get("transform")).toEqual({
      class: "__main__.Transform",
      arguments: [],
      state: { numbers: [1.5, 2.5] },
    });
    expect((await store.open("virtual").getImage(0))!.data[0]).toBe(200);
  });

  it("tells what could not be taken over, and why", async () => {
    const [particles] = await importEman2Database(await copy(), await openedStore(), { names: ["particles"] });
    const reasons = particles!.skipped.map(({ reason }) => reason).sort();
    expect(reasons).toEqual([
      "its key is neither a text nor a whole number from 0",
      "no place is noted for an image of 9x9x1",
    ]);
  });

  it("may lack files of pixels, or have none of it all", async () => {
    const folder = await copy();
    await rm(join(folder, "EMAN2DB", "particles_4x3x1"));
    const [particles] = await importEman2Database(join(folder, "EMAN2DB"), await openedStore());
    expect(particles).toMatchObject({ images: 1, values: 4 });
    expect(particles!.skipped.filter(({ reason }) => reason.includes("is missing")).length).toBe(5);
    await expect(importEman2Database(await temporaryFolder(), await openedStore())).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(importEman2Database(folder, await openedStore(), { names: ["none"] })).rejects.toMatchObject({
      code: "CANNOT_READ_FILE",
    });
  });

  it("is not taken over in part where one of its databases is damaged", async () => {
    const folder = await copy();
    await writeFile(join(folder, "EMAN2DB", "virtual.bdb"), Buffer.alloc(4096));
    const store = await openedStore();
    await expect(importEman2Database(folder, store)).rejects.toMatchObject({ code: "MALFORMED_FILE" });
    expect(store.open("particles").size).toBe(0);
    await expect(importEman2Database(folder, store, { names: "particles" as never })).rejects.toThrow("list of texts");
    const signal = AbortSignal.abort();
    await expect(importEman2Database(folder, store, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("gives an error of ours where it is damaged", async () => {
    const folder = await copy();
    const path = join(folder, "EMAN2DB", "particles.bdb");
    const whole = await readFile(path);
    const store = await openedStore(undefined, { sync: "batched" });
    const places = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 0, max: whole.length * 4 }), async (changes, length) => {
        const bytes = Buffer.from(whole);
        for (const [position, byte] of changes) bytes[position] = byte;
        await writeFile(path, bytes.subarray(0, length));
        const outcome = await importEman2Database(folder, store, { names: ["particles"] }).then(
          () => "read",
          (error) => error.code,
        );
        expect(["read", "MALFORMED_FILE"]).toContain(outcome);
      }),
      { numRuns: 100, examples: [[[[15011, 0]], whole.length]] },
    );
  });
});

describe("a pickle", () => {
  const text = (codes: string) => unpickle(Buffer.from(codes, "latin1"));

  it("has exact integers, also long ones and negative ones", () => {
    expect(text("\x80\x02\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80.")).toBe(-(2n ** 63n));
    expect(text("\x80\x02\x8a\x01\xff.")).toBe(-1);
    expect(text("\x80\x02\x8a\x00.")).toBe(0);
    expect(text("I01\n.")).toBe(true);
    expect(text("L18446744073709551616L\n.")).toBe(2n ** 64n);
  });

  it("is refused where it is cut, or does what cannot be done", () => {
    for (const bad of ["", "\x80\x02", "K\x01", "e.", ".", "X\xff\xff\xff\xffa.", "h\x05.", "K\x01K\x02R."]) {
      expect(() => text(bad)).toThrowError(expect.objectContaining({ code: "MALFORMED_FILE" }));
    }
    expect(() => text("\xfe.")).toThrowError(expect.objectContaining({ code: "UNSUPPORTED_TYPE" }));
  });

  it("takes plain strings of Python 2 for UTF-8 where they are, and else for Latin-1", () => {
    expect(text("\x80\x02U\x02\xc3\xa4.")).toBe("ä");
    expect(text("\x80\x02U\x01\xe4.")).toBe("ä");
    expect(text("\x80\x02X\x03\x00\x00\x00\xef\xbf\xbd.")).toBe("\ufffd");
    expect(text("\x80\x02c_codecs\nencode\nX\x02\x00\x00\x00\xc3\xbfX\x06\x00\x00\x00latin1\x86R.")).toEqual(
      Uint8Array.of(255),
    );
  });

  it("has no values nested without end, but the same one in many places", () => {
    const nested = (depth: number) => plainValue(text(`\x80\x02${"]".repeat(depth)}${"a".repeat(depth - 1)}.`));
    expect(nested(400)).toEqual(expect.any(Array));
    expect(() => nested(100_000)).toThrow("nested more than");
    // Ten times the same list of ten times the same list, and so on.
    const layers = Array.from({ length: 20 }, (_, at) => {
      const ten = `h${String.fromCharCode(at)}`.repeat(10);
      return `](${ten}eq${String.fromCharCode(at + 1)}`;
    });
    const value = plainValue(text(`\x80\x02]q\x00${layers.join("")}.`)) as unknown[];
    expect(value[0]).toBe(value[9]);
  });

  it("has no integer that would take long to be read", () => {
    expect(() => unpickle(Buffer.from(`L${"9".repeat(5000)}L\n.`))).toThrow("4096 bytes");
  });
});

/** Pickled by NumPy 2, protocol 2. */
const NUMPY: [string, unknown, string][] = [
  [
    "f4",
    1.5,
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGY0cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gFAAAAAADDgD9xCFgGAAAAbGF0aW4xcQmGcQpScQuGcQxScQ0u",
  ],
  [
    "i8",
    2n ** 60n + 1n,
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGk4cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gIAAAAAQAAAAAAABBxCFgGAAAAbGF0aW4xcQmGcQpScQuGcQxScQ0u",
  ],
  [
    "u8",
    7,
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAHU4cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gIAAAABwAAAAAAAABxCFgGAAAAbGF0aW4xcQmGcQpScQuGcQxScQ0u",
  ],
  [
    "bool",
    true,
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGIxcQKJiIdxA1JxBChLA1gBAAAAfHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gBAAAAAXEIWAYAAABsYXRpbjFxCYZxClJxC4ZxDFJxDS4=",
  ],
  [
    "text",
    "hä",
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAFUycQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSwhLBEsIdHEGYmNfY29kZWNzCmVuY29kZQpxB1gJAAAAaAAAAMOkAAAAcQhYBgAAAGxhdGluMXEJhnEKUnELhnEMUnENLg==",
  ],
  [
    "bytes",
    "ab",
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAFMycQKJiIdxA1JxBChLA1gBAAAAfHEFTk5OSwJLAUsAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gCAAAAYWJxCFgGAAAAbGF0aW4xcQmGcQpScQuGcQxScQ0u",
  ],
  [
    "array",
    Float64Array.of(0, 1, 2),
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwOFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGY4cQyJiIdxDVJxDihLA1gBAAAAPHEPTk5OSv////9K/////0sAdHEQYoloA1gZAAAAAAAAAAAAAAAAAAAAAADDsD8AAAAAAAAAQHERaAWGcRJScRN0cRRiLg==",
  ],
  [
    "big-endian",
    Int16Array.of(0, 1, 2),
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwOFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGkycQyJiIdxDVJxDihLA1gBAAAAPnEPTk5OSv////9K/////0sAdHEQYoloA1gGAAAAAAAAAQACcRFoBYZxElJxE3RxFGIu",
  ],
  [
    "truths",
    [true, false],
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwKFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGIxcQyJiIdxDVJxDihLA1gBAAAAfHEPTk5OSv////9K/////0sAdHEQYoloA1gCAAAAAQBxEWgFhnESUnETdHEUYi4=",
  ],
  [
    "rows",
    [Int32Array.of(0, 1), Int32Array.of(2, 3)],
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwJLAoZxCmNudW1weQpkdHlwZQpxC1gCAAAAaTRxDImIh3ENUnEOKEsDWAEAAAA8cQ9OTk5K/////0r/////SwB0cRBiiWgDWBAAAAAAAAAAAQAAAAIAAAADAAAAcRFoBYZxElJxE3RxFGIu",
  ],
  [
    "fortran",
    [Uint8Array.of(0, 1, 2), Uint8Array.of(3, 4, 5)],
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwJLA4ZxCmNudW1weQpkdHlwZQpxC1gCAAAAdTFxDImIh3ENUnEOKEsDWAEAAAB8cQ9OTk5K/////0r/////SwB0cRBiiGgDWAYAAAAAAwEEAgVxEWgFhnESUnETdHEUYi4=",
  ],
  [
    "half",
    Float32Array.of(0.5),
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwGFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGYycQyJiIdxDVJxDihLA1gBAAAAPHEPTk5OSv////9K/////0sAdHEQYoloA1gCAAAAADhxEWgFhnESUnETdHEUYi4=",
  ],
  [
    "empty",
    [],
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwBLA4ZxCmNudW1weQpkdHlwZQpxC1gCAAAAZjhxDImIh3ENUnEOKEsDWAEAAAA8cQ9OTk5K/////0r/////SwB0cRBiiWNfX2J1aWx0aW5fXwpieXRlcwpxESlScRJ0cRNiLg==",
  ],
  [
    "no axes",
    Float64Array.of(5),
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBKWNudW1weQpkdHlwZQpxClgCAAAAZjhxC4mIh3EMUnENKEsDWAEAAAA8cQ5OTk5K/////0r/////SwB0cQ9iiWgDWAgAAAAAAAAAAAAUQHEQaAWGcRFScRJ0cRNiLg==",
  ],
];

describe("of NumPy", () => {
  it.each(NUMPY)("%s is a value", (_, value, pickle) => {
    const bytes = Buffer.from(pickle, "base64");
    expect(plainValue(unpickle(bytes))).toEqual(value);
    const ofNumPy1 = Buffer.from(bytes.toString("latin1").replace("numpy._core", "numpy.core"), "latin1");
    expect(plainValue(unpickle(ofNumPy1))).toEqual(value);
  });

  it("an array of fewer bytes than its shape needs is refused", () => {
    const shorter = Buffer.from(NUMPY.find(([name]) => name === "array")![2], "base64")
      .toString("latin1")
      .replace("K\x03\x85", "K\x04\x85");
    expect(() => plainValue(unpickle(Buffer.from(shorter, "latin1")))).toThrow("fewer or more bytes");
  });
});

it("a transformation of EMAN2 is one as stacks have it", () => {
  const rows = [1, 0, 0, 1.5, 0, 1, 0, 2, 0, 0, 1, 3];
  expect(plainValue({ class: "libpyTransform2.Transform", arguments: [rows] })).toEqual({ transform: rows });
});

it("pixels of a file for machines with the higher byte first are read in the order that fits them", () => {
  const pixels = Float32Array.of(0.5, 100, -3);
  const swapped = new Float32Array(Buffer.from(pixels.slice().buffer).swap32().buffer.slice(0, 12));
  const header = { minimum: -3, maximum: 100 };
  for (const known of [header, {}]) {
    expect(likelierPixels(swapped, pixels, known)).toBe(pixels);
    expect(likelierPixels(pixels, swapped, known)).toBe(pixels);
  }
});
