/** What the page shows of a table: which rows in which order, a few of them at a time. */
import { rowNumberArray } from "../../columns/batch.js";
import type { ReadableTable } from "../../columns/table.js";
import { invalidArgument } from "../../errors.js";
import { readBatches } from "../../read/read-table.js";
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
  readonly #orders = new Map<string, Promise<Float64Array | undefined>>();

  constructor(table: ReadableTable) {
    this.table = table;
  }

  /** Rows of a view. @throws ConditionError, ArgumentError */
  async count(choice: ViewChoice): Promise<number> {
    return (await this.#order(choice))?.length ?? this.table.rowCount;
  }

  /** Rows `start ..< stop` of a view, columns at positions: row numbers, and cells column by column. */
  async rows(choice: ViewChoice, start: number, stop: number, columns: readonly number[]) {
    if (!(start >= 0 && stop >= start && stop - start <= MOST_ROWS))
      throw invalidArgument("give start and stop of at most 500 rows");
    const order = await this.#order(choice);
    const end = Math.min(stop, order?.length ?? this.table.rowCount);
    const from = Math.min(start, end);
    const batch = order
      ? await this.table.slice(columns, order.subarray(from, end))
      : await this.table.read(columns, from, end);
    return { batch, numbers: order ? order.subarray(from, end) : rowNumberArray({ start: from, step: 1 }, end - from) };
  }

  /** Numbers of the rows in order; undefined for all in the table's order. */
  #order(choice: ViewChoice): Promise<Float64Array | undefined> {
    const key = JSON.stringify([choice.query, choice.sort, choice.descending]);
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const found = this.#find(choice);
    this.#orders.set(key, found);
    found.catch(() => this.#orders.delete(key));
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > MOST_VIEWS) this.#orders.delete(oldest!);
    return found;
  }

  async #find({ query, sort, descending }: ViewChoice): Promise<Float64Array | undefined> {
    const { table } = this;
    const where = query.trim() === "" ? {} : { query };
    if (sort !== "") return rowsByColumn(readBatches({ table, columnNames: [sort], ...where }), descending);
    if (query.trim() === "") return undefined;
    const columnNames = table.fields.slice(0, 1).map(({ name }) => name);
    const parts: number[] = [];
    for await (const batch of readBatches({ table, columnNames, query })) {
      for (const number of rowNumberArray(batch.rowNumbers, batch.rowCount)) parts.push(number);
    }
    return Float64Array.from(parts);
  }
}
