/** A whole CSV as plain values, one list a column, for tests. */
import type { ColumnBatch, ColumnData } from "../../../src/columns/batch.js";
import { type CsvInput, type OpenCsvOptions, openCsv } from "../../../src/formats/csv/index.js";

export type Cell = bigint | number | boolean | string;

export interface ReadCsv {
  readonly fields: readonly string[];
  readonly columns: readonly (readonly Cell[])[];
  readonly rowCount: number;
}

/** Fields read "name:Type" or "name:String(width)". */
export async function readAll(input: CsvInput, options: OpenCsvOptions = {}, rows = 7): Promise<ReadCsv> {
  const csv = await openCsv(input, options);
  try {
    const columns: Cell[][] = csv.fields.map(() => []);
    for await (const batch of csv.batches(rows)) addRows(columns, batch);
    const fields = csv.fields.map(({ name, type, size }) => `${name}:${type}${type === "String" ? `(${size})` : ""}`);
    return { fields, columns, rowCount: csv.rowCount };
  } finally {
    await csv.close();
  }
}

/** Reads text, or bytes, given in pieces of `piece` bytes. */
export function inPieces(content: string | Uint8Array, piece = 3): Uint8Array[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.slice(at, at + piece));
  return pieces;
}

function addRows(columns: Cell[][], batch: ColumnBatch): void {
  for (const [index, column] of batch.columns.entries()) {
    for (let row = 0; row < batch.rowCount; row++) columns[index]!.push(cellAt(column, row));
  }
}

export function cellAt(column: ColumnData, row: number): Cell {
  switch (column.kind) {
    case "bool":
      return column.values[row] === 1;
    case "string":
      return new TextDecoder().decode(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]));
    case "long":
    case "double":
      return column.values[row]!;
    default:
      throw new Error(`no cell of kind ${column.kind}`);
  }
}
