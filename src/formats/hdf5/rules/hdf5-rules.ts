/** What tables in HDF5 files, as OMERO keeps them, allow of their columns. */
import type { ColumnField } from "../../../columns/batch.js";
import { DataError } from "../../../errors.js";
import type { TableRules } from "../../table-rules.js";
import { checkColumnCount } from "./header-size.js";
import { cleanColumnNames } from "./stored-names.js";

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
