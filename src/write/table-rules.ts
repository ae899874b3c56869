/** What a store of tables allows of their columns. */
import type { ColumnField } from "../batch.js";
import { cleanColumnNames } from "./column-names.js";
import type { OnWarning } from "./column-types.js";
import { checkColumnCount } from "./header-size.js";

export interface TableRules {
  /** The names as they are stored. @throws DataError `INVALID_SCHEMA` with `column`, for one that cannot be. */
  columnNames(names: readonly string[]): string[];
  /** @throws DataError for columns that cannot be stored, each or together. */
  checkFields(fields: readonly ColumnField[], onWarning: OnWarning): void;
}

/** Tables in HDF5 files, as OMERO keeps them. */
export const HDF5_RULES: TableRules = { columnNames: cleanColumnNames, checkFields: checkColumnCount };
