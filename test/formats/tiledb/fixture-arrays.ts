/** Arrays that TileDB-Py made (`make-fixtures.py`), and what its engine reads of them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { ColumnBatch } from "../../../src/columns/batch.js";
import { type Cell, cellsOf } from "../../support/cells.js";

export type JsonCell = string | number | boolean | JsonCell[];

/** What the engine reads: integers as text, and of the doubles those that JSON cannot tell. */
export interface StoredArray {
  readonly names: readonly string[];
  /** Row numbers. */
  readonly rows: readonly string[];
  /** By column. */
  readonly cells: readonly (readonly JsonCell[])[];
}

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

export const STORED: Readonly<Record<string, StoredArray>> = JSON.parse(
  readFileSync(join(fixtures, "fixtures.json"), "utf8"),
);

/** A folder that vanishes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tiledb-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The files of a fixture, by their paths in the array. */
export function fixtureFiles(name: string): Map<string, Buffer> {
  const packed = gunzipSync(readFileSync(join(fixtures, `${name}.json.gz`))).toString();
  const files = Object.entries(JSON.parse(packed) as Record<string, string>);
  return new Map(files.map(([path, base64]) => [path, Buffer.from(base64, "base64")]));
}

/** A copy of a fixture. */
export function fixtureArray(name: string): string {
  return writeFiles(fixtureFiles(name), join(temporaryFolder(), name));
}

export function writeFiles(files: ReadonlyMap<string, Uint8Array>, array: string): string {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(array, path)), { recursive: true });
    writeFileSync(join(array, path), bytes);
  }
  return array;
}

/** Cells as {@link StoredArray} has them. */
export function jsonCells(batch: ColumnBatch): JsonCell[][] {
  return cellsOf(batch).map((column) => column.map(jsonCell));
}

function jsonCell(cell: Cell | number | bigint): JsonCell {
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : String(cell);
  return Array.isArray(cell) ? cell.map(jsonCell) : (cell as string | boolean);
}
