/** What the descriptions in an array's files say, whoever wrote them and whenever. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { committedFragments } from "../../../src/formats/tiledb/array-files.js";
import { ByteCursor } from "../../../src/formats/tiledb/bytes/byte-reader.js";
import { decodeGenericTile } from "../../../src/formats/tiledb/bytes/tile.js";

/** Kinds of lists in a fragment's metadata, in file order, each with one list a slot. */
const LISTS = [
  "tile offsets",
  "text offsets",
  "text sizes",
  "validity offsets",
  "minima",
  "maxima",
  "sums",
  "null counts",
];

/** Infinity less infinity is a NaN with its sign set on some processors. */
const NAN_OF_PROCESSOR = "000000000000f8ff";
const NAN = "000000000000f87f";

/** Places in files depend on the compressor; everything else must be the same in arrays of the same rows. */
export async function describeArray(array: string): Promise<{ schema: string; fragments: Record<string, unknown>[] }> {
  const [schema] = (await readdir(join(array, "__schema"))).filter((name) => name !== "__enumerations");
  const path = join(array, "__schema", schema!);
  const fragments: Record<string, unknown>[] = [];
  for (const stem of await committedFragments(array)) fragments.push(await describeFragment(array, stem));
  return { schema: await tileHex(await readFile(path), 0, path), fragments };
}

async function describeFragment(array: string, stem: string): Promise<Record<string, unknown>> {
  const path = join(array, "__fragments", stem, "__fragment_metadata.tdb");
  const file = await readFile(path);
  const end = file.length - 8 - Number(file.readBigUInt64LE(file.length - 8));
  const starts: number[] = [];
  for (let at = 0; at < end; at += tileLength(file, at)) starts.push(at);
  const slots = (starts.length - 3) / LISTS.length;
  const described: Record<string, unknown> = { tree: await tileHex(file, starts[0]!, path) };
  for (const [kind, name] of LISTS.entries()) {
    if (name === "tile offsets" || name === "text offsets") continue;
    const of = starts.slice(1 + kind * slots, 1 + (kind + 1) * slots);
    described[name] = await Promise.all(of.map((at) => tileHex(file, at, path)));
  }
  described.whole = await tileHex(file, starts.at(-2)!, path);
  described.conditions = await tileHex(file, starts.at(-1)!, path);
  described.footer = describeFooter(new ByteCursor(file.subarray(end, -8), path), slots);
  described.files = (await readdir(join(array, "__fragments", stem))).sort();
  return described;
}

function tileLength(file: Buffer, at: number): number {
  return 34 + file.readUInt32LE(at + 30) + Number(file.readBigUInt64LE(at + 4));
}

async function tileHex(file: Uint8Array, at: number, path: string): Promise<string> {
  const tile = await decodeGenericTile(new ByteCursor(file.subarray(at), path), path);
  const hex = Buffer.from(tile.bytes(tile.remaining)).toString("hex");
  return hex.replaceAll(NAN_OF_PROCESSOR, NAN);
}

function describeFooter(input: ByteCursor, slots: number): unknown {
  const version = input.uint32();
  input.bytes(input.size());
  const [dense, withoutRows] = [input.uint8(), input.uint8()];
  const [first, last] = [input.int64(), input.int64()];
  const [tiles, lastCells] = [input.size(), input.size()];
  const [timestamps, deletes] = [input.uint8(), input.uint8()];
  const [fixed, variable, validity] = [input.sizes(slots), input.sizes(slots), input.sizes(slots)];
  const hasFile = (sizes: number[]) => sizes.map((size) => size > 0);
  return {
    version,
    flags: [dense, withoutRows, timestamps, deletes],
    rows: [first, last],
    tiles: [tiles, lastCells],
    files: [fixed, variable, validity].map(hasFile),
    positions: input.remaining / 8,
  };
}
