/**
 * Columns of `omero::grid` between the wire and {@link ColumnData}, with no object per cell. The members are those of
 * `omero/Tables.ice`: `values`, after `size` in columns of text and arrays; eight sequences in a mask column.
 */

import type {
  ArrayColumn,
  BoolColumn,
  ColumnData,
  ColumnType,
  MaskColumn,
  StringColumn,
} from "../../../../columns/batch.js";
import { COLUMN_TYPES } from "../../../../columns/batch.js";
import { type ArrayColumnType, ELEMENT_ARRAYS, elementArray } from "../../../../columns/kinds/array.js";
import { columnKind, columnParts } from "../../../../columns/kinds/kinds.js";
import { areUtf8 } from "../../../../columns/utf8-texts.js";
import type { InputBuffer } from "../input-buffer.js";
import type { OutputBuffer } from "../output-buffer.js";
import { type ArrayValues, readArrayRows, writeArrayRows } from "./array-blocks.js";
import { areConsistent, readBlobs, writeBlobs } from "./string-blocks.js";

const PREFIX = "::omero::grid::";
const SUFFIX = "Column";

const TYPES_BY_ID: ReadonlyMap<string, ColumnType> = new Map(COLUMN_TYPES.map((type) => [columnClassId(type), type]));

/** The own members of a column class, in this package's form. */
export interface ColumnBlock {
  readonly data: ColumnData;
  /** Text: the width in bytes. Arrays: the elements of a row. Absent in other columns. */
  readonly size?: number;
}

/** The Slice id of a column class, for example `::omero::grid::LongColumn`. */
export function columnClassId(type: ColumnType): string {
  return PREFIX + type + SUFFIX;
}

/** The column type whose class has this Slice id. */
export function columnTypeOf(classId: string): ColumnType | undefined {
  return TYPES_BY_ID.get(classId);
}

/** Reads the own slice of a column class. */
export function readColumnBlock(input: InputBuffer, type: ColumnType): ColumnBlock {
  switch (columnKind(type)) {
    case "long":
      return { data: { kind: "long", values: input.readLongs() } };
    case "double":
      return { data: { kind: "double", values: input.readDoubles() } };
    case "bool":
      return { data: readBools(input) };
    case "mask":
      return { data: readMasks(input) };
    case "string": {
      const size = readColumnSize(input);
      return { size, data: readStrings(input) };
    }
    case "array": {
      const size = readColumnSize(input);
      const { rowSize, values } = readArrayRows(input, type as "FloatArray" | "DoubleArray" | "LongArray");
      return { size, data: { kind: "array", size: rowSize ?? Math.max(size, 0), values } };
    }
  }
}

function readColumnSize(input: InputBuffer): number {
  const size = Number(input.readLong());
  if (!Number.isSafeInteger(size)) throw input.fail(`a column of size ${size}`);
  return size;
}

function readBools(input: InputBuffer): BoolColumn {
  const values = input.readBytes();
  for (let row = 0; row < values.length; row++) values[row] = values[row] === 0 ? 0 : 1;
  return { kind: "bool", values };
}

function readStrings(input: InputBuffer): StringColumn {
  const blobs = readBlobs(input);
  if (!areUtf8(blobs)) throw input.fail("a column of text that is not UTF-8");
  return { kind: "string", ...blobs };
}

function readMasks(input: InputBuffer): MaskColumn {
  const column: MaskColumn = {
    kind: "mask",
    imageId: input.readLongs(),
    theZ: input.readInts(),
    theT: input.readInts(),
    x: input.readDoubles(),
    y: input.readDoubles(),
    w: input.readDoubles(),
    h: input.readDoubles(),
    ...readBlobs(input),
  };
  if (!isEvenMask(column)) throw input.fail("a mask column whose parts differ in length");
  return column;
}

function isEvenMask({ imageId, theZ, theT, x, y, w, h, offsets }: MaskColumn): boolean {
  return (
    [theZ, theT, x, y, w, h].every(({ length }) => length === imageId.length) && offsets.length === imageId.length + 1
  );
}

/** What is wrong with column data that is about to be written, or undefined. */
export function findColumnFault(type: ColumnType, data: ColumnData): string | undefined {
  const kind = columnKind(type);
  if (data.kind !== kind) return `values of kind "${data.kind}" in a ${type} column`;
  for (const [name, arrayClass] of Object.entries(columnParts(kind))) {
    const part = (data as unknown as Record<string, unknown>)[name];
    if (!(part instanceof arrayClass)) return `"${name}" is not of class ${arrayClass.name}`;
  }
  switch (data.kind) {
    case "string":
      if (!areConsistent(data)) return "text offsets that fall, or lie outside the text";
      return areUtf8(data) ? undefined : "text that is not UTF-8";
    case "mask":
      if (!isEvenMask(data)) return "mask parts that differ in length";
      return areConsistent(data) ? undefined : "mask offsets that fall, or lie outside the bytes";
    case "array":
      return findArrayFault(type, data);
    default:
      return undefined;
  }
}

function findArrayFault(type: ColumnType, { values, size }: ArrayColumn): string | undefined {
  const expected = elementArray(type);
  if (!(values instanceof expected)) return `"values" is not of class ${ELEMENT_ARRAYS[type as ArrayColumnType].name}`;
  if (values.length === 0) return undefined;
  return size > 0 && values.length % size === 0 ? undefined : `${values.length} values in rows of ${size}`;
}

/** About how many bytes {@link writeColumnBlock} writes. */
export function estimateColumnSize(data: ColumnData): number {
  const arrays = Object.values(data).filter((value) => ArrayBuffer.isView(value));
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 64);
  return data.kind === "array" ? bytes + Math.ceil(bytes / 4) : bytes;
}

/** Writes the own slice of a column class; the data has no fault (see {@link findColumnFault}). */
export function writeColumnBlock(output: OutputBuffer, { data, size }: ColumnBlock): void {
  if (data.kind === "string" || data.kind === "array") output.writeLong(BigInt(size ?? 0));
  switch (data.kind) {
    case "long":
    case "double":
      output.writeSize(data.values.length);
      output.writeNumbers(data.values);
      break;
    case "bool":
      output.writeSize(data.values.length);
      writeBools(output, data.values);
      break;
    case "string":
      writeBlobs(output, data);
      break;
    case "array":
      writeArrayRows(output, data.values as ArrayValues, data.size);
      break;
    case "mask":
      writeMasks(output, data);
  }
}

function writeBools(output: OutputBuffer, values: Uint8Array): void {
  const start = output.allocate(values.length);
  const target = output.at(start, values.length);
  for (let row = 0; row < values.length; row++) target[row] = values[row] === 0 ? 0 : 1;
}

function writeMasks(output: OutputBuffer, column: MaskColumn): void {
  const { imageId, theZ, theT, x, y, w, h } = column;
  for (const values of [imageId, theZ, theT, x, y, w, h]) {
    output.writeSize(values.length);
    output.writeNumbers(values);
  }
  writeBlobs(output, column);
}
