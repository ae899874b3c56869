/**
 * Columns of `omero::grid` between the wire and {@link ColumnData}, with no object per cell. The members are those of
 * `omero/Tables.ice`: `values`, after `size` in columns of text and arrays; eight sequences in a mask column.
 */

import type {
  ArrayColumn,
  BoolColumn,
  ColumnData,
  ColumnKind,
  ColumnType,
  MaskColumn,
  StringColumn,
} from "../../../../columns/batch.js";
import { COLUMN_TYPES } from "../../../../columns/batch.js";
import { type ArrayColumnType, ELEMENT_ARRAYS, elementArray } from "../../../../columns/kinds/array.js";
import { columnKind, columnParts } from "../../../../columns/kinds/kinds.js";
import { areUtf8 } from "../../../../columns/texts.js";
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

/** How the data of a kind stands in the own slice of its column class. */
interface BlockForm<Data extends ColumnData> {
  /** Whether the column's size stands before the data. */
  readonly isSized: boolean;
  read(input: InputBuffer, type: ColumnType, size: number): Data;
  /** What is wrong with data that is about to be written, or undefined; its parts are of the right class. */
  findFault?(data: Data, type: ColumnType): string | undefined;
  write(output: OutputBuffer, data: Data): void;
}

const FORMS: { readonly [Kind in ColumnKind]: BlockForm<Extract<ColumnData, { kind: Kind }>> } = {
  long: {
    isSized: false,
    read: (input) => ({ kind: "long", values: input.readLongs() }),
    write: (output, { values }) => writeNumbers(output, values),
  },
  double: {
    isSized: false,
    read: (input) => ({ kind: "double", values: input.readDoubles() }),
    write: (output, { values }) => writeNumbers(output, values),
  },
  bool: { isSized: false, read: readBools, write: (output, { values }) => writeBools(output, values) },
  string: { isSized: true, read: readStrings, findFault: findTextFault, write: writeBlobs },
  array: {
    isSized: true,
    read: readArrays,
    findFault: findArrayFault,
    write: (output, { values, size }) => writeArrayRows(output, values as ArrayValues, size),
  },
  mask: { isSized: false, read: readMasks, findFault: findMaskFault, write: writeMasks },
};

function formOf(kind: ColumnKind): BlockForm<ColumnData> {
  return FORMS[kind] as BlockForm<ColumnData>;
}

/** Reads the own slice of a column class. */
export function readColumnBlock(input: InputBuffer, type: ColumnType): ColumnBlock {
  const form = formOf(columnKind(type));
  if (!form.isSized) return { data: form.read(input, type, 0) };
  const size = readColumnSize(input);
  return { size, data: form.read(input, type, size) };
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

function readArrays(input: InputBuffer, type: ColumnType, size: number): ArrayColumn {
  const { rowSize, values } = readArrayRows(input, type as ArrayColumnType);
  return { kind: "array", size: rowSize ?? Math.max(size, 0), values };
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
  return formOf(kind).findFault?.(data, type);
}

function findTextFault(data: StringColumn): string | undefined {
  if (!areConsistent(data)) return "text offsets that fall, or lie outside the text";
  return areUtf8(data) ? undefined : "text that is not UTF-8";
}

function findMaskFault(data: MaskColumn): string | undefined {
  if (!isEvenMask(data)) return "mask parts that differ in length";
  return areConsistent(data) ? undefined : "mask offsets that fall, or lie outside the bytes";
}

function findArrayFault({ values, size }: ArrayColumn, type: ColumnType): string | undefined {
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
  const form = formOf(data.kind);
  if (form.isSized) output.writeLong(BigInt(size ?? 0));
  form.write(output, data);
}

function writeNumbers(output: OutputBuffer, values: BigInt64Array | Float64Array): void {
  output.writeSize(values.length);
  output.writeNumbers(values);
}

function writeBools(output: OutputBuffer, values: Uint8Array): void {
  output.writeSize(values.length);
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
