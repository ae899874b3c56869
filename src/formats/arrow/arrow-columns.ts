/** Columns of Arrow record batches as values that columns of OMERO.tables can take. */
import type * as Arrow from "apache-arrow";
import type { ArrayColumn, BoolColumn, StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { firstNotUtf8 } from "../../columns/texts.js";
import { DataError } from "../../errors.js";
import type { Values } from "../values/value-columns.js";
import { valueDoesNotFit } from "../values/value-errors.js";
import { isoDate, isoTime, isoTimestamp, type TimeUnit } from "./iso-time.js";
import { viewedTexts } from "./text-views.js";

/** Columnar where Arrow's memory can be used as it is; else values, with undefined for nulls. */
export type ArrowColumn =
  | StringColumn
  | BoolColumn
  | ArrayColumn
  | { readonly kind: "values"; readonly values: Values };

/** Numbers of Arrow's types (`Type` in Schema.fbs), so that tables of any copy of apache-arrow can be read. */
export const ArrowTypeId = {
  NULL: 1,
  INT: 2,
  FLOAT: 3,
  UTF8: 5,
  BOOL: 6,
  DATE: 8,
  TIME: 9,
  TIMESTAMP: 10,
  LIST: 12,
  STRUCT: 13,
  FIXED_SIZE_LIST: 16,
  LARGE_UTF8: 20,
  UTF8_VIEW: 24,
  DICTIONARY: -1,
} as const;
const { NULL, INT, FLOAT, UTF8, BOOL, DATE, TIME, TIMESTAMP, LIST, STRUCT, FIXED_SIZE_LIST } = ArrowTypeId;
const { LARGE_UTF8, UTF8_VIEW, DICTIONARY } = ArrowTypeId;
const HALF_PRECISION = 0;
const DAYS = 0;
const SCALARS: readonly number[] = [NULL, INT, FLOAT, UTF8, BOOL, DATE, TIME, TIMESTAMP, LARGE_UTF8, UTF8_VIEW];
const ELEMENTS: readonly number[] = [INT, FLOAT];
const DICTIONARY_ENTRIES: readonly number[] = [INT, FLOAT, BOOL, UTF8, LARGE_UTF8, UTF8_VIEW];
const DAY = 86_400_000;
const MASK_MEMBERS = ["imageId", "theZ", "theT", "x", "y", "w", "h", "bytes"];

/** @throws DataError `UNSUPPORTED_TYPE` for a column of a type that no column of OMERO.tables can take. */
export function checkArrowField({ name, type }: Arrow.Field): void {
  if (isReadable(type)) return;
  const message = `Column "${name}" is ${type} in Arrow, for which OMERO.tables has no column; cast it to numbers, text or lists of numbers`;
  throw new DataError("UNSUPPORTED_TYPE", message, { column: name });
}

function isReadable(type: Arrow.DataType): boolean {
  const id: number = type.typeId;
  if (SCALARS.includes(id)) return true;
  if (id === DICTIONARY) return DICTIONARY_ENTRIES.includes((type as Arrow.Dictionary).dictionary.typeId);
  if (id === LIST || id === FIXED_SIZE_LIST) return ELEMENTS.includes(type.children[0]!.type.typeId);
  return id === STRUCT && MASK_MEMBERS.every((name) => type.children.some((member) => member.name === name));
}

/**
 * A column of one record batch.
 * @param vector of a type that {@link checkArrowField} lets pass
 * @param firstRow for errors
 */
export function arrowColumn(vector: Arrow.Vector, name: string, firstRow: number): ArrowColumn {
  const [data] = vector.data;
  const { type, length, nullCount } = vector;
  if (data === undefined || length === 0) return { kind: "values", values: [] };
  switch (type.typeId as number) {
    case INT:
      return numbers(data, nullCount);
    case FLOAT:
      return (type as Arrow.Float).precision === HALF_PRECISION ? values(vector) : numbers(data, nullCount);
    case UTF8:
      return nullCount === 0 ? text(data, name, firstRow) : values(vector);
    case UTF8_VIEW:
      return viewed(data, nullCount, name, firstRow);
    case BOOL:
      return nullCount === 0 ? bools(data) : values(vector);
    case FIXED_SIZE_LIST:
      return lists(vector, data);
    case LIST:
      return listArrays(vector);
    case STRUCT:
      return masks(vector);
    case DATE:
    case TIME:
    case TIMESTAMP:
      return times(data, name, firstRow);
    case DICTIONARY:
      return dictionary(data, name, firstRow);
    default:
      return values(vector);
  }
}

function values(vector: Arrow.Vector): ArrowColumn {
  return { kind: "values", values: Array.from({ length: vector.length }, (_, row) => plain(vector.get(row))) };
}

function plain(value: unknown): unknown {
  return value ?? undefined;
}

/** A list is a vector of its own in Arrow. */
function listArrays(vector: Arrow.Vector): ArrowColumn {
  const listAt = (row: number) => (vector.get(row) as Arrow.Vector | null)?.toArray();
  return { kind: "values", values: Array.from({ length: vector.length }, (_, row) => listAt(row)) };
}

function masks(vector: Arrow.Vector): ArrowColumn {
  const maskAt = (row: number) => (vector.get(row) as Arrow.StructRow | null)?.toJSON();
  return { kind: "values", values: Array.from({ length: vector.length }, (_, row) => maskAt(row)) };
}

function numbers(data: Arrow.Data, nullCount: number): ArrowColumn {
  const all = (data.values as Float64Array).subarray(0, data.length);
  if (nullCount === 0) return { kind: "values", values: all };
  const valid = Array.from(all, (value, row) => (data.getValid(row) ? value : undefined));
  return { kind: "values", values: valid };
}

/** Whoever filled the buffers may have got them wrong. */
function text({ valueOffsets, values, length }: Arrow.Data, name: string, firstRow: number): StringColumn {
  const offsets = (valueOffsets as Int32Array).subarray(0, length + 1);
  const all = values as Uint8Array;
  const wrong = offsets.findIndex((offset, row) => offset < (offsets[row - 1] ?? 0) || offset > all.length);
  if (wrong >= 0) throw damagedText(name, firstRow + Math.max(0, wrong - 1), "does not lie in the column's buffer");
  const foreign = firstNotUtf8({ offsets, bytes: all });
  if (foreign >= 0) throw damagedText(name, firstRow + foreign, "is not UTF-8");
  const first = offsets[0]!;
  const bytes = all.subarray(first, offsets[length]);
  return { kind: "string", offsets: first === 0 ? offsets : offsets.map((offset) => offset - first), bytes };
}

function viewed(data: Arrow.Data, nullCount: number, name: string, firstRow: number): ArrowColumn {
  const texts: StringColumn = { kind: "string", ...viewsOf(data, name, firstRow) };
  const foreign = firstNotUtf8(texts);
  if (foreign >= 0) throw damagedText(name, firstRow + foreign, "is not UTF-8");
  if (nullCount === 0) return texts;
  const values = columnValues(texts).map((text, row) => (data.getValid(row) ? text : undefined));
  return { kind: "values", values };
}

function viewsOf(data: Arrow.Data, name: string, firstRow: number) {
  try {
    return viewedTexts(data);
  } catch (cause) {
    if (cause instanceof RangeError) throw damagedText(name, firstRow, "does not lie in the column's buffers");
    throw cause;
  }
}

function damagedText(column: string, row: number, why: string): DataError {
  const message = `Column "${column}", row ${row}: the text ${why}; the Arrow table is damaged`;
  return new DataError("VALUE_DOES_NOT_FIT", message, { column, row });
}

/** One bit a row, the first in the lowest. */
function bools({ values, offset, length }: Arrow.Data): BoolColumn {
  const bits = values as Uint8Array;
  const bytes = new Uint8Array(length);
  for (let row = 0; row < length; row++) bytes[row] = (bits[(offset + row) >> 3]! >> ((offset + row) & 7)) & 1;
  return { kind: "bool", values: bytes };
}

/** Lists of equal length without nulls lie one after the other in their child. */
function lists(vector: Arrow.Vector, data: Arrow.Data): ArrowColumn {
  const [child] = data.children;
  const size = (vector.type as Arrow.FixedSizeList).listSize;
  const elements = child!.values as unknown;
  const isBulk =
    elements instanceof Float32Array || elements instanceof Float64Array || elements instanceof BigInt64Array;
  if (!isBulk || vector.nullCount > 0 || child!.nullCount > 0 || size === 0) return listArrays(vector);
  return { kind: "array", size, values: elements.subarray(0, data.length * size) };
}

function times(data: Arrow.Data, name: string, firstRow: number): ArrowColumn {
  const raw = data.values as Int32Array | BigInt64Array;
  const toText = timeText(data.type);
  const texts = Array.from({ length: data.length }, (_, row) => {
    if (!data.getValid(row)) return undefined;
    try {
      return toText(BigInt(raw[row]!));
    } catch (cause) {
      if (cause instanceof RangeError)
        throw valueDoesNotFit(name, firstRow + row, raw[row], "is a time beyond JavaScript's dates");
      throw cause;
    }
  });
  return { kind: "values", values: texts };
}

function timeText(type: Arrow.DataType): (value: bigint) => string {
  if ((type.typeId as number) === DATE) {
    const scale = (type as Arrow.Date_).unit === DAYS ? DAY : 1;
    return (value) => isoDate(Number(value) * scale);
  }
  if ((type.typeId as number) === TIME) return (value) => isoTime(value, (type as Arrow.Time).unit as TimeUnit);
  const { unit, timezone } = type as Arrow.Timestamp;
  const isUtc = typeof timezone === "string" && timezone !== "";
  return (value) => isoTimestamp(value, unit as TimeUnit, isUtc);
}

function dictionaryEntries(entries: Arrow.Vector, name: string): readonly unknown[] {
  if ((entries.type.typeId as number) !== UTF8_VIEW)
    return Array.from({ length: entries.length }, (_, index) => plain(entries.get(index)));
  return entries.data.flatMap((data) => {
    const column = viewed(data, data.nullCount, name, 0);
    return column.kind === "string" ? columnValues(column) : Array.from(column.values as ArrayLike<unknown>);
  });
}

/** Each entry of the dictionary is decoded once. */
function dictionary(data: Arrow.Data, name: string, firstRow: number): ArrowColumn {
  const entries = data.dictionary!;
  const decoded = dictionaryEntries(entries, name);
  const keys = data.values as ArrayLike<number | bigint>;
  const rows = Array.from({ length: data.length }, (_, row) => {
    if (!data.getValid(row)) return undefined;
    const key = Number(keys[row]);
    if (!(key >= 0 && key < decoded.length))
      throw valueDoesNotFit(name, firstRow + row, keys[row], "is not in the dictionary");
    return decoded[key];
  });
  return { kind: "values", values: rows };
}
