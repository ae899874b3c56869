/**
 * Datatype messages ("The HDF5 File Format Specification", IV.A.2.d): what a value's bytes mean.
 */
import { type FieldReader, textUntilNul } from "../field-reader.js";
import { FieldWriter } from "../field-writer.js";
import { malformedHdf5 } from "../malformed.js";

export interface IntegerType {
  readonly class: "integer";
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
}
/** IEEE 754. */
export interface FloatType {
  readonly class: "float";
  readonly size: number;
  readonly littleEndian: boolean;
}
export interface StringType {
  readonly class: "string";
  /** Bytes; shorter text is followed by NULs, or by spaces if `spacePadded`. */
  readonly size: number;
  readonly spacePadded: boolean;
  readonly utf8: boolean;
}
/** PyTables keeps booleans so: one byte, 0 or 1. */
export interface BitfieldType {
  readonly class: "bitfield";
  readonly size: number;
}
export interface CompoundMember {
  readonly name: string;
  /** Bytes from the start of the compound. */
  readonly offset: number;
  readonly type: Hdf5Datatype;
}
export interface CompoundType {
  readonly class: "compound";
  readonly size: number;
  readonly members: readonly CompoundMember[];
}
/** Enumerations are read as what they are made of. */
export interface EnumType {
  readonly class: "enum";
  readonly size: number;
  readonly base: Hdf5Datatype;
}
/** A sequence of any length, kept in a global heap: length (4 bytes), address (8), index (4). */
export interface VariableLengthType {
  readonly class: "variable-length";
  readonly size: number;
  readonly base: Hdf5Datatype;
  readonly text: boolean;
}
export interface ArrayType {
  readonly class: "array";
  readonly size: number;
  readonly dimensions: readonly number[];
  readonly base: Hdf5Datatype;
}
/** Anything OMERO.tables has no use for. */
export interface OtherType {
  readonly class: "other";
  readonly size: number;
}
export type Hdf5Datatype =
  | IntegerType
  | FloatType
  | StringType
  | BitfieldType
  | CompoundType
  | EnumType
  | VariableLengthType
  | ArrayType
  | OtherType;

const CLASS = { integer: 0, float: 1, string: 3, bitfield: 4, compound: 6, enum: 8, variableLength: 9, array: 10 };
const MAX_DEPTH = 8;
/** Bytes of the smallest member a compound can have. */
const MIN_MEMBER_BYTES = 10;

/** Reads the datatype at the reader's position. */
export function readDatatype(fields: FieldReader, depth = 0): Hdf5Datatype {
  if (depth > MAX_DEPTH) throw malformedHdf5(`${fields.subject}: types are nested too deeply`);
  const head = fields.uint8();
  const version = head >> 4;
  const bits = fields.unsigned(3);
  const size = fields.uint32();
  if (version < 1 || version > 5) throw malformedHdf5(`${fields.subject}: datatype version ${version} is unknown`);
  if (size === 0) throw malformedHdf5(`${fields.subject}: a type without bytes`);
  const littleEndian = (bits & 1) === 0;
  switch (head & 0x0f) {
    case CLASS.integer:
      fields.skip(4);
      return { class: "integer", size, signed: (bits & 8) !== 0, littleEndian };
    case CLASS.float:
      fields.skip(12);
      return { class: "float", size, littleEndian };
    case CLASS.string:
      return { class: "string", size, spacePadded: (bits & 0x0f) === 2, utf8: ((bits >> 4) & 0x0f) === 1 };
    case CLASS.bitfield:
      fields.skip(4);
      return { class: "bitfield", size };
    case CLASS.compound:
      return { class: "compound", size, members: readMembers(fields, version, bits & 0xffff, size, depth) };
    case CLASS.enum:
      return { class: "enum", size, base: readEnumBase(fields, version, bits & 0xffff, depth) };
    case CLASS.variableLength:
      return { class: "variable-length", size, base: readDatatype(fields, depth + 1), text: (bits & 0x0f) === 1 };
    case CLASS.array:
      return readArray(fields, version, size, depth);
    default:
      if (depth > 0) throw malformedHdf5(`${fields.subject}: type class ${head & 0x0f} is none OMERO.tables uses`);
      return { class: "other", size };
  }
}

function readMembers(
  fields: FieldReader,
  version: number,
  count: number,
  size: number,
  depth: number,
): CompoundMember[] {
  if (count * MIN_MEMBER_BYTES > fields.remaining)
    throw malformedHdf5(`${fields.subject}: ${count} members do not fit`);
  const members: CompoundMember[] = [];
  for (let index = 0; index < count; index++) {
    const name = readName(fields, version);
    const offset = version >= 3 ? fields.unsigned(bytesFor(size)) : fields.uint32();
    let dimensions: number[] = [];
    if (version === 1) {
      const rank = fields.uint8();
      if (rank > 4) throw malformedHdf5(`${fields.subject}: member ${name} has ${rank} dimensions`);
      fields.skip(11);
      dimensions = [fields.uint32(), fields.uint32(), fields.uint32(), fields.uint32()].slice(0, rank);
    }
    const base = readDatatype(fields, depth + 1);
    const type = dimensions.length > 0 ? arrayOf(base, dimensions) : base;
    if (offset + type.size > size) throw malformedHdf5(`${fields.subject}: member ${name} lies outside its record`);
    members.push({ name, offset, type });
  }
  return members;
}

function readEnumBase(fields: FieldReader, version: number, count: number, depth: number): Hdf5Datatype {
  const base = readDatatype(fields, depth + 1);
  for (let index = 0; index < count; index++) readName(fields, version);
  fields.skip(count * base.size);
  return base;
}

function readArray(fields: FieldReader, version: number, size: number, depth: number): ArrayType {
  const rank = fields.uint8();
  if (version < 3) fields.skip(3);
  if (rank < 1 || rank > 32) throw malformedHdf5(`${fields.subject}: an array of ${rank} dimensions`);
  const dimensions = Array.from({ length: rank }, () => fields.uint32());
  if (version < 3) fields.skip(4 * rank);
  const array = arrayOf(readDatatype(fields, depth + 1), dimensions);
  if (array.size !== size) throw malformedHdf5(`${fields.subject}: an array's size does not fit its dimensions`);
  return array;
}

function arrayOf(base: Hdf5Datatype, dimensions: readonly number[]): ArrayType {
  return { class: "array", size: base.size * dimensions.reduce((a, b) => a * b, 1), dimensions, base };
}

function readName(fields: FieldReader, version: number): string {
  if (version >= 3) return fields.nulTerminated();
  const start = fields.position;
  const end = fields.bytes.indexOf(0, start);
  if (end < 0) throw malformedHdf5(`${fields.subject}: a name has no end`);
  return textUntilNul(fields.take(((end - start) | 7) + 1));
}

/** Bytes that hold any offset within `size`, as compound types of version 3 are written. */
function bytesFor(size: number): number {
  return size < 0x100 ? 1 : size < 0x10000 ? 2 : size < 0x1000000 ? 3 : 4;
}

/**
 * The bytes of a datatype message. Compound types are written in the form of version 2, or of version 3 (HDF5 1.8 and
 * later), which takes less room, if `compact`.
 */
export function datatypeBytes(type: Hdf5Datatype, compact = false): Uint8Array {
  const fields = new FieldWriter();
  writeDatatype(fields, type, compact);
  return fields.finish();
}

function writeDatatype(fields: FieldWriter, type: Hdf5Datatype, compact: boolean): void {
  switch (type.class) {
    case "integer":
      writeHead(fields, 1, CLASS.integer, type.signed ? 8 : 0, type.size);
      fields.uint16(0).uint16(type.size * 8);
      return;
    case "float":
      writeHead(fields, 1, CLASS.float, 0x20 | ((type.size * 8 - 1) << 8), type.size);
      fields.uint16(0).uint16(type.size * 8);
      if (type.size === 8) fields.uint8(52, 11, 0, 52).uint32(1023);
      else fields.uint8(23, 8, 0, 23).uint32(127);
      return;
    case "string":
      writeHead(fields, 1, CLASS.string, type.utf8 ? 0x10 : 0, type.size);
      return;
    case "bitfield":
      writeHead(fields, 1, CLASS.bitfield, 0, type.size);
      fields.uint16(0).uint16(type.size * 8);
      return;
    case "compound":
      writeCompound(fields, type, compact);
      return;
    case "variable-length":
      writeHead(fields, 1, CLASS.variableLength, 0, type.size);
      writeDatatype(fields, type.base, compact);
      return;
    case "array":
      writeHead(fields, compact ? 3 : 2, CLASS.array, 0, type.size);
      fields.uint8(type.dimensions.length);
      if (!compact) fields.fill(3);
      for (const length of type.dimensions) fields.uint32(length);
      if (!compact) fields.fill(4 * type.dimensions.length);
      writeDatatype(fields, type.base, compact);
      return;
    default:
      throw new TypeError(`a type of class ${type.class} is never written`);
  }
}

function writeHead(fields: FieldWriter, version: number, classNumber: number, bits: number, size: number): void {
  fields.uint8((version << 4) | classNumber, bits & 0xff, (bits >> 8) & 0xff, bits >> 16).uint32(size);
}

function writeCompound(fields: FieldWriter, type: CompoundType, compact: boolean): void {
  writeHead(fields, compact ? 3 : 2, CLASS.compound, type.members.length, type.size);
  for (const { name, offset, type: memberType } of type.members) {
    if (compact) {
      fields.text(name).uint8(0);
      const width = bytesFor(type.size);
      for (let index = 0; index < width; index++) fields.uint8((offset >>> (8 * index)) & 0xff);
    } else {
      const start = fields.length;
      fields.text(name).uint8(0);
      fields.fill(-(fields.length - start) & 7).uint32(offset);
    }
    writeDatatype(fields, memberType, compact);
  }
}
