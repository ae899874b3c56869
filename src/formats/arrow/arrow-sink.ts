import type * as Arrow from "apache-arrow";
import type { ColumnBatch } from "../../columns/batch.js";
import { DataError } from "../../errors.js";
import { checkOptions } from "../../flow/options.js";
import type { RowStream, Sink } from "../format.js";
import { ARROW_OPTIONS, type ArrowOptions, arrowSchema, toRecordBatch } from "./arrow.js";

/** Rows as an Arrow table in memory. Each batch becomes a record batch that keeps the batch's memory. */
export class ArrowSink implements Sink<Arrow.Table> {
  readonly #rowNumbers: boolean;

  constructor({ rowNumbers = false }: Pick<ArrowOptions, "rowNumbers"> = {}) {
    this.#rowNumbers = rowNumbers;
  }

  /** The metadata are fetched while the first batch is on its way. */
  async write({ batches, metadata }: Pick<RowStream, "batches" | "metadata">): Promise<Arrow.Table> {
    const iterator = batches[Symbol.asyncIterator]();
    try {
      const [arrow, first, entries] = await Promise.all([import("apache-arrow"), iterator.next(), metadata?.()]);
      if (first.done === true) throw new DataError("INVALID_SCHEMA", "There is no batch, so there are no columns");
      const schema = arrowSchema(arrow, first.value.fields, { rowNumbers: this.#rowNumbers, metadata: entries });
      const recordBatches: Arrow.RecordBatch[] = [];
      for (let next: IteratorResult<ColumnBatch> = first; next.done !== true; next = await iterator.next()) {
        recordBatches.push(toRecordBatch(arrow, schema, next.value, this.#rowNumbers));
      }
      return new arrow.Table(schema, recordBatches);
    } finally {
      await iterator.return?.();
    }
  }

  async close(): Promise<void> {}
}

/**
 * An Arrow table of batches, at least one. Ids and Long are Int64, Double is Float64 (NaN stays NaN), text is Utf8, arrays
 * are FixedSizeList, masks Struct.
 *
 * @example
 * ```ts
 * const arrow = await toArrowTable(readBatches({ connection, fileId: 10 }), { rowNumbers: true });
 * ```
 */
export async function toArrowTable(batches: RowStream["batches"], options: ArrowOptions = {}): Promise<Arrow.Table> {
  checkOptions(options, ARROW_OPTIONS, "toArrowTable");
  const { rowNumbers, metadata } = options;
  return new ArrowSink({ rowNumbers }).write({ batches, metadata: metadata && (async () => metadata) });
}
