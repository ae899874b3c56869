import type { Metadata } from "h5wasm/node";
import type { Hdf5Datatype } from "../../../../src/formats/hdf5/structure/objects/datatype.js";

/** HDF5's numbers of type classes (`H5T_class_t`). */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const BITFIELD = 4;
const COMPOUND = 6;
const ENUM = 8;
const VARIABLE_LENGTH = 9;
const ARRAY = 10;
const SPACE_PADDED = 2;
const CSET_UTF8 = 1;

/** A type as h5wasm describes it, in the terms of `format/datatype.ts`. */
export function libraryDatatype(type: Metadata): Hdf5Datatype {
  const { size } = type;
  switch (type.type) {
    case INTEGER:
      return { class: "integer", size, signed: type.signed, littleEndian: type.littleEndian };
    case FLOAT:
      return { class: "float", size, littleEndian: type.littleEndian };
    case STRING:
      if (type.vlen) return { class: "other", size };
      return { class: "string", size, spacePadded: type.strpad === SPACE_PADDED, utf8: type.cset === CSET_UTF8 };
    case BITFIELD:
      return { class: "bitfield", size };
    case COMPOUND: {
      const members = type.compound_type!.members;
      return {
        class: "compound",
        size,
        members: members.map((member) => ({ name: member.name, offset: member.offset, type: libraryDatatype(member) })),
      };
    }
    case ENUM:
      return { class: "enum", size, base: { class: "integer", size, signed: true, littleEndian: type.littleEndian } };
    case VARIABLE_LENGTH:
      return { class: "variable-length", size, base: libraryDatatype(type.vlen_type!), text: false };
    case ARRAY: {
      const base = type.array_type!;
      return { class: "array", size, dimensions: base.shape ?? [], base: libraryDatatype(base) };
    }
    default:
      return { class: "other", size };
  }
}
