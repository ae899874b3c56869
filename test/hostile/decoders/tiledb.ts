/** TileDB arrays: each of the files an array is made of. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTileDB } from "../../../src/write/index.js";
import { TileDBTable } from "../../../src/write/tiledb/array-table.js";
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
    return filesOf(array).map((path) => seedOf(array, path));
  },
};

/** Those that hold anything, in an order that does not change with their names, which are random. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => readFileSync(path).length > 0).sort();
}

function seedOf(array: string, path: string): Seed {
  const bytes = Uint8Array.from(readFileSync(path));
  const decode = async (damaged: Uint8Array) => {
    writeFileSync(path, damaged);
    try {
      await readArray(array);
    } finally {
      writeFileSync(path, bytes);
    }
  };
  return { bytes, decode };
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
