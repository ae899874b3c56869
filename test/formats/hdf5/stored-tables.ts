/** Tables as `hdfstorage.py` tells them in JSON, and files that omero-py and PyTables made (`make-fixtures.py`). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { ColumnBatch, ColumnField, RowNumbers } from "../../../src/columns/batch.js";
import { Hdf5Table } from "../../../src/formats/hdf5/hdf5-table.js";
import type { TableFile } from "../../../src/formats/hdf5/table-file.js";
import { batchOf, type Cell, cellsOf, type MaskCell } from "../../support/cells.js";
import { LibraryTableFile } from "./library/library-table-file.js";

export type JsonCell = string | number | boolean | JsonCell[];
export type JsonMetadata = Record<string, { int: string } | { float: number | string } | { text: string }>;
export interface StoredTableJson {
  fields: ColumnField[];
  rowCount: number;
  /** By column. Empty where there are no rows. */
  cells: JsonCell[][];
  metadata: JsonMetadata;
}

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url));

/** What the fixtures hold, by name. */
export const STORED: Record<string, StoredTableJson> = JSON.parse(
  readFileSync(join(fixtures, "fixtures.json"), "utf8"),
);

/** A directory that vanishes with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "hdf5-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A copy of a fixture. */
export function fixtureFile(name: string): string {
  const path = join(temporaryDirectory(), `${name}.h5`);
  writeFileSync(path, fixtureBytes(name));
  return path;
}

export function fixtureBytes(name: string): Uint8Array {
  return Uint8Array.from(gunzipSync(readFileSync(join(fixtures, `${name}.h5.gz`))));
}

/** Opens a file through the HDF5 library, whatever its layout. */
export async function openThroughLibrary(path: string): Promise<Hdf5Table> {
  const file = (await LibraryTableFile.open(path)) as unknown as TableFile;
  try {
    return new Hdf5Table({ path, file, writable: false });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Everything in a table. */
export async function describeTable(table: Hdf5Table): Promise<StoredTableJson> {
  const { fields, rowCount } = table;
  const batch = await table.read(
    fields.map((_, index) => index),
    0,
    rowCount,
  );
  const metadata = Object.fromEntries(
    Array.from(await table.getAllMetadata(), ([key, value]) => [key, metadataJson(value)]),
  );
  return { fields: [...fields], rowCount, cells: rowCount === 0 ? [] : cellsJson(batch), metadata };
}

function metadataJson(value: bigint | number | string) {
  if (typeof value === "bigint") return { int: String(value) };
  return typeof value === "number" ? { float: value } : { text: value };
}

export function cellsJson(batch: ColumnBatch): JsonCell[][] {
  return cellsOf(batch).map((cells) => cells.map(cellJson));
}

function cellJson(cell: Cell | number): JsonCell {
  if (typeof cell === "bigint") return String(cell);
  if (typeof cell === "number") return Number.isFinite(cell) && !Object.is(cell, -0) ? cell : numberText(cell);
  if (Array.isArray(cell)) return cell.map(cellJson);
  if (typeof cell !== "object") return cell;
  const { imageId, theZ, theT, x, y, w, h, bytes } = cell;
  return [String(imageId), theZ, theT, x, y, w, h, [...bytes]];
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A batch of cells as in JSON. */
export function batchFromJson(
  fields: readonly ColumnField[],
  cells: readonly (readonly JsonCell[])[],
  rowNumbers?: RowNumbers,
): ColumnBatch {
  const values = fields.map((field, index) => cells[index]!.map((cell) => cellFromJson(field, cell)));
  return batchOf(fields, values, rowNumbers);
}

function cellFromJson({ type }: ColumnField, cell: JsonCell): Cell {
  switch (type) {
    case "Bool":
      return cell as boolean;
    case "String":
      return cell as string;
    case "Double":
      return Number(cell);
    case "FloatArray":
    case "DoubleArray":
      return (cell as JsonCell[]).map(Number);
    case "LongArray":
      return (cell as string[]).map(BigInt);
    case "Mask":
      return maskFromJson(cell as [string, ...JsonCell[]]);
    default:
      return BigInt(cell as string);
  }
}

function maskFromJson([imageId, theZ, theT, x, y, w, h, bytes]: [string, ...JsonCell[]]): MaskCell {
  const [z, t, left, top, width, height] = [theZ, theT, x, y, w, h].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { imageId: BigInt(imageId), theZ: z, theT: t, x: left, y: top, w: width, h: height, bytes: bytes as number[] };
}
