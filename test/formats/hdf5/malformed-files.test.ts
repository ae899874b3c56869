/** Files that are no tables, or damaged ones: a clear error or right content, never a crash, a hang or a huge buffer. */
import { existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OmeroError } from "../../../src/errors.js";
import { openHdf5Table } from "../../../src/formats/hdf5/open-table.js";
import { describeTable, fixtureBytes, STORED, temporaryDirectory } from "./stored-tables.js";

/** Everything of a file that is opened and read through, or its error. */
async function readThrough(path: string) {
  try {
    await using table = await openHdf5Table(path);
    return await describeTable(table);
  } catch (error) {
    if (!(error instanceof OmeroError)) throw error;
    return error;
  }
}

function fileOf(bytes: Uint8Array): string {
  const path = join(temporaryDirectory(), "table.h5");
  writeFileSync(path, bytes);
  return path;
}

/** Up to four bytes to change, evenly spread. */
function damageWithin(length: number): fc.Arbitrary<[number, number][]> {
  const change = fc.tuple(fc.noBias(fc.nat(length)), fc.noBias(fc.nat(255)));
  return fc.array(change, { minLength: 1, maxLength: 4 });
}

/** Files this process has open, of that name. */
function openFiles(path: string): number {
  if (!existsSync("/proc/self/fd")) return 0;
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return targets.filter((target) => target === path).length;
}

describe("a file that is no table", () => {
  it.each([
    ["empty", new Uint8Array(0), "empty"],
    ["text", new TextEncoder().encode("a,b\n1,2\n"), "signature"],
    ["long and not HDF5", new Uint8Array(5000), "signature"],
    ["only a signature", fixtureBytes("every-type").slice(0, 8), "ends too early"],
    ["only a superblock", fixtureBytes("every-type").slice(0, 96), "cut short"],
  ])("%s", async (_, bytes, reason) => {
    const path = fileOf(bytes);
    expect(await readThrough(path)).toMatchObject({
      code: "MALFORMED_FILE",
      path,
      message: expect.stringContaining(reason),
    });
  });

  it("is missing, or a directory", async () => {
    const directory = temporaryDirectory();
    expect(await readThrough(join(directory, "missing.h5"))).toMatchObject({ code: "CANNOT_READ_FILE" });
    expect(await readThrough(directory)).toMatchObject({ code: "CANNOT_READ_FILE" });
    await expect(openHdf5Table(join(directory, "missing.h5"), { readOnly: false })).rejects.toMatchObject({
      code: "CANNOT_WRITE_FILE",
    });
  });
});

describe("a damaged file", () => {
  const whole = fixtureBytes("every-type");

  it("cut short anywhere says so", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    for (let length = 0; length < whole.length; length += Math.ceil(length / 8) + 97) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await readThrough(path)).toMatchObject({ code: "MALFORMED_FILE" });
    }
  });

  it("with any bytes changed gives an error of ours, or a table", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    // Where the structures are: the data that follow are mostly zeros.
    const damage = damageWithin(14_000);
    const outcomes = { errors: 0, tables: 0 };
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        writeFileSync(path, bytes);
        const found = await readThrough(path);
        if (found instanceof OmeroError) outcomes.errors++;
        else outcomes.tables++;
        expect(openFiles(path)).toBe(0);
      }),
      { numRuns: 200 },
    );
    expect(outcomes.errors).toBeGreaterThan(20);
    expect(outcomes.tables).toBeGreaterThan(20);
  });

  it("with any number made huge gives an error of ours, or a table", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    const places = Array.from({ length: 120 }, (_, index) => index * 100 - (index % 2) * 4);
    for (const at of places) {
      for (const value of [0xffffffff, 0x7fffffff]) {
        const bytes = whole.slice();
        new DataView(bytes.buffer).setUint32(at, value, true);
        writeFileSync(path, bytes);
        await readThrough(path);
      }
    }
    writeFileSync(path, whole);
    expect(await readThrough(path)).toEqual(STORED["every-type"]);
  });

  it.each(["compressed", "all-filters"])("%s gives an error of ours, or a table", async (name) => {
    const path = join(temporaryDirectory(), "table.h5");
    const packed = fixtureBytes(name);
    const outcomes = { errors: 0, tables: 0 };
    await fc.assert(
      fc.asyncProperty(damageWithin(packed.length - 1), async (changes) => {
        const bytes = packed.slice();
        for (const [at, value] of changes) bytes[at] = value;
        writeFileSync(path, bytes);
        const found = await readThrough(path);
        if (found instanceof OmeroError) outcomes.errors++;
        else outcomes.tables++;
        expect(openFiles(path)).toBe(0);
      }),
      { numRuns: 200 },
    );
    expect(outcomes.errors).toBeGreaterThan(20);
    expect(outcomes.tables).toBeGreaterThan(20);
  });

  it("of which every byte of a chunk is covered by checksums never gives other cells", async () => {
    const path = join(temporaryDirectory(), "table.h5");
    const packed = fixtureBytes("all-filters");
    const start = packed.length - 600;
    for (let at = start; at < packed.length; at += 7) {
      const bytes = packed.slice();
      bytes[at]! ^= 0x11;
      writeFileSync(path, bytes);
      const found = await readThrough(path);
      if (!(found instanceof OmeroError)) expect(found.cells).toEqual(STORED["all-filters"]!.cells);
    }
  });
});
