/** Values of attributes as PyTables and OMERO.tables keep them. */
import { DataError } from "../../errors.js";
import { FLOAT64, INT64 } from "./records/record-layout.js";
import { attributeBytes, type Hdf5Attribute } from "./structure/objects/attribute.js";
import { nullDataspaceBytes, scalarDataspaceBytes, valueCount } from "./structure/objects/dataspace.js";
import { datatypeBytes, type Hdf5Datatype } from "./structure/objects/datatype.js";
import { MAX_MESSAGE_LENGTH, type NewMessage } from "./structure/objects/header-bytes.js";
import type { NewAttribute } from "./structure/objects/header-editor.js";
import { MESSAGE } from "./structure/objects/object-header.js";

export type Hdf5MetadataValue = bigint | number | string;

const UTF8 = new TextEncoder();

/** Text as PyTables writes it: its UTF-8 bytes, without a NUL; empty text has a type but no value. */
export function textAttribute(name: string, text: string): NewAttribute {
  const value = UTF8.encode(text);
  const type: Hdf5Datatype = { class: "string", size: Math.max(1, value.length), spacePadded: false, utf8: true };
  const space = value.length === 0 ? nullDataspaceBytes() : scalarDataspaceBytes();
  return { name, type: datatypeBytes(type), space, value };
}

export function int64Attribute(name: string, value: bigint): NewAttribute {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return { name, type: datatypeBytes(INT64), space: scalarDataspaceBytes(), value: bytes };
}

function float64Attribute(name: string, value: number): NewAttribute {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return { name, type: datatypeBytes(FLOAT64), space: scalarDataspaceBytes(), value: bytes };
}

/** The value of a column that was not given: zero, or no text. */
export function fillAttribute(name: string, type: Hdf5Datatype): NewAttribute {
  const base = type.class === "array" ? type.base : type;
  const kept: Hdf5Datatype = base.class === "string" ? { ...base, size: 1 } : base;
  return { name, type: datatypeBytes(kept), space: scalarDataspaceBytes(), value: new Uint8Array(kept.size) };
}

export function metadataAttribute(name: string, value: Hdf5MetadataValue): NewAttribute {
  if (typeof value === "bigint") return int64Attribute(name, value);
  return typeof value === "number" ? float64Attribute(name, value) : textAttribute(name, value);
}

/** @throws DataError `VALUE_DOES_NOT_FIT` where it is longer than an object header can hold. */
export function attributeMessage({ name, type, space, value }: NewAttribute): NewMessage {
  const content = attributeBytes(name, type, space, value);
  if (content.length > MAX_MESSAGE_LENGTH) {
    throw new DataError("VALUE_DOES_NOT_FIT", `"${name}" is too long for the metadata of a table: 64 kB are the limit`);
  }
  return { type: MESSAGE.attribute, content };
}

/**
 * The value of an attribute as OMERO.tables gives it: any integer as int64, any float as float64, text.
 * @throws DataError `UNSUPPORTED_TYPE` for other values, `MALFORMED_FILE` where bytes are missing.
 */
export function attributeValue({
  name,
  type,
  space,
  value,
}: Pick<Hdf5Attribute, "name" | "type" | "space" | "value">): Hdf5MetadataValue {
  if (type.class === "string" && space.dimensions === undefined) return "";
  if (valueCount(space) !== 1) throw unsupported(name, "a list");
  if (value.length < type.size) throw new DataError("MALFORMED_FILE", `attribute ${name} is cut short`);
  if (type.class === "string") return text(value.subarray(0, type.size), type.spacePadded);
  if (type.class === "integer") return integer(value.subarray(0, type.size), type.littleEndian, type.signed);
  if (type.class === "float") return float(name, value, type.size, type.littleEndian);
  throw unsupported(name, `of type ${type.class}`);
}

function text(bytes: Uint8Array, spacePadded: boolean): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || (spacePadded && bytes[end - 1] === 0x20))) end--;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, end));
}

function integer(bytes: Uint8Array, littleEndian: boolean, signed: boolean): bigint {
  const digits = littleEndian ? Array.from(bytes).reverse() : Array.from(bytes);
  const value = digits.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

function float(name: string, bytes: Uint8Array, size: number, littleEndian: boolean): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 8) return view.getFloat64(0, littleEndian);
  if (size === 4) return view.getFloat32(0, littleEndian);
  throw unsupported(name, `a float of ${size} bytes`);
}

function unsupported(name: string, found: string): DataError {
  return new DataError(
    "UNSUPPORTED_TYPE",
    `the table's metadata "${name}" is ${found}; OMERO.tables keeps integers, floats and text`,
  );
}
