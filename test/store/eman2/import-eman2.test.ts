import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importEman2Database } from "../../../src/store/eman2/import-eman2.js";
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
});
