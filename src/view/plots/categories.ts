/** Columns whose values tell rows of several kinds apart. */
import type { ColumnData } from "../../columns/batch.js";
import { invalidArgument } from "../../errors.js";
import { TextReader } from "../summaries/text-reader.js";

/** Categories that are told apart; rows of others are counted only. */
const MOST_CATEGORIES = 30;

/** Names of categories in a column, which may come in many batches. */
export class CategoryNames {
  readonly #texts = new TextReader();

  /** The name for each row; the same for all where there is no column. */
  of(column: ColumnData | undefined): (row: number) => string {
    if (column === undefined) return () => "";
    if (column.kind === "string") return (row) => this.#texts.at(column, row);
    if (column.kind === "bool") return (row) => String(column.values[row] !== 0);
    if (column.kind === "long" || column.kind === "double") return (row) => String(column.values[row]);
    throw invalidArgument("lists and masks are no categories");
  }
}

/** A thing for each category, made when the category is first met; undefined for those that are too many. */
export class ByCategory<T> {
  readonly #names = new CategoryNames();
  readonly #made = new Map<string, T>();
  readonly #make: () => T;
  /** Rows of categories that were too many. */
  leftOut = 0;

  constructor(make: () => T) {
    this.#make = make;
  }

  /** What there is for each row's category. */
  rows(column: ColumnData | undefined): (row: number) => T | undefined {
    const nameOf = this.#names.of(column);
    return (row) => this.#of(nameOf(row));
  }

  #of(category: string): T | undefined {
    const known = this.#made.get(category);
    if (known !== undefined) return known;
    if (this.#made.size === MOST_CATEGORIES) {
      this.leftOut++;
      return undefined;
    }
    const made = this.#make();
    this.#made.set(category, made);
    return made;
  }

  /** In the order of their names, numbers in them by their size. */
  entries(): [category: string, T][] {
    return [...this.#made].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  }
}
