/** What is selected from a table: checked in full before anything is read, and once. */

import type { ColumnField } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { isShared, type OnProgress, type ReadableTable } from "../../columns/table.js";
import { ArgumentError, invalidArgument } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";
import {
  type CheckedCondition,
  type ConditionVariables,
  checkParsed,
  compileCondition,
  type Membership,
  type ParsedQuery,
  parseParts,
  type Query,
} from "../../query/index.js";
import type { SearchCondition } from "./row-search.js";
import { type RowSelection, type RowsOption, selectColumns, selectRows } from "./selection.js";

/** Which part of a table to read, and how. */
export interface SelectionOptions {
  /** Columns to read; they come in table order. Default: all. */
  readonly columnNames?: readonly string[] | undefined;
  /** Rows to read, by number; they come in the order given. Default: all. Not together with `query`. */
  readonly rows?: RowsOption | undefined;
  /**
   * PyTables condition, as text or made with `column()`; the rows that meet it are read, in table order. Not together
   * with `rows`.
   */
  readonly query?: Query | undefined;
  /** Values for the names in `query` that are no columns. */
  readonly variables?: ConditionVariables | undefined;
  /**
   * Rows a request asks for. By default it is chosen, so that messages stay under 32 MiB, and follows what the requests
   * cost; a number given here is kept to, except that no request exceeds what a message of the server can carry.
   */
  readonly chunkSize?: number | undefined;
  /** Stops the work: it throws an AbortError at once and releases everything it holds. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the rows read so far; their total is unknown until a query has searched the whole table. */
  readonly onProgress?: OnProgress | undefined;
}

/** The names of {@link SelectionOptions}, to be spread into those of functions that take them. */
export const SELECTION_OPTIONS: OptionNames<SelectionOptions> = {
  columnNames: true,
  rows: true,
  query: true,
  variables: true,
  chunkSize: true,
  signal: true,
  onProgress: true,
};

/** A selection of which all is checked that can be without knowing the table. */
export interface CheckedSelection {
  readonly options: SelectionOptions;
  /** The query, or the parts of one that is too long for a single search. */
  readonly query: readonly ParsedQuery[] | undefined;
  /** What a query of many parts searches for. */
  readonly membership: Membership | undefined;
}

/** The part of one table that is selected. */
export interface TableSelection {
  /** Positions of the columns, and their fields. */
  readonly columns: readonly number[];
  readonly fields: readonly ColumnField[];
  /**
   * Positions of the columns to be read, and their fields: those selected, and after them those that tell whether rows still
   * meet the condition, where others may change the table.
   */
  readonly readColumns: readonly number[];
  readonly readFields: readonly ColumnField[];
  /** The rows, or the condition that they meet. */
  readonly rows: RowSelection | SearchCondition;
  /** Number of rows; undefined for a condition. */
  readonly rowCount: number | undefined;
  readonly chunkSize: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

/**
 * Checks what can be checked without knowing the table.
 * @throws ArgumentError `ROWS_WITH_QUERY`, `INVALID_ARGUMENT`; ConditionError `CONDITION_SYNTAX`
 */
export function checkSelection(options: SelectionOptions): CheckedSelection {
  const { columnNames, rows, query, variables, chunkSize } = options;
  if (query !== undefined && rows !== undefined) {
    const message = "rows and query both say which rows to read; give only one";
    const text = typeof query === "string" ? query : query.query;
    throw new ArgumentError("ROWS_WITH_QUERY", message, { query: text });
  }
  const given = variables instanceof Map ? variables.size : Object.keys(variables ?? {}).length;
  if (query === undefined && given > 0)
    throw invalidArgument("variables are given without a query that could use them");
  if (chunkSize !== undefined && !(Number.isSafeInteger(chunkSize) && chunkSize > 0)) {
    throw invalidArgument(`chunkSize must be a positive integer; found ${String(chunkSize)}`);
  }
  checkColumnNames(columnNames);
  const membership = typeof query === "object" ? query.membership : undefined;
  return { options, query: query === undefined ? undefined : parseParts(query, variables), membership };
}

function checkColumnNames(columnNames: SelectionOptions["columnNames"]): void {
  if (columnNames === undefined) return;
  if (!Array.isArray(columnNames) || columnNames.some((name) => typeof name !== "string")) {
    throw invalidArgument("columnNames must be a list of names");
  }
  if (columnNames.length === 0) throw invalidArgument("columnNames is empty; leave it out to read every column");
}

/**
 * The part of `table` that is selected.
 * @throws ArgumentError `UNKNOWN_COLUMN`, `ROWS_OUT_OF_RANGE` or `INVALID_ARGUMENT`; ConditionError
 */
export function select(table: ReadableTable, { options, query, membership }: CheckedSelection): TableSelection {
  const columns = selectColumns(table.fields, options.columnNames);
  const rows = query === undefined ? selectRows(options.rows, table.rowCount) : searchFor(table, query, membership);
  const readColumns = isShared(table) ? [...columns, ...otherColumns(table, rows, columns)] : columns;
  return {
    columns,
    fields: columns.map((index) => table.fields[index]!),
    readColumns,
    readFields: readColumns.map((index) => table.fields[index]!),
    rows,
    rowCount: "condition" in rows ? undefined : countRows(rows),
    chunkSize: options.chunkSize,
    signal: options.signal,
    onProgress: options.onProgress,
  };
}

/** Positions of the columns that a condition looks at and that are not selected. */
function otherColumns(
  { fields }: ReadableTable,
  rows: RowSelection | SearchCondition,
  selected: readonly number[],
): number[] {
  if (!("condition" in rows)) return [];
  const names = [rows, ...(rows.others ?? [])].flatMap(({ columns = [] }) => columns);
  const positions = names.map((name) => fields.findIndex((field) => field.name === name));
  return [...new Set(positions)].filter((position) => position >= 0 && !selected.includes(position));
}

function searchFor(
  { fields }: ReadableTable,
  queries: readonly ParsedQuery[],
  membership: Membership | undefined,
): SearchCondition {
  const [first, ...others] = queries.map((query) => searchOf(checkParsed(query, fields), fields));
  const position = fields.findIndex(({ name }) => name === membership?.column);
  const values = membership && { position, values: membership.values };
  return { ...first!, others, membership: isLookedThrough(fields[position], others.length) ? values : undefined };
}

function searchOf(checked: CheckedCondition, fields: readonly ColumnField[]): SearchCondition {
  const { condition, variables, columns } = checked;
  const isText = fields.some(({ name, type }) => type === "String" && columns.includes(name));
  return {
    condition,
    variables,
    columns,
    compile: isText ? () => compileCondition(condition, fields, variables) : undefined,
  };
}

/** Searches beyond which a column of numbers is rather read, and looked through here: each takes as long as reading it. */
const MOST_SEARCHES = 3;

function isLookedThrough(column: ColumnField | undefined, more: number): boolean {
  return column !== undefined && more >= MOST_SEARCHES && columnKind(column.type) === "long";
}

/** Whether a row was asked for more than once. */
export function repeatsRows({ rows }: TableSelection): boolean {
  return "condition" in rows || rows.kind === "range" ? false : new Set(rows.rows).size < rows.rows.length;
}

function countRows(rows: RowSelection): number {
  return rows.kind === "list" ? rows.rows.length : rows.count;
}
