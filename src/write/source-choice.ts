/** What callers say of the rows they give: which columns, of which types, and how a CSV is written. */
import type { OptionNames } from "../flow/options.js";
import { type CsvOptions, checkCsvNames } from "../formats/csv/opening/dialect.js";
import type { BatchStreamOptions } from "../formats/format.js";
import { type ColumnTypes, checkColumnTypes, checkTypedColumns, columnSizes } from "../formats/values/column-types.js";

/** Which of a source's columns are taken, and how. */
export interface SourceChoice {
  /** Columns to take, by their names in the source; they come in the source's order. Default: all. */
  readonly columnNames?: readonly string[] | undefined;
  /**
   * Types by column, in place of those that follow from the data. Text can be given room to grow:
   * `columnTypes: { note: { type: "String", size: 64 } }`. Columns of ids take "1.0" of a CSV, and -1 where a
   * cell of it is missing.
   */
  readonly columnTypes?: ColumnTypes | undefined;
  /** How a CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
  /** Refuses a CSV that needs repair, as `csv.strict` does. Default false: it is repaired, with warnings. */
  readonly strict?: boolean | undefined;
}

export const CHOICE_OPTIONS: OptionNames<SourceChoice> = {
  columnNames: true,
  columnTypes: true,
  csv: true,
  strict: true,
};

/** @throws ArgumentError `INVALID_ARGUMENT` for types and sizes that no column has */
export function chosenSource(
  choice: SourceChoice,
): Pick<BatchStreamOptions, "types" | "sizes" | "checkNames" | "columnNames" | "csv"> {
  const { columnTypes, columnNames, strict, csv = {} } = choice;
  checkCsvNames(csv);
  const types = checkColumnTypes(columnTypes);
  const checkNames = (names: readonly string[]) => checkTypedColumns(types, names);
  const dialect = strict === undefined ? csv : { strict, ...csv };
  return { types, sizes: columnSizes(columnTypes), checkNames, columnNames, csv: dialect };
}
