/** What a store of tables allows of their columns. */
import type { ColumnField } from "../columns/batch.js";
import type { OnWarning } from "../flow/warnings.js";

export interface TableRules {
  /** The names as they are stored. @throws DataError `INVALID_SCHEMA` with `column`, for one that cannot be. */
  columnNames(names: readonly string[]): string[];
  /** @throws DataError for columns that cannot be stored, each or together. */
  checkFields(fields: readonly ColumnField[], onWarning: OnWarning): void;
}
