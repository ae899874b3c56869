/** Some rows of a table: the first, the last, a random choice, or the first that meet a condition. */
import type { ColumnBatch } from "../../columns/batch.js";
import { rowNumberArray } from "../../columns/batch.js";
import { emptyBatch, takeRows } from "../../columns/batch-operations.js";
import { sampledRows } from "../../formats/frame/operations/sample.js";
import { openTableSource, type RowRange, readBatches, type TableSource } from "../../read/index.js";
import { selectedBatches } from "../../read/kept-batches.js";
import { select } from "../../read/plan/table-selection.js";
import { checkRead } from "../../read/read-table.js";

type Selection = Parameters<typeof readBatches>[0];

/** Batches of at most `count` rows, of those that are read; what comes after them is not asked for. */
export async function firstRows(selection: Selection, count: number): Promise<ColumnBatch[]> {
  const rows = selection.query === undefined ? (selection.rows ?? { start: 0, stop: count, step: 1 }) : undefined;
  const chunkSize = selection.chunkSize ?? (selection.query === undefined ? undefined : Math.max(count, 1));
  const taken: ColumnBatch[] = [];
  let missing = count;
  for await (const batch of readBatches({ ...selection, rows, chunkSize })) {
    taken.push(batch.rowCount > missing ? firstOf(batch, missing) : batch);
    missing -= batch.rowCount;
    if (missing <= 0) break;
  }
  return taken;
}

/** The first rows of a batch. */
export function firstOf(batch: ColumnBatch, count: number): ColumnBatch {
  const positions = Int32Array.from({ length: count }, (_, position) => position);
  return takeRows(batch, positions, rowNumberArray(batch.rowNumbers, batch.rowCount).slice(0, count));
}

/** The last rows; of those that meet a condition where there is one. */
export async function lastRows(selection: Selection, count: number): Promise<ColumnBatch[]> {
  return chosenRows(selection, (rows) => rows.slice(Math.max(0, rows.length - count)));
}

/** Rows chosen at random, in table order; the same for the same seed. */
export async function randomRows(selection: Selection, count: number, seed: number): Promise<ColumnBatch[]> {
  return chosenRows(selection, (rows) => {
    if (rows.length <= count) return rows;
    return Float64Array.from(sampledRows(rows.length, count, seed), (position) => rows.at(position)).sort();
  });
}

/** Numbers of rows, held in full only where a condition chooses them. */
interface Rows {
  readonly length: number;
  at(position: number): number;
  slice(start: number): Float64Array;
}

type Chosen = Float64Array | Rows;

async function chosenRows(selection: Selection, choose: (rows: Rows) => Chosen): Promise<ColumnBatch[]> {
  const { query, columnNames, chunkSize, rows: range, signal } = selection;
  const source = await openTableSource(sourceOf(selection));
  try {
    const { rowCount, fields } = source.table;
    const chosen = choose(query === undefined ? numbered(range, rowCount) : await hitsOf(source, selection));
    const rows = chosen instanceof Float64Array ? chosen : chosen.slice(0);
    if (rows.length === 0) return [emptyBatch(fields.filter(({ name }) => columnNames?.includes(name) ?? true))];
    const taken: ColumnBatch[] = [];
    for await (const batch of partOf(source, { columnNames, rows, chunkSize, signal })) taken.push(batch);
    return taken;
  } finally {
    await source.close();
  }
}

/** Some of a table that is open, by the way that was asked for. */
function partOf({ table, routes }: TableSource, part: Selection): AsyncIterable<ColumnBatch> {
  return selectedBatches(select(table, checkRead(part)), routes, {});
}

function sourceOf(selection: Selection) {
  const { query, variables, columnNames, rows, chunkSize, onProgress, store, ...source } = selection;
  return source;
}

async function hitsOf(source: TableSource, { query, variables, signal }: Selection): Promise<Rows> {
  const parts: Float64Array[] = [];
  const columnNames = source.table.fields.slice(0, 1).map(({ name }) => name);
  for await (const batch of partOf(source, { query, variables, columnNames, signal })) {
    parts.push(rowNumberArray(batch.rowNumbers, batch.rowCount));
  }
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return { length: all.length, at: (position) => all[position]!, slice: (start) => all.slice(start) };
}

/** The rows of a range, all without one. */
function numbered(range: Selection["rows"], rowCount: number): Rows {
  const { start, stop, step } = { start: 0, stop: rowCount, step: 1, ...(range as Partial<RowRange> | undefined) };
  const length = Math.max(0, Math.ceil((Math.min(stop, rowCount) - start) / step));
  const at = (position: number) => start + position * step;
  return {
    length,
    at,
    slice: (first) => Float64Array.from({ length: length - first }, (_, index) => at(first + index)),
  };
}
