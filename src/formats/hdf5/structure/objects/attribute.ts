/** Attribute messages ("The HDF5 File Format Specification", IV.A.2.m). */

import { FieldReader, textUntilNul } from "../field-reader.js";
import { FieldWriter } from "../field-writer.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";
import { type Dataspace, readDataspace } from "./dataspace.js";
import { type Hdf5Datatype, readDatatype } from "./datatype.js";
import { type HeaderMessage, MESSAGE, messageFields, type ObjectHeader } from "./object-header.js";

export interface Hdf5Attribute {
  readonly name: string;
  readonly type: Hdf5Datatype;
  readonly space: Dataspace;
  readonly value: Uint8Array;
  /** Offset of the value in the file. */
  readonly valueAt: number;
  readonly message: HeaderMessage;
}

/** The attributes of an object. @throws DataError `UNSUPPORTED_TYPE` where they are stored outside its header. */
export function readAttributes(header: ObjectHeader): Hdf5Attribute[] {
  const attributes: Hdf5Attribute[] = [];
  for (const message of header.messages) {
    if (message.type === MESSAGE.attribute) attributes.push(readAttribute(message, header.subject));
    if (message.type === MESSAGE.attributeInfo) refuseDenseAttributes(message, header.subject);
  }
  return attributes;
}

function readAttribute(message: HeaderMessage, owner: string): Hdf5Attribute {
  const fields = messageFields(message, `${owner}: attribute`);
  const version = fields.uint8();
  if (version < 1 || version > 3) throw malformedHdf5(`${owner}: attribute version ${version} is unknown`);
  const flags = fields.uint8();
  if (version > 1 && flags !== 0) throw unsupportedHdf5("attributes of a shared type");
  const nameLength = fields.uint16();
  const typeLength = fields.uint16();
  const spaceLength = fields.uint16();
  if (version === 3) fields.skip(1);
  const part = (length: number) => {
    const bytes = fields.take(length);
    if (version === 1) fields.align8();
    return bytes;
  };
  const name = textUntilNul(part(nameLength));
  const subject = `${owner}: attribute ${name}`;
  const type = readDatatype(new FieldReader(part(typeLength), subject));
  const space = readDataspace(new FieldReader(part(spaceLength), subject));
  const valueAt = message.at + fields.position;
  return { name, type, space, value: fields.take(fields.remaining), valueAt, message };
}

function refuseDenseAttributes(message: HeaderMessage, owner: string): void {
  const fields = messageFields(message, `${owner}: attribute info`);
  fields.skip(1);
  const flags = fields.uint8();
  if (flags & 1) fields.skip(2);
  if (fields.address() !== undefined) throw unsupportedHdf5("densely stored attributes");
}

/** The content of an attribute message of version 1, as PyTables writes them. */
export function attributeBytes(name: string, type: Uint8Array, space: Uint8Array, value: Uint8Array): Uint8Array {
  const nameBytes = new FieldWriter().text(name).uint8(0).finish();
  const fields = new FieldWriter().uint8(1, 0).uint16(nameBytes.length).uint16(type.length).uint16(space.length);
  fields.bytes(nameBytes).align8().bytes(type).align8().bytes(space).align8();
  return fields.bytes(value).align8().finish();
}
