/** What a scan has parsed, kept so that the file is read only once: in memory up to a limit, then in a temporary file. */
import type { ColumnBatch, ColumnData, ColumnField, ColumnKind } from "../../../columns/batch.js";
import { Spool } from "../../../flow/files/spool.js";
import { type CellColumn, NO_ID } from "./cell-column.js";

interface ColumnChunk {
  /** Undefined where a column has shown no value. */
  readonly columns: readonly (ColumnData | undefined)[];
  readonly rows: number;
}

export class KeptChunks {
  /** Whether all rows so far are here. */
  complete: boolean;
  readonly #limit: number;
  readonly #chunks: ColumnChunk[] = [];
  readonly #spool = new Spool<ColumnChunk>(0);
  #spooling: Promise<void> = Promise.resolve();
  #bytes = 0;

  /** @param limit bytes of column data in memory; with 0 nothing is kept */
  constructor(limit: number) {
    this.#limit = limit;
    this.complete = limit > 0;
  }

  add(columns: readonly CellColumn[], rows: number): void {
    if (!this.complete) return;
    if (columns.some(({ lostValues }) => lostValues)) this.#stopKeeping();
    else this.#keep({ columns: columns.map((column) => column.take(rows)), rows });
  }

  #keep(chunk: ColumnChunk): void {
    this.#bytes += chunk.columns.reduce((sum, column) => sum + heldBytes(column), 0);
    if (this.#bytes <= this.#limit) this.#chunks.push(chunk);
    else this.#spooling = this.#spooling.then(() => this.#spool.append(chunk)).catch(() => this.#stopKeeping());
  }

  /** Resolves when memory holds no more than it should. */
  settled(): Promise<void> {
    return this.#spooling;
  }

  /** Lets go of everything. Never throws; safe to call twice. */
  async drop(): Promise<void> {
    this.#stopKeeping();
    await this.#spooling;
    await this.#spool.close();
  }

  /** Keeps nothing, so that the rows must be read again. */
  forget(): void {
    this.#stopKeeping();
  }

  #stopKeeping(): void {
    this.complete = false;
    this.#chunks.length = 0;
  }

  /** The chunks as batches of `fields`, which stand at `positions` in them. */
  async *batches(
    fields: readonly ColumnField[],
    kinds: readonly ColumnKind[],
    positions: readonly number[],
  ): AsyncGenerator<ColumnBatch, void, undefined> {
    let start = 0;
    for await (const { columns, rows } of this.#all()) {
      const converted = positions.map((position, index) => convert(columns[position], kinds[index]!, rows));
      yield { fields, columns: converted, rowCount: rows, rowNumbers: { start, step: 1 } };
      start += rows;
    }
  }

  async *#all(): AsyncGenerator<ColumnChunk, void, undefined> {
    yield* this.#chunks;
    yield* this.#spool.items();
  }
}

function heldBytes(column: ColumnData | undefined): number {
  if (column === undefined || column.kind === "array" || column.kind === "mask") return 0;
  return column.kind === "string"
    ? column.offsets.buffer.byteLength + column.bytes.buffer.byteLength
    : column.values.buffer.byteLength;
}

function missingColumn(kind: ColumnKind, rows: number): ColumnData {
  if (kind === "string") return { kind, offsets: new Int32Array(rows + 1), bytes: new Uint8Array(0) };
  if (kind === "long") return { kind, values: new BigInt64Array(rows).fill(NO_ID) };
  return { kind: "double", values: new Float64Array(rows).fill(Number.NaN) };
}

/** A chunk's column as the kind that the whole file gave its column. */
function convert(column: ColumnData | undefined, kind: ColumnKind, rows: number): ColumnData {
  if (column === undefined) return missingColumn(kind, rows);
  if (column.kind === "long" && kind === "double")
    return { kind: "double", values: Float64Array.from(column.values, Number) };
  return column;
}
