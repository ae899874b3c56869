/** OMERO.tables files: those that omero-py and PyTables made. */
import { readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { ReadableTable } from "../../../src/columns/table.js";
import { openHdf5Table } from "../../../src/formats/hdf5/index.js";
import { checkBatch } from "../../support/check-batch.js";
import type { Decoder, Seed } from "../decoder.js";
import { scratchPath } from "../scratch.js";

const FIXTURES = new URL("../../formats/hdf5/fixtures/", import.meta.url);
/** Where the structures of a file are; what follows is content, mostly zeros. */
const HEAD = 14_000;
/** Bytes up to which a file is damaged all over. */
const SMALL = 100_000;

const fixture = (name: string) => Uint8Array.from(gunzipSync(readFileSync(new URL(`${name}.h5.gz`, FIXTURES))));

function seedsOf(names: readonly string[], decode: Seed["decode"]): Seed[] {
  return names.map((name) => {
    const bytes = fixture(name);
    return {
      bytes,
      head: bytes.length < SMALL ? bytes.length : HEAD,
      decode,
      ...(REFUSED[name] && { refused: REFUSED[name] }),
    };
  });
}

/** OMERO.tables keeps no lists in metadata; the bits of several masks in one file cannot be told apart. */
const REFUSED: Record<string, string> = { "odd-metadata": "UNSUPPORTED_TYPE", "two-masks": "UNSUPPORTED_TYPE" };
const FILES = [
  "all-filters",
  "checksums",
  "compressed",
  "edited-metadata",
  "every-type",
  "many-columns",
  "no-rows",
  "odd-metadata",
  "two-masks",
  "user-block",
];

/** Given open. */
export const hdf5: Decoder = {
  name: "HDF5 files",
  share: 5,
  memory: { free: 32 << 20 },
  seeds: () => seedsOf(FILES, readFileDirectly),
};

/** By their path, as users name them. */
export const hdf5Path: Decoder = {
  name: "HDF5 files, by path",
  share: 0.5,
  memory: { free: 32 << 20 },
  seeds: () => seedsOf(FILES, readFileByPath),
};

async function readFileDirectly(bytes: Uint8Array): Promise<void> {
  const path = scratchPath("table.h5");
  writeFileSync(path, bytes);
  await using file = await open(path);
  await readThrough(await openHdf5Table(file));
}

async function readFileByPath(bytes: Uint8Array): Promise<void> {
  const path = scratchPath("table.h5");
  writeFileSync(path, bytes);
  await readThrough(await openHdf5Table(path));
}

async function readThrough(table: ReadableTable): Promise<void> {
  try {
    const { fields, rowCount } = table;
    const all = fields.map((_, index) => index);
    for (let start = 0; start < Math.min(rowCount, 10_000); start += 5000) {
      checkBatch(await table.read(all, start, Math.min(rowCount, start + 5000)));
    }
    const last = Float64Array.of(Math.max(0, rowCount - 1));
    if (rowCount > 0) checkBatch(await table.slice(all, last));
    await table.getAllMetadata();
  } finally {
    await table.close();
  }
}
