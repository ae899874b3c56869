/**
 * How the columns of a table lie in its records (`omero/columns.py` of omero-py, `descriptor()` of each column class):
 * packed, in order, little-endian.
 */
import { COLUMN_TYPES, type ColumnField, type ColumnKind, type ColumnType, field } from "../../../columns/batch.js";
import { type ElementKind, elementKind } from "../../../columns/kinds/array.js";
import { columnKind } from "../../../columns/kinds/kinds.js";
import { DataError } from "../../../errors.js";
import { malformedHdf5 } from "../structure/malformed.js";
import type { CompoundMember, CompoundType, Hdf5Datatype } from "../structure/objects/datatype.js";

export const INT64: Hdf5Datatype = { class: "integer", size: 8, signed: true, littleEndian: true };
export const INT32: Hdf5Datatype = { class: "integer", size: 4, signed: true, littleEndian: true };
export const FLOAT64: Hdf5Datatype = { class: "float", size: 8, littleEndian: true };
export const FLOAT32: Hdf5Datatype = { class: "float", size: 4, littleEndian: true };
const BOOL: Hdf5Datatype = { class: "bitfield", size: 1 };

/** A mask without its bits, which are kept apart. */
export const MASK_MEMBERS: readonly CompoundMember[] = [
  { name: "i", offset: 0, type: INT64 },
  { name: "z", offset: 8, type: INT32 },
  { name: "t", offset: 12, type: INT32 },
  { name: "x", offset: 16, type: FLOAT64 },
  { name: "y", offset: 24, type: FLOAT64 },
  { name: "w", offset: 32, type: FLOAT64 },
  { name: "h", offset: 40, type: FLOAT64 },
];
const MASK: Hdf5Datatype = { class: "compound", size: 48, members: MASK_MEMBERS };

const TYPE_ID = /^::omero::grid::(\w+)Column$/;
const ELEMENTS: Readonly<Record<ElementKind, Hdf5Datatype>> = { float: FLOAT32, double: FLOAT64, long: INT64 };

/** A column's place in the records. */
export interface ColumnPlace {
  readonly field: ColumnField;
  /** Bytes from the start of a record. */
  readonly offset: number;
}

/** The record type of a table with these columns. */
export function recordType(fields: readonly ColumnField[]): CompoundType {
  const members: CompoundMember[] = [];
  let offset = 0;
  for (const column of fields) {
    const type = COLUMN_DATATYPES[columnKind(column.type)](column);
    members.push({ name: column.name, offset, type });
    offset += type.size;
  }
  return { class: "compound", size: offset, members };
}

const COLUMN_DATATYPES: Readonly<Record<ColumnKind, (field: ColumnField) => Hdf5Datatype>> = {
  long: () => INT64,
  double: () => FLOAT64,
  bool: () => BOOL,
  string: ({ size }) => ({ class: "string", size, spacePadded: false, utf8: false }),
  array({ type, size }) {
    const base = ELEMENTS[elementKind(type)!];
    return { class: "array", size: size * base.size, dimensions: [size], base };
  },
  mask: () => MASK,
};

/** The types of columns as a file names them, for example `::omero::grid::LongColumn`. */
export function columnTypeId(type: ColumnType): string {
  return `::omero::grid::${type}Column`;
}

/**
 * The columns of a file, in their order in the record, as PyTables orders them.
 * @param typeIds and `descriptions` as the file lists them.
 * @throws DataError `MALFORMED_FILE` where the record is not what the types say, `UNSUPPORTED_TYPE` for a type unknown.
 */
export function columnPlaces(
  record: CompoundType,
  typeIds: readonly string[],
  descriptions: readonly string[],
): ColumnPlace[] {
  const members = [...record.members].sort((a, b) => a.offset - b.offset);
  if (typeIds.length !== members.length || descriptions.length !== members.length) {
    throw malformedHdf5(
      `its records have ${members.length} columns, but ${typeIds.length} types and ${descriptions.length} descriptions are given`,
    );
  }
  const names = new Set(members.map(({ name }) => name));
  if (names.size !== members.length) throw malformedHdf5("two of its columns have one name");
  return members.map((member, index) => {
    const type = columnType(typeIds[index]!, member.name);
    const size = columnSize(member, type);
    return { field: field(member.name, type, size, descriptions[index]), offset: member.offset };
  });
}

function columnType(typeId: string, column: string): ColumnType {
  const name = TYPE_ID.exec(typeId)?.[1] ?? "";
  if ((COLUMN_TYPES as readonly string[]).includes(name)) return name as ColumnType;
  throw new DataError("UNSUPPORTED_TYPE", `column "${column}" is of type "${typeId}", which is unknown`, { column });
}

/** The size of a field, if the record holds what its type says. */
function columnSize({ name, type: found }: CompoundMember, type: ColumnType): number {
  const size = sizeOf(found, type);
  const expected = COLUMN_DATATYPES[columnKind(type)](field(name, type, size));
  if (size < 1 || !sameDatatype(found, expected)) {
    throw malformedHdf5(`column "${name}" should be of type ${type}, but its values are of another`);
  }
  return size;
}

function sizeOf(found: Hdf5Datatype, type: ColumnType): number {
  if (type === "String") return found.size;
  const element = elementKind(type);
  return element === undefined ? 1 : found.size / ELEMENTS[element].size;
}

function sameDatatype(found: Hdf5Datatype, expected: Hdf5Datatype): boolean {
  if (found.size !== expected.size) return false;
  // Other writers keep booleans as bytes, or as an enumeration of false and true.
  if (expected.class === "bitfield") return ["bitfield", "integer", "enum"].includes(found.class);
  if (found.class === "integer" && expected.class === "integer") {
    return found.signed === expected.signed && found.littleEndian === expected.littleEndian;
  }
  if (found.class === "float" && expected.class === "float") return found.littleEndian;
  if (found.class === "array" && expected.class === "array") {
    return found.dimensions.length === 1 && sameDatatype(found.base, expected.base);
  }
  if (found.class === "compound" && expected.class === "compound") {
    return (
      found.members.length === expected.members.length &&
      expected.members.every(({ name, offset, type }) =>
        found.members.some(
          (member) => member.name === name && member.offset === offset && sameDatatype(member.type, type),
        ),
      )
    );
  }
  return found.class === expected.class;
}
