/** TileDB arrays: each of the files an array is made of, and what lies in them compressed. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TileDBTable } from "../../../src/formats/tiledb/array-table.js";
import { ByteCursor } from "../../../src/formats/tiledb/bytes/byte-reader.js";
import { decodeGenericTile, encodeGenericTile } from "../../../src/formats/tiledb/bytes/tile.js";
import { createTileDB } from "../../../src/write/index.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";
import { scratchPath } from "../scratch.js";

const ROWS = Array.from({ length: 35 }, (_, row) => row);
const COLUMNS = {
  image: ROWS,
  area: ROWS.map((row) => row / 7),
  ok: ROWS.map((row) => row % 3 === 0),
  name: ROWS.map((row) => "été ".repeat(row % 5)),
  lists: ROWS.map((row) => [row, -row]),
};

export const tiledb: Decoder = {
  name: "TileDB arrays",
  share: 3,
  memory: { perByte: 256, free: 64 << 20 },
  async seeds() {
    const array = scratchPath("array");
    await createTileDB(COLUMNS, array, { chunkSize: 20 });
    const paths = filesOf(array);
    const contents = await Promise.all(paths.map((path) => contentSeeds(array, path)));
    return [...paths.map((path) => fileSeed(array, path)), ...contents.flat()];
  },
};

/** Those that hold anything, in an order that does not change with their names, which are random. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => readFileSync(path).length > 0).sort();
}

function fileSeed(array: string, path: string): Seed {
  const bytes = Uint8Array.from(readFileSync(path));
  return seedOf(array, path, bytes, (damaged) => damaged);
}

/** @param fileOf the whole file with such bytes in it. */
function seedOf(array: string, path: string, bytes: Uint8Array, fileOf: (damaged: Uint8Array) => Uint8Array): Seed {
  const honest = readFileSync(path);
  const decode = async (damaged: Uint8Array) => {
    writeFileSync(path, fileOf(damaged));
    try {
      await readArray(array);
    } finally {
      writeFileSync(path, honest);
    }
  };
  return { bytes, decode };
}

/** Bytes that are compressed in a file, to be damaged before they are. */
async function contentSeeds(array: string, path: string): Promise<Seed[]> {
  if (/__schema|__meta/.test(path))
    return [seedOf(array, path, await contentOf(readFileSync(path)), encodeGenericTile)];
  return path.endsWith("__fragment_metadata.tdb") ? listSeeds(array, path) : [];
}

/** Lists of tiles: a damaged one is put behind the others, and the footer told of it. */
async function listSeeds(array: string, path: string): Promise<Seed[]> {
  const file = readFileSync(path);
  const end = file.length - 8 - Number(file.readBigUInt64LE(file.length - 8));
  const [body, footer] = [file.subarray(0, end), file.subarray(end)];
  const slots = Object.keys(COLUMNS).length + 2;
  // Behind the sizes of the files in three lists and the position of the R-tree; two positions and the footer's length last.
  const first = footer.length - 8 * (3 + 8 * slots);
  const places = Array.from({ length: 3 * slots }, (_, list) => first + 8 * list);
  const seeds = places.map(async (place) => {
    const content = await contentOf(file.subarray(Number(footer.readBigUInt64LE(place))));
    return seedOf(array, path, content, (damaged) => {
      const told = Buffer.from(footer);
      told.writeBigUInt64LE(BigInt(end), place);
      return Buffer.concat([body, encodeGenericTile(damaged), told]);
    });
  });
  return Promise.all(seeds);
}

async function contentOf(tile: Uint8Array): Promise<Uint8Array> {
  const content = await decodeGenericTile(new ByteCursor(tile, "tile"), "tile");
  return Uint8Array.from(content.bytes(content.remaining));
}

async function readArray(path: string): Promise<void> {
  const table = await TileDBTable.open(path);
  try {
    const { fields, rowCount } = table;
    const all = fields.map((_, index) => index);
    checkBatch(await table.read(all, 0, Math.min(rowCount, 1000)));
    if (rowCount > 0) checkBatch(await table.slice(all, Float64Array.of(rowCount - 1, 0)));
    await table.getAllMetadata();
  } finally {
    await table.close();
  }
}
