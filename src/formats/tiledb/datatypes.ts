/** TileDB datatypes (format specification, "Datatype") and the column types they stand for. */
import type { ColumnField, ColumnKind, ColumnType } from "../../columns/batch.js";
import { type ElementKind, elementKind } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";

const UTF8_ID = 12;
export const INT64_ID = 1;
export const FLOAT64_ID = 3;
export const BOOL_ID = 41;
/** Values a cell of variable length. */
export const VARIABLE = 0xffffffff;

export type SumKind = "int64" | "uint64" | "float64";

export interface Datatype {
  readonly id: number;
  readonly name: string;
  /** Bytes of one value. */
  readonly bytes: number;
  /** Value of a cell nobody wrote, little-endian. */
  readonly fill: readonly number[];
  readonly sum?: SumKind;
}

const NAN64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
const MIN64 = [0, 0, 0, 0, 0, 0, 0, 0x80];

/** Datatypes that are written, and read back. */
export const DATATYPES = {
  int64: { id: INT64_ID, name: "INT64", bytes: 8, fill: MIN64, sum: "int64" },
  float32: { id: 2, name: "FLOAT32", bytes: 4, fill: [0, 0, 0xc0, 0x7f], sum: "float64" },
  float64: { id: FLOAT64_ID, name: "FLOAT64", bytes: 8, fill: NAN64, sum: "float64" },
  utf8: { id: UTF8_ID, name: "STRING_UTF8", bytes: 1, fill: [0] },
  bool: { id: BOOL_ID, name: "BOOL", bytes: 1, fill: [0], sum: "uint64" },
} as const satisfies Record<string, Datatype>;

/** Names of all datatypes, to refuse one by its name. */
const NAMES = [
  "INT32,INT64,FLOAT32,FLOAT64,CHAR,INT8,UINT8,INT16,UINT16,UINT32,UINT64,STRING_ASCII,STRING_UTF8,STRING_UTF16",
  "STRING_UTF32,STRING_UCS2,STRING_UCS4,ANY,DATETIME_YEAR,DATETIME_MONTH,DATETIME_WEEK,DATETIME_DAY,DATETIME_HR",
  "DATETIME_MIN,DATETIME_SEC,DATETIME_MS,DATETIME_US,DATETIME_NS,DATETIME_PS,DATETIME_FS,DATETIME_AS,TIME_HR,TIME_MIN",
  "TIME_SEC,TIME_MS,TIME_US,TIME_NS,TIME_PS,TIME_FS,TIME_AS,BLOB,BOOL,GEOM_WKB,GEOM_WKT",
]
  .join(",")
  .split(",");

export function datatypeName(id: number): string {
  return NAMES[id] ?? `datatype ${id}`;
}

/** How values of a datatype that can be read are stored; integers of any width are read as int64. */
export type Storage =
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float32"
  | "float64";

const STORAGE: Record<number, Storage> = {
  0: "int32",
  1: "int64",
  2: "float32",
  3: "float64",
  5: "int8",
  6: "uint8",
  7: "int16",
  8: "uint16",
  9: "uint32",
  10: "uint64",
};

export function storageOf(id: number): Storage | undefined {
  return STORAGE[id];
}

export const STORAGE_BYTES: Record<Storage, number> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

/** Whether a datatype is text or bytes of variable length. */
export function isText(id: number): boolean {
  return id === UTF8_ID || id === 4 || id === 11;
}

const ELEMENT_DATATYPES: Readonly<Record<ElementKind, Datatype>> = {
  float: DATATYPES.float32,
  double: DATATYPES.float64,
  long: DATATYPES.int64,
};
/** How a column of each kind is written: its datatype, and values a cell. */
const WRITTEN: Readonly<
  Record<ColumnKind, { datatype(type: ColumnType): Datatype | undefined; values(size: number): number }>
> = {
  long: { datatype: () => DATATYPES.int64, values: () => 1 },
  double: { datatype: () => DATATYPES.float64, values: () => 1 },
  bool: { datatype: () => DATATYPES.bool, values: () => 1 },
  string: { datatype: () => DATATYPES.utf8, values: () => VARIABLE },
  array: { datatype: (type) => ELEMENT_DATATYPES[elementKind(type)!], values: (size) => size },
  mask: { datatype: () => undefined, values: () => 1 },
};

/** The datatype a column is written as, or undefined for a mask, which TileDB has nothing for. */
export function datatypeOf(type: ColumnType): Datatype | undefined {
  return WRITTEN[columnKind(type)].datatype(type);
}

/** Values in one cell of a column. */
export function cellValues({ type, size }: ColumnField): number {
  return WRITTEN[columnKind(type)].values(size);
}
