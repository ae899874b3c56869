/** What columns and their data have to be before anything is written. */

import type { ColumnBatch, ColumnData, ColumnField } from "../../../columns/batch.js";
import { elementBytes } from "../../../columns/kinds/array.js";
import { columnKind, columnLength } from "../../../columns/kinds/kinds.js";
import { ArgumentError, DataError } from "../../../errors.js";

/** Names PyTables takes for itself (`tables/path.py`). */
const RESERVED_NAME = /^(_[cfgv]_|__)/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const SIZED_TYPES: ReadonlySet<string> = new Set(["String", "FloatArray", "DoubleArray", "LongArray"]);
/** A record is at most 2 GiB. */
const MAX_COLUMN_BYTES = 0x7fffffff;

/**
 * @throws DataError `INVALID_SCHEMA` for no columns, an empty, reserved or doubled name, one with `/` or NUL, and a size
 *   that is no positive integer; `UNSUPPORTED_TYPE` for two Mask columns, whose bits OMERO.tables would mix.
 */
export function checkFields(fields: readonly ColumnField[]): void {
  if (fields.length === 0) throw new DataError("INVALID_SCHEMA", "a table needs at least one column");
  const names = new Set<string>();
  for (const { name, type, size } of fields) {
    const problem = nameProblem(name) ?? (names.has(name) ? "there are two of this name" : undefined);
    if (problem !== undefined) {
      throw new DataError("INVALID_SCHEMA", `a column cannot be called "${name}": ${problem}`, { column: name });
    }
    names.add(name);
    if (SIZED_TYPES.has(type) && !(Number.isInteger(size) && size > 0 && size * 8 <= MAX_COLUMN_BYTES)) {
      throw new DataError("INVALID_SCHEMA", `column "${name}" of type ${type} cannot have the size ${size}`, {
        column: name,
      });
    }
  }
  const masks = fields.filter(({ type }) => type === "Mask");
  if (masks.length > 1) {
    const message = "a table can have one Mask column: OMERO.tables keeps the bits of several in one list, mixed";
    throw new DataError("UNSUPPORTED_TYPE", message, { column: masks[1]!.name });
  }
}

function nameProblem(name: string): string | undefined {
  if (name.includes("/") || name === ".") return "HDF5 keeps / and . for paths";
  return textProblem(name);
}

function textProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (RESERVED_NAME.test(name)) return "OMERO.tables and PyTables keep such names for themselves";
  if (name.includes("\0")) return "it contains NUL";
  if (LONE_SURROGATE.test(name)) return "it is no valid Unicode";
  return undefined;
}

/** @throws DataError `INVALID_SCHEMA` unless the batch has these columns, by order, name and type. */
export function checkSameColumns(batch: ColumnBatch, fields: readonly ColumnField[]): void {
  const found = batch.fields;
  const same = (index: number) =>
    found[index]?.name === fields[index]?.name && found[index]?.type === fields[index]?.type;
  const differing = Array.from({ length: Math.max(found.length, fields.length) }, (_, index) => index).find(
    (index) => !same(index),
  );
  if (differing === undefined) return;
  const describe = (column: ColumnField | undefined) =>
    column === undefined ? "nothing" : `"${column.name}" of type ${column.type}`;
  throw new DataError(
    "INVALID_SCHEMA",
    `the table's column ${differing} is ${describe(fields[differing])}; the rows to add have ${describe(found[differing])} there`,
  );
}

/**
 * @param fields the table's columns that the batch's go to, parallel to them.
 * @throws DataError `INVALID_SCHEMA` where a column is of another kind or length, `VALUE_DOES_NOT_FIT` for a text longer
 *   than its column or an array of another size.
 */
export function checkColumns(batch: ColumnBatch, fields: readonly ColumnField[]): void {
  for (const [index, field] of fields.entries()) {
    const column = batch.columns[index];
    if (column === undefined || column.kind !== columnKind(field.type) || columnLength(column) !== batch.rowCount) {
      const found = column === undefined ? "none" : `${columnLength(column)} values of kind ${column.kind}`;
      throw new DataError(
        "INVALID_SCHEMA",
        `column "${field.name}" needs ${batch.rowCount} values of kind ${columnKind(field.type)}; it has ${found}`,
        { column: field.name },
      );
    }
    checkValues(column, field, batch.rowCount);
  }
}

function checkValues(column: ColumnData, { name, type, size }: ColumnField, rowCount: number): void {
  if (column.kind === "array" && rowCount > 0) {
    if (column.size !== size) {
      const message = `column "${name}" needs arrays of ${size}; these have ${column.size}`;
      throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
    }
    if (column.values.BYTES_PER_ELEMENT !== elementBytes(type)) {
      throw new DataError("INVALID_SCHEMA", `column "${name}" of type ${type} has values of another width`, {
        column: name,
      });
    }
  }
  if (column.kind === "string") checkOffsets(column.offsets, column.bytes, name, size);
  if (column.kind === "mask") checkOffsets(column.offsets, column.bytes, name, Number.POSITIVE_INFINITY);
}

function checkOffsets(offsets: Int32Array, bytes: Uint8Array, name: string, width: number): void {
  let start = offsets[0] ?? 0;
  if (start < 0 || offsets.at(-1)! > bytes.length) {
    throw new DataError("INVALID_SCHEMA", `column "${name}": its offsets lie outside its bytes`, { column: name });
  }
  for (let row = 0; row < offsets.length - 1; row++) {
    const end = offsets[row + 1]!;
    if (end - start > width || end < start) throw badLength(name, row, end - start, width);
    start = end;
  }
}

function badLength(column: string, row: number, length: number, width: number): DataError {
  if (length < 0) return new DataError("INVALID_SCHEMA", `column "${column}": its offsets descend`, { column, row });
  const message = `column "${column}" holds ${width} bytes a row; the text in row ${row} of what was given has ${length}`;
  return new DataError("VALUE_DOES_NOT_FIT", message, { column, row });
}

/** @throws ArgumentError `INVALID_ARGUMENT` for a metadata key OMERO.tables or PyTables keeps for itself. */
export function checkMetadataKey(key: string, isReserved: (key: string) => boolean): void {
  const problem = textProblem(key) ?? (isReserved(key) ? "PyTables keeps it for itself" : undefined);
  if (problem !== undefined) {
    throw new ArgumentError("INVALID_ARGUMENT", `metadata cannot be called "${key}": ${problem}`);
  }
}
