/** What a scan has parsed, kept as long as it stays within a limit, so that a small file is read only once. */
import type { ColumnBatch, ColumnData, ColumnField, ColumnKind } from "../batch.js";
import type { CellColumn } from "./cell-column.js";
import type { ColumnChunk } from "./scan-segment.js";

export class KeptChunks {
  /** Whether all rows so far are here. */
  complete = true;
  readonly #limit: number;
  readonly #chunks: ColumnChunk[] = [];
  #bytes = 0;

  /** @param limit bytes of column data */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(columns: readonly CellColumn[], rows: number): void {
    if (!this.complete) return;
    if (columns.some(({ lostText }) => lostText)) this.drop();
    else this.addChunk({ columns: columns.map((column) => column.take(rows)), rows });
  }

  addChunk(chunk: ColumnChunk): void {
    if (!this.complete) return;
    this.#bytes += chunk.columns.reduce((sum, column) => sum + heldBytes(column), 0);
    this.#chunks.push(chunk);
    if (this.#bytes > this.#limit) this.drop();
  }

  drop(): void {
    this.complete = false;
    this.#chunks.length = 0;
  }

  /** The chunks as batches of `fields`; each is let go of once it is taken if `once`. */
  *batches(fields: readonly ColumnField[], kinds: readonly ColumnKind[]): Generator<ColumnBatch, void, undefined> {
    let start = 0;
    for (const { columns, rows } of this.#chunks) {
      const converted = columns.map((column, index) => convert(column, kinds[index]!, rows));
      yield { fields, columns: converted, rowCount: rows, rowNumbers: { start, step: 1 } };
      start += rows;
    }
  }
}

function heldBytes(column: ColumnData | undefined): number {
  if (column === undefined || column.kind === "array" || column.kind === "mask") return 0;
  return column.kind === "string"
    ? column.offsets.buffer.byteLength + column.bytes.buffer.byteLength
    : column.values.buffer.byteLength;
}

/** A chunk's column as the kind that the whole file gave its column. */
function convert(column: ColumnData | undefined, kind: ColumnKind, rows: number): ColumnData {
  if (column === undefined) {
    return kind === "string"
      ? { kind: "string", offsets: new Int32Array(rows + 1), bytes: new Uint8Array(0) }
      : { kind: "double", values: new Float64Array(rows).fill(Number.NaN) };
  }
  if (column.kind === "long" && kind === "double")
    return { kind: "double", values: Float64Array.from(column.values, Number) };
  return column;
}
