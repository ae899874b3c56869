/**
 * Batches as a danfojs DataFrame.
 *
 * danfojs keeps a frame's values twice, by row and by column. The columns are given to it here; the rows are made of
 * them when something asks for rows first (`values`, `iloc`, `print` and most methods do, `frame["column"]` does not),
 * which keeps a table that is only used by column at half the memory and a fraction of the time.
 */
import type { DataFrame } from "danfojs-node";
import { type ColumnBatch, rowNumberAt } from "../../columns/batch.js";
import { checkOptions } from "../../flow/options.js";
import type { Danfojs } from "./danfojs.js";
import { type FrameCell, FrameColumn, type Int64Option, newCells } from "./frame-column.js";

/** What danfojs keeps in a frame; its types call these protected. */
interface FrameFields {
  $data: FrameCell[][];
  $dataIncolumnFormat: FrameCell[][];
  $index: (number | string)[];
  $columns: string[];
  $dtypes: string[];
  $setInternalColumnDataProperty(column: string): void;
  $getColumnData(column: string, returnSeries?: boolean): unknown;
}

export interface FrameOptions {
  readonly int64?: Int64Option | undefined;
  /** Rows the batches have together, where known: room for them is made at once. */
  readonly rowCount?: number | undefined;
}

/**
 * A DataFrame of batches, at least one; its index holds the rows' numbers, which must differ. `danfojs` is not awaited
 * before the batches have come.
 *
 * @example
 * ```ts
 * const frame = await toDataFrame(danfojs, readBatches({ connection, fileId: 10 }));
 * ```
 */
export async function toDataFrame(
  danfojs: Danfojs | Promise<Danfojs>,
  batches: AsyncIterable<ColumnBatch>,
  options: FrameOptions = {},
): Promise<DataFrame> {
  checkOptions(options, { int64: true, rowCount: true }, "toDataFrame");
  const { int64 = "number", rowCount } = options;
  if (rowCount === undefined) {
    const collected = await collect(batches);
    return frameOf(danfojs, collected.batches, int64, collected.rowCount);
  }
  return frameOf(danfojs, batches, int64, rowCount);
}

async function collect(source: AsyncIterable<ColumnBatch>): Promise<{ batches: ColumnBatch[]; rowCount: number }> {
  const batches: ColumnBatch[] = [];
  for await (const batch of source) batches.push(batch);
  return { batches, rowCount: batches.reduce((sum, batch) => sum + batch.rowCount, 0) };
}

async function frameOf(
  danfojs: Danfojs | Promise<Danfojs>,
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  int64: Int64Option,
  rowCount: number,
): Promise<DataFrame> {
  let columns: FrameColumn[] | undefined;
  const index = newCells<number>(rowCount, undefined);
  let filled = 0;
  for await (const batch of batches) {
    columns ??= batch.fields.map((field) => new FrameColumn(field, rowCount, int64));
    for (const [at, column] of columns.entries()) column.append(batch.columns[at]!, batch.rowNumbers);
    for (let row = 0; row < batch.rowCount; row++) index[filled + row] = rowNumberAt(batch.rowNumbers, row);
    filled += batch.rowCount;
  }
  return buildFrame(await danfojs, columns!, index);
}

function buildFrame(danfojs: Danfojs, columns: readonly FrameColumn[], index: number[]): DataFrame {
  const frame = new danfojs.DataFrame([]);
  const fields = frame as unknown as FrameFields;
  fields.$columns = columns.map(({ field }) => field.name);
  fields.$dtypes = columns.map(({ type }) => type);
  fields.$index = index;
  fields.$dataIncolumnFormat = columns.map(({ values }) => values);
  if (index.length > 0) makeRowsWhenAsked(frame, fields.$dataIncolumnFormat, index.length);
  if (columns.some(({ holdsObjects }) => holdsObjects)) allowObjectSeries(danfojs, frame, columns);
  for (const name of fields.$columns) {
    if (!hidesFrame(frame, name)) fields.$setInternalColumnDataProperty(name);
  }
  return frame;
}

/** `frame["index"]` and the like stay what danfojs means by them; such a column is reached by `frame.column(name)`. */
function hidesFrame(frame: DataFrame, name: string): boolean {
  if (Object.hasOwn(frame, name)) return true;
  for (let prototype = Object.getPrototypeOf(frame); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (property) return property.get !== undefined || name === "constructor";
  }
  return false;
}

function makeRowsWhenAsked(frame: DataFrame, columns: readonly FrameCell[][], rowCount: number): void {
  const settle = (rows: FrameCell[][]) => {
    Object.defineProperty(frame, "$data", { value: rows, writable: true, enumerable: true, configurable: true });
    Reflect.deleteProperty(frame, "shape");
    return rows;
  };
  const shape = () => [rowCount, columns.length];
  Object.defineProperty(frame, "shape", { get: shape, configurable: true });
  Object.defineProperty(frame, "$data", {
    get: () => settle(rowsOf(columns, rowCount)),
    set: settle,
    enumerable: true,
    configurable: true,
  });
}

/** One array a row. Copying a row of the right kinds is the quickest way to an array of the right size. */
function rowsOf(columns: readonly FrameCell[][], rowCount: number): FrameCell[][] {
  const model = columns.map((column): FrameCell => (typeof column[0] === "number" ? 0.5 : column[0]!));
  const rows: FrameCell[][] = [];
  for (let index = 0; index < rowCount; index++) {
    const row = model.slice();
    for (let at = 0; at < columns.length; at++) row[at] = columns[at]![index]!;
    rows.push(row);
  }
  return rows;
}

/**
 * When it makes a Series, danfojs takes bigints for an unknown file format and turns arrays into text; the values are put
 * in afterwards.
 */
function allowObjectSeries(danfojs: Danfojs, frame: DataFrame, columns: readonly FrameColumn[]): void {
  const fields = frame as unknown as FrameFields;
  const ordinary = fields.$getColumnData.bind(frame);
  const names = new Set(columns.filter((column) => column.holdsObjects).map(({ field }) => field.name));
  const getColumnData = (name: string, returnSeries = true) => {
    const values = fields.$dataIncolumnFormat[fields.$columns.indexOf(name)];
    if (!returnSeries || !names.has(name) || !isObject(values?.[0])) return ordinary(name, returnSeries);
    const series = new danfojs.Series([], { columns: [name], dtypes: ["string"] });
    return Object.assign(series, { $data: values, $dataIncolumnFormat: values, $index: [...fields.$index] });
  };
  Object.defineProperty(frame, "$getColumnData", { value: getColumnData, writable: true, configurable: true });
}

function isObject(value: unknown): boolean {
  return typeof value === "bigint" || typeof value === "object";
}
