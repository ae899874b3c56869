/** What a store of tables allows of their columns. */
import type { ColumnField } from "../../columns/batch.js";
import { DataError } from "../../errors.js";
import type { OnWarning } from "../values/column-types.js";
import { checkColumnCount } from "./header-size.js";
import { cleanColumnNames } from "./stored-names.js";

export interface TableRules {
  /** The names as they are stored. @throws DataError `INVALID_SCHEMA` with `column`, for one that cannot be. */
  columnNames(names: readonly string[]): string[];
  /** @throws DataError for columns that cannot be stored, each or together. */
  checkFields(fields: readonly ColumnField[], onWarning: OnWarning): void;
}

/** Tables in HDF5 files, as OMERO keeps them. */
export const HDF5_RULES: TableRules = {
  columnNames: cleanColumnNames,
  checkFields(fields, onWarning) {
    checkColumnCount(fields, onWarning);
    checkDescriptions(fields);
  },
};

/**
 * OMERO.tables keeps descriptions as byte strings made of ASCII (`create_array` in omero-py's `omero.hdfstorageV2`).
 * @throws DataError `INVALID_SCHEMA` with `column`
 */
function checkDescriptions(fields: readonly ColumnField[]): void {
  const found = fields.find(({ description }) => !/^[\0-\x7f]*$/.test(description));
  if (found === undefined) return;
  const message = `Column "${found.name}" has a description that is not ASCII, which OMERO.tables cannot keep; change it: "${found.description}"`;
  throw new DataError("INVALID_SCHEMA", message, { column: found.name });
}
