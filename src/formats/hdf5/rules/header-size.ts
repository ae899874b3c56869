/** How many columns a table can have: as many as its description takes less than 64 KiB in the HDF5 file. */
import type { ColumnField, ColumnType } from "../../../columns/batch.js";
import { DataError } from "../../../errors.js";
import type { OnWarning } from "../../../flow/warnings.js";

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
    const message = `${fields.length} columns are too many for OMERO.tables: their description takes ${bytes} bytes of ${DESCRIPTION_LIMIT}; about ${fitting} columns with such names fit. Shorten names, or upload several tables.`;
    throw new DataError("INVALID_SCHEMA", message);
  }
  if (fields.length > RECOMMENDED_COLUMNS) {
    onWarning(
      `${fields.length} columns are more than the ${RECOMMENDED_COLUMNS} that OMERO.tables is made for; it will be slow`,
    );
  }
}
