/**
 * Batches as a DataFrame.
 *
 * danfojs keeps a frame's values twice, by row and by column. The columns are given to it here; the rows are made of
 * them when something asks for rows first (`values`, and methods that danfojs has and this package has not), which keeps a
 * table that is only used by column at half the memory and a fraction of the time.
 */
import { type ColumnBatch, rowNumberAt } from "../../columns/batch.js";
import { awaitedLater } from "../../flow/failures.js";
import { checkOptions } from "../../flow/options.js";
import type { RowStream, Sink } from "../format.js";
import { Cells } from "./cells/cells.js";
import { GrowingNumbers } from "./cells/growing-numbers.js";
import { loadDanfojs } from "./danfojs/danfojs.js";
import type { Danfojs } from "./danfojs/frame-base.js";
import { FrameColumn, type Int64Option } from "./frame-column.js";
import { newFrame } from "./frame-content.js";
import type { DataFrame } from "./types/data-frame.js";

/** How batches become a frame. */
export interface FrameOptions {
  /** How ids and Long values appear: as numbers (default), where one beyond 2^53 - 1 is an error, or as bigints. */
  readonly int64?: Int64Option | undefined;
  /** Rows the batches have together, where known: room for them is made at once. */
  readonly rowCount?: number | undefined;
  /** The danfojs whose frame it is. Default: the package danfojs-node if it is installed, else that of this package. */
  readonly danfojs?: object | Promise<object> | undefined;
}

/**
 * A DataFrame of batches, at least one; its index holds the rows' numbers, which must differ.
 * @throws DataError `UNSAFE_INTEGER` with `column` and `row`
 *
 * @example
 * ```ts
 * const frame = await toDataFrame(readBatches({ connection, fileId: 10 }));
 * ```
 */
export async function toDataFrame(batches: AsyncIterable<ColumnBatch>, options: FrameOptions = {}): Promise<DataFrame> {
  checkOptions(options, { int64: true, rowCount: true, danfojs: true }, "toDataFrame");
  const { rowCount, ...rest } = options;
  return new FrameSink(rest).write({ batches, rowCount });
}

/** Rows as a DataFrame. */
export class FrameSink implements Sink<DataFrame> {
  readonly #int64: Int64Option;
  readonly #danfojs: object | Promise<object>;

  constructor({ int64 = "number", danfojs = loadDanfojs() }: Omit<FrameOptions, "rowCount"> = {}) {
    this.#int64 = int64;
    this.#danfojs = danfojs;
    if (danfojs instanceof Promise) awaitedLater(danfojs);
  }

  async write({ batches, rowCount }: Pick<RowStream, "batches" | "rowCount">): Promise<DataFrame> {
    const collected = rowCount === undefined ? await collect(batches) : { batches, rowCount };
    const { columns, index } = await fill(collected.batches, this.#int64, collected.rowCount);
    const [danfojs, { frameClass }] = await Promise.all([this.#danfojs, import("./frame-class.js")]);
    const Frame = frameClass(danfojs as Danfojs);
    return newFrame(Frame, { columns: columns.map((column) => column.namedCells), index }) as unknown as DataFrame;
  }

  async close(): Promise<void> {}
}

async function collect(source: AsyncIterable<ColumnBatch>): Promise<{ batches: ColumnBatch[]; rowCount: number }> {
  const batches: ColumnBatch[] = [];
  for await (const batch of source) batches.push(batch);
  return { batches, rowCount: batches.reduce((sum, batch) => sum + batch.rowCount, 0) };
}

async function fill(
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  int64: Int64Option,
  rowCount: number,
): Promise<{ columns: readonly FrameColumn[]; index: Cells }> {
  let columns: FrameColumn[] | undefined;
  const index = new GrowingNumbers(rowCount);
  for await (const batch of batches) {
    columns ??= batch.fields.map((field) => new FrameColumn(field, rowCount, int64));
    for (const [at, column] of columns.entries()) column.append(batch.columns[at]!, batch.rowNumbers);
    const labels = index.next(batch.rowCount);
    for (let row = 0; row < labels.length; row++) labels[row] = rowNumberAt(batch.rowNumbers, row);
  }
  return { columns: columns!, index: Cells.ofNumbers(index.all) };
}
