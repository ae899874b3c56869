/** Damaged arrays: whatever is done to their files, they are read or refused, at once and in little memory. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OmeroError } from "../../../src/errors.js";
import { ByteCursor } from "../../../src/formats/tiledb/bytes/byte-reader.js";
import { decodeGenericTile, encodeGenericTile } from "../../../src/formats/tiledb/bytes/tile.js";
import { openTileDBTable } from "../../../src/formats/tiledb/index.js";
import { checkBatch } from "../../support/check-batch.js";
import { fixtureFiles, temporaryFolder, writeFiles } from "./fixture-arrays.js";
import { Random } from "./random-frame.js";

const ARRAYS = ["simple", "gzip", "rle", "none", "consolidated", "vacuumed", "cells", "widths", "metadata"];
const MUTATIONS = 400;
/** Values that sizes, counts and positions are set to. */
const ODD = [
  0n,
  1n,
  2n,
  7n,
  0x7fn,
  0xffn,
  0xffffn,
  0x7fffffffn,
  0xffffffffn,
  2n ** 40n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

describe("a damaged array", () => {
  it.each(ARRAYS)("%s: is read or refused", async (name) => {
    const files = fixtureFiles(name);
    const array = writeFiles(files, join(temporaryFolder(), "array"));
    const random = new Random(name.length);
    const outcomes = { read: 0, refused: 0 };
    for (let count = 0; count < MUTATIONS; count++) {
      const path = random.pick([...files.keys()]);
      writeFileSync(join(array, path), await damage(files.get(path)!, path, random));
      const started = performance.now();
      outcomes[await readAll(array)]++;
      expect(performance.now() - started, `${count} of ${path}`).toBeLessThan(3000);
      writeFileSync(join(array, path), files.get(path)!);
    }
    expect(await readAll(array)).toBe("read");
    expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 10);
    expect(outcomes.read + outcomes.refused).toBe(MUTATIONS);
  });
});

/** @throws what is no error of ours */
async function readAll(array: string): Promise<"read" | "refused"> {
  try {
    const table = await openTileDBTable(array);
    const columns = table.fields.map((_, index) => index);
    checkBatch(await table.read(columns, 0, Math.min(table.rowCount, 2000)));
    if (table.rowCount > 0) checkBatch(await table.slice(columns, Float64Array.of(table.rowCount - 1, 0)));
    return "read";
  } catch (error) {
    if (error instanceof OmeroError) return "refused";
    throw error;
  }
}

/** What a file holds is compressed for the most part, so it is damaged before it is compressed. */
async function damage(file: Buffer, path: string, random: Random): Promise<Buffer> {
  if (random.below(4) > 0) {
    if (path.startsWith("__schema") || path.startsWith("__meta")) return damageTile(file, 0, file.length, random);
    if (path.endsWith("__fragment_metadata.tdb")) return damageFragmentMetadata(file, random);
  }
  return mutate(file, random);
}

async function damageTile(file: Buffer, start: number, stop: number, random: Random): Promise<Buffer> {
  const tile = await decodeGenericTile(new ByteCursor(file.subarray(start, stop), "tile"), "tile");
  const content = mutate(Buffer.from(tile.bytes(tile.remaining)), random);
  return Buffer.concat([file.subarray(0, start), encodeGenericTile(content), file.subarray(stop)]);
}

/** The footer is damaged as it is; a list is put, damaged, behind the others, and the footer told of it. */
async function damageFragmentMetadata(file: Buffer, random: Random): Promise<Buffer> {
  const footerLength = Number(file.readBigUInt64LE(file.length - 8));
  const end = file.length - 8 - footerLength;
  const footer = Buffer.from(file.subarray(end, -8));
  if (random.below(2)) {
    const damaged = mutate(footer, random);
    return Buffer.concat([file.subarray(0, end), damaged, lengthOf(damaged)]);
  }
  const positions = [...footer.keys()].filter((at) => {
    if (at + 8 > footer.length) return false;
    const value = footer.readBigUInt64LE(at);
    return value > 0n && value < BigInt(end) && file.readUInt32LE(Number(value)) === 22;
  });
  const at = random.pick(positions);
  const start = Number(footer.readBigUInt64LE(at));
  const tile = await decodeGenericTile(new ByteCursor(file.subarray(start), "tile"), "tile");
  const list = encodeGenericTile(mutate(Buffer.from(tile.bytes(tile.remaining)), random));
  footer.writeBigUInt64LE(BigInt(end), at);
  return Buffer.concat([file.subarray(0, end), list, footer, lengthOf(footer)]);
}

function lengthOf(footer: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(footer.length));
  return length;
}

function mutate(original: Buffer, random: Random): Buffer {
  const bytes = Buffer.from(original);
  if (bytes.length === 0) return Buffer.from(Array.from({ length: random.below(40) }, () => random.below(256)));
  const at = random.below(bytes.length);
  const odd = random.pick(ODD);
  switch (random.below(6)) {
    case 0:
      bytes[at] = random.below(256);
      return bytes;
    case 1:
      bytes[at]! ^= 1 << random.below(8);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      if (at + 8 <= bytes.length) bytes.writeBigUInt64LE(odd, at);
      return bytes;
    case 4:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(Number(odd & 0xffffffffn), at);
      return bytes;
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length))]);
  }
}
