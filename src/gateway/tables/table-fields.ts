import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { ArgumentError } from "../../errors.js";
import type { OriginalFileInfo } from "../files/original-file.js";

/**
 * Checks the columns of a new table against what OMERO.tables takes: at least one; names that are not empty, not
 * reserved (`__...`, and PyTables' `_c_...`, `_f_...`, `_g_...`, `_v_...` and `.`), without `/` and NUL, each once;
 * widths of text and arrays of at least 1; descriptions in ASCII.
 * @throws ArgumentError `INVALID_ARGUMENT` with `column`.
 */
export function checkNewFields(fields: readonly ColumnField[]): void {
  if (fields.length === 0) throw new ArgumentError("INVALID_ARGUMENT", "a table needs at least one column");
  const names = new Set<string>();
  for (const field of fields) {
    const { name } = field;
    const fault = faultOfName(name, names) ?? faultOfField(field);
    if (fault) throw new ArgumentError("INVALID_ARGUMENT", `column "${name}" ${fault}`, { column: name });
    names.add(name);
  }
}

/** Checks that rows to append have the table's columns, in its order. @throws ArgumentError `UNKNOWN_COLUMN` */
export function checkSameFields(batch: ColumnBatch, fields: readonly ColumnField[]): void {
  if (batch.fields.length !== fields.length) {
    const text = `${batch.fields.length} columns given, the table has ${fields.length}`;
    throw new ArgumentError("UNKNOWN_COLUMN", text);
  }
  fields.forEach(({ name, type }, index) => {
    const given = batch.fields[index]!;
    if (given.name === name && given.type === type) return;
    const text = `column ${index} is ${type} "${name}" in the table, ${given.type} "${given.name}" in the rows given`;
    throw new ArgumentError("UNKNOWN_COLUMN", text, { column: given.name });
  });
}

/** Checks positions of columns to read: at least one, all in the table. @throws ArgumentError `UNKNOWN_COLUMN` */
export function checkPositions(
  positions: readonly number[],
  fields: readonly ColumnField[],
  { id }: OriginalFileInfo,
): void {
  const count = fields.length;
  const wrong = positions.find((position) => !(Number.isInteger(position) && position >= 0 && position < count));
  if (positions.length > 0 && wrong === undefined) return;
  const fault = wrong === undefined ? "no columns are asked for" : `there is no column at position ${wrong}`;
  throw new ArgumentError("UNKNOWN_COLUMN", `${fault}: table ${id} has ${count}, from position 0`);
}

/** Where the table has a column of this name and type. @throws ArgumentError `UNKNOWN_COLUMN` */
export function positionOf(
  { name, type }: ColumnField,
  fields: readonly ColumnField[],
  { id }: OriginalFileInfo,
): number {
  const position = fields.findIndex((field) => field.name === name);
  const found = fields[position];
  if (found?.type === type) return position;
  const text = found === undefined ? `has no column "${name}"` : `holds ${found.type} in "${name}", not ${type}`;
  throw new ArgumentError("UNKNOWN_COLUMN", `table ${id} ${text}`, { column: name, fileId: id });
}

function faultOfName(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === "") return "has no name";
  if (name.startsWith("__")) return "has a reserved name: names cannot begin with __";
  if (/^_[cfgv]_/.test(name) || name === ".") return "has a name that PyTables reserves";
  if (name.includes("\0")) return "has a NUL in its name";
  if (name.includes("/")) return "has a / in its name, which HDF5 does not allow";
  return taken.has(name) ? "is there twice" : undefined;
}

function faultOfField({ size, description }: ColumnField): string | undefined {
  if (!(Number.isInteger(size) && size >= 1)) return `has a size of ${size}`;
  return /^[\0-\x7f]*$/.test(description) ? undefined : "has a description that is not ASCII";
}
