/** What tables in HDF5 files, as OMERO keeps them, allow of their columns. */
import type { ColumnField, ColumnType } from "../../../columns/batch.js";
import { DataError } from "../../../errors.js";
import type { OnWarning } from "../../../flow/warnings.js";
import type { TableRules } from "../../table-rules.js";

/**
 * The names as they are stored: with each `/`, which HDF5 does not allow, as `\`.
 * @throws DataError `INVALID_SCHEMA` with `column`, for an empty name, one that two columns share, and those that the
 * server or PyTables reserves. (PyTables leaves a column out whose name begins with `_v_`, and mixes up the rows of the others.)
 */
export function cleanColumnNames(names: readonly string[]): string[] {
  const cleaned = names.map((name) => name.replaceAll("/", "\\"));
  const positions = new Map<string, number>();
  for (const [index, name] of cleaned.entries()) {
    const fault = faultOf(name);
    if (fault !== undefined) throw invalid(names[index]!, `Column ${index + 1}, named "${names[index]}", ${fault}`);
    const before = positions.get(name);
    if (before !== undefined) {
      const which = names[before] === names[index] ? "" : `, as "/" is stored as "\\"`;
      throw invalid(name, `Columns ${before + 1} and ${index + 1} are both named "${name}"${which}; rename one`);
    }
    positions.set(name, index);
  }
  if (cleaned.length === 0) throw new DataError("INVALID_SCHEMA", "There are no columns; a table needs at least one");
  return cleaned;
}

function faultOf(name: string): string | undefined {
  if (typeof name !== "string" || name.trim() === "") return "has no name; name it";
  if (name.startsWith("__")) return 'cannot be stored: names that begin with "__" are reserved; rename it';
  if (/^_[cfgv]_/.test(name))
    return `cannot be stored: PyTables reserves names that begin with "${name.slice(0, 3)}"; rename it`;
  if (name === ".") return "cannot be stored: PyTables does not allow this name; rename it";
  if (name.includes("\0")) return "cannot be stored: its name holds a NUL character; rename it";
  return name.isWellFormed() ? undefined : "cannot be stored: its name is no well-formed Unicode text; rename it";
}

function invalid(column: string, message: string): DataError {
  return new DataError("INVALID_SCHEMA", message, { column });
}

/** PyTables warns beyond this number, because tables become slow. */
const RECOMMENDED_COLUMNS = 512;
/** A message in an HDF5 object header is shorter than 64 KiB; the rest is the description's own header. */
const DESCRIPTION_LIMIT = 65_528;

/**
 * Bytes of a member's datatype in an HDF5 compound datatype message (HDF5 file format, "The Datatype Message"): 8 and the
 * properties, 4 of integers and bit fields, 12 of floats, none of strings; arrays have their element's besides.
 */
const TYPE_BYTES: Partial<Record<ColumnType, number>> = {
  Double: 20,
  String: 8,
  FloatArray: 40,
  DoubleArray: 40,
  LongArray: 32,
  // A compound of an int64, two int32 and four float64, of one-letter names.
  Mask: 8 + 3 * (8 + 32 + 12) + 4 * (8 + 32 + 20),
};
const INTEGER_BYTES = 12;
/** Before each member's type: its offset and, unless any member is an array, room for dimensions. */
const MEMBER_BYTES = 32;
const MEMBER_BYTES_WITH_ARRAYS = 4;

/** Bytes that the columns take in the description of their table. */
function descriptionBytes(fields: readonly ColumnField[]): number {
  const perMember = fields.some(({ type }) => type.endsWith("Array")) ? MEMBER_BYTES_WITH_ARRAYS : MEMBER_BYTES;
  return fields.reduce(
    (sum, { name, type }) => sum + nameBytes(name) + perMember + (TYPE_BYTES[type] ?? INTEGER_BYTES),
    0,
  );
}

/** A name and its NUL, padded to a multiple of 8. */
function nameBytes(name: string): number {
  return (Math.floor(Buffer.byteLength(name) / 8) + 1) * 8;
}

/** @throws DataError `INVALID_SCHEMA` for more columns than a table can have. */
export function checkColumnCount(fields: readonly ColumnField[], onWarning: OnWarning): void {
  const bytes = descriptionBytes(fields);
  if (bytes > DESCRIPTION_LIMIT) {
    const fitting = Math.floor((fields.length * DESCRIPTION_LIMIT) / bytes);
    const message = `${fields.length} columns are too many for OMERO.tables: their description takes ${bytes} bytes of ${DESCRIPTION_LIMIT}; about ${fitting} columns with such names fit. Shorten names, take some of them (columnNames), or store several tables (split: true).`;
    throw new DataError("INVALID_SCHEMA", message);
  }
  if (fields.length > RECOMMENDED_COLUMNS) {
    onWarning(
      `${fields.length} columns are more than the ${RECOMMENDED_COLUMNS} that OMERO.tables is made for; it will be slow`,
    );
  }
}

export const HDF5_RULES: TableRules = {
  columnNames: cleanColumnNames,
  checkFields(fields, onWarning) {
    checkColumnCount(fields, onWarning);
    checkDescriptions(fields);
  },
};

/** The rules for columns that several tables will hold. */
export const WIDE_RULES: TableRules = { columnNames: cleanColumnNames, checkFields: checkDescriptions };

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
