/**
 * Notices that others change a table while it is read. A server may say so by itself, but those of today do not: then what can
 * be compared is compared.
 *
 * - A row that was found by a condition must meet it as it came.
 * - Of rows that came by several requests, a sample must be shown by the service in the end as it came.
 * - Number of rows, and what the server has noted of the file, must be in the end what they were in the beginning: size and
 *   checksum, and the event in which it did so, as it does whenever somebody closes the table after a change.
 */
import { type ColumnBatch, rowNumberAt } from "../../columns/batch.js";
import { takeRows } from "../../columns/batch-operations.js";
import { differingColumn } from "../../columns/differing-column.js";
import { isShared, type ReadableTable, type SharedTable, type TableState } from "../../columns/table.js";
import { TableError } from "../../errors.js";
import { compileCondition } from "../../query/index.js";
import { type SearchCondition, searchSpan } from "../plan/row-search.js";
import { SAMPLE_ROWS } from "../plan/service-comparison.js";
import type { TableSelection } from "../plan/table-selection.js";
import { RowSample } from "./row-sample.js";

type Evaluate = (batch: ColumnBatch) => Uint8Array;

export class ChangeWatch {
  readonly #table: SharedTable;
  readonly #selection: TableSelection;
  readonly #opened: TableState | undefined;
  readonly #conditions: readonly Evaluate[];
  #sample: RowSample | undefined;

  /** The watch for a table that others can change; undefined for others. */
  static of(table: ReadableTable, selection: TableSelection): ChangeWatch | undefined {
    return isShared(table) ? new ChangeWatch(table, selection) : undefined;
  }

  private constructor(table: SharedTable, selection: TableSelection) {
    this.#table = table;
    this.#selection = selection;
    this.#opened = table.openedState;
    this.#conditions = conditionsOf(table, selection);
  }

  /** Tables that answer each for itself. */
  get partCount(): number {
    return this.#table.partCount ?? 1;
  }

  /** Has a sample of the rows compared in the end: they come by the service, request by request. */
  sampleRows(rowsExpected: number): void {
    this.#sample = new RowSample(SAMPLE_ROWS, rowsExpected);
  }

  /** @throws TableError `TABLE_CHANGED` for rows that do not meet the condition by which they were found */
  async take(batch: ColumnBatch, signal: AbortSignal | undefined): Promise<void> {
    this.#sample?.take(batch);
    const failing = this.#failing(batch);
    if (failing.length > 0) await this.#checkFailing(batch, failing, signal);
  }

  /**
   * Compares what can be compared in the end, by calls that are in flight at the same time.
   * @param answers by how many requests rows came: those of one are of one state, and are not asked for again
   * @throws TableError `TABLE_CHANGED`
   */
  async check(answers: number, signal: AbortSignal | undefined): Promise<void> {
    await Promise.all([answers > 1 ? this.#checkSample(signal) : undefined, this.#checkState(signal)]);
  }

  async #checkState(signal: AbortSignal | undefined): Promise<void> {
    const before = this.#opened;
    if (before === undefined) return;
    const now = await this.#stateNow(signal);
    const difference = differenceOf(before, now);
    if (difference !== undefined) throw this.#changed(difference);
  }

  async #stateNow(signal: AbortSignal | undefined): Promise<TableState> {
    try {
      return await this.#table.readState({ signal });
    } catch (cause) {
      if (cause instanceof TableError && cause.code === "NOT_FOUND") throw this.#changed("it was removed", cause);
      throw cause;
    }
  }

  async #checkSample(signal: AbortSignal | undefined): Promise<void> {
    const rows = this.#sample?.rows;
    if (rows === undefined) return;
    const shown = await this.#table.slice(this.#selection.readColumns, rows.rowNumbers, { signal });
    const column = differingColumn(rows, shown);
    if (column !== undefined) throw this.#changed(`values of column "${column}" are others now`);
  }

  /** Positions of rows that meet none of the conditions. */
  #failing(batch: ColumnBatch): Int32Array {
    const [first, ...others] = this.#conditions;
    if (first === undefined) return new Int32Array(0);
    let failing = positionsOfZeros(first(batch));
    for (const other of others) {
      if (failing.length === 0) break;
      const mask = other(batch);
      failing = failing.filter((row) => mask[row] === 0);
    }
    return failing;
  }

  /**
   * Where the server's processor or library computes otherwise than this one, a row may meet a condition there alone: then the
   * server finds it again, and shows it as it came.
   */
  async #checkFailing(batch: ColumnBatch, failing: Int32Array, signal: AbortSignal | undefined): Promise<void> {
    const numbers = Float64Array.from(failing, (position) => rowNumberAt(batch.rowNumbers, position));
    const span = { start: numbers[0]!, stop: numbers.at(-1)! + 1, step: 1 };
    const found = new Set(await searchSpan(this.#table, this.#selection.rows as SearchCondition, span, signal));
    const missing = numbers.find((row) => !found.has(row));
    const some = failing.subarray(0, SAMPLE_ROWS);
    const kept = takeRows(batch, some, numbers.subarray(0, SAMPLE_ROWS));
    const shown = await this.#table.slice(this.#selection.readColumns, numbers.subarray(0, SAMPLE_ROWS), { signal });
    if (missing === undefined && differingColumn(kept, shown) === undefined) return;
    throw this.#changed(`row ${missing ?? numbers[0]} does not meet the condition by which it was found`);
  }

  #changed(how: string, cause?: unknown): TableError {
    const text = `the table was changed by someone else while it was read: ${how}. Read it again from the beginning`;
    return new TableError("TABLE_CHANGED", text, { cause });
  }
}

/** Empty where rows are not found by a condition, or by one that only a server can apply. */
function conditionsOf({ fields }: ReadableTable, { rows }: TableSelection): readonly Evaluate[] {
  if (!("condition" in rows)) return [];
  if (rows.membership !== undefined) return [oneOf(fields[rows.membership.position]!.name, rows.membership.values)];
  try {
    const all = [rows, ...(rows.others ?? [])];
    return all.map(({ condition, variables }) => compileCondition(condition, fields, variables).evaluate);
  } catch {
    return [];
  }
}

function positionsOfZeros(mask: Uint8Array): Int32Array {
  const positions: number[] = [];
  for (let at = mask.indexOf(0); at >= 0; at = mask.indexOf(0, at + 1)) positions.push(at);
  return Int32Array.from(positions);
}

/** Whether a column of numbers holds one of them. */
function oneOf(name: string, values: ReadonlySet<bigint>): Evaluate {
  return ({ fields, columns, rowCount }) => {
    const column = columns[fields.findIndex((field) => field.name === name)];
    if (column?.kind !== "long") return new Uint8Array(rowCount).fill(1);
    return Uint8Array.from(column.values, (value) => (values.has(value) ? 1 : 0));
  };
}

function differenceOf(before: TableState, now: TableState): string | undefined {
  if (now.rowCount !== before.rowCount) return `it had ${before.rowCount} rows and has ${now.rowCount}`;
  if (now.size !== before.size) return "the size of its file has changed";
  if (now.sha1 !== before.sha1) return "the checksum of its file has changed";
  return now.updateEventId === before.updateEventId ? undefined : "its file has been saved anew";
}
