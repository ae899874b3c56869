/** What the page shows of a table: which rows in which order, a few of them at a time. */
import { rowNumberArray } from "../../columns/batch.js";
import type { ReadableTable } from "../../columns/table.js";
import { invalidArgument } from "../../errors.js";
import { readBatches } from "../../read/read-table.js";
import { RowList, type RowNumberList } from "./row-list.js";
import { SharedWork } from "./shared-work.js";
import { rowsByColumn } from "./sorted-rows.js";

/** Which rows, and in which order. */
export interface ViewChoice {
  /** PyTables condition; empty for all rows. */
  readonly query: string;
  /** Column that the rows are sorted by; empty for the table's order. */
  readonly sort: string;
  readonly descending: boolean;
}

/** Rows that one request gives at most. */
const MOST_ROWS = 500;
/** Views whose order is kept. */
const MOST_VIEWS = 4;

export class TableView {
  readonly table: ReadableTable;
  readonly #orders = new Map<string, SharedWork<RowNumberList | undefined>>();

  constructor(table: ReadableTable) {
    this.table = table;
  }

  /** Rows of a view. @throws ConditionError, ArgumentError, AbortError */
  async count(choice: ViewChoice, signal: AbortSignal): Promise<number> {
    return (await this.#order(choice, signal))?.length ?? this.table.rowCount;
  }

  /** Rows `start ..< stop` of a view, columns at positions: row numbers, and cells column by column. */
  async rows(choice: ViewChoice, start: number, stop: number, columns: readonly number[], signal: AbortSignal) {
    if (!(start >= 0 && stop >= start && stop - start <= MOST_ROWS))
      throw invalidArgument("give start and stop of at most 500 rows");
    const order = await this.#order(choice, signal);
    const end = Math.min(stop, order?.length ?? this.table.rowCount);
    const from = Math.min(start, end);
    if (order === undefined) {
      const batch = await this.table.read(columns, from, end);
      return { batch, numbers: rowNumberArray({ start: from, step: 1 }, end - from) };
    }
    const numbers = Float64Array.from(order.subarray(from, end));
    return { batch: await this.table.slice(columns, numbers), numbers };
  }

  /** Numbers of the rows in order; undefined for all in the table's order. Nobody waits for it any more: it is not gone on with. */
  #order(choice: ViewChoice, signal: AbortSignal): Promise<RowNumberList | undefined> {
    const key = JSON.stringify([choice.query, choice.sort, choice.descending]);
    const known = this.#orders.get(key) ?? new SharedWork((ending) => this.#find(choice, ending));
    this.#orders.delete(key);
    this.#orders.set(key, known);
    known.whenLost(() => {
      if (this.#orders.get(key) === known) this.#orders.delete(key);
    });
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > MOST_VIEWS) this.#orders.delete(oldest!);
    return known.wait(signal);
  }

  async #find({ query, sort, descending }: ViewChoice, signal: AbortSignal): Promise<RowNumberList | undefined> {
    const { table } = this;
    const { rowCount } = table;
    const where = query.trim() === "" ? {} : { query };
    const reading = { table, ...where, signal };
    if (sort !== "")
      return rowsByColumn(readBatches({ ...reading, columnNames: [sort] }), {
        name: sort,
        rowCount,
        isDescending: descending,
      });
    if (query.trim() === "") return undefined;
    const rows = new RowList(rowCount);
    const columnNames = table.fields.slice(0, 1).map(({ name }) => name);
    for await (const batch of readBatches({ ...reading, columnNames })) rows.add(batch);
    return rows.all();
  }
}
