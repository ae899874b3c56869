/**
 * Array schemas (TileDB format specification, "Array schema"): what `tiledb.from_pandas(sparse=True, full_domain=True,
 * tile=10000)` makes, which is what OMERO Plus registers: one int64 dimension of row numbers, one attribute a column.
 */

import type { ColumnField, ColumnType } from "../../columns/batch.js";
import { INT64_MAX, INT64_MIN } from "../../columns/int64.js";
import { type ByteCursor, malformedArray, unsupportedArray } from "./bytes/byte-reader.js";
import { ByteWriter } from "./bytes/byte-writer.js";
import { type Filter, type Pipeline, RLE, readPipeline, writePipeline, ZSTD } from "./bytes/filters.js";
import { FORMAT_VERSION, TILE_LIMIT } from "./bytes/tile.js";
import {
  BOOL_ID,
  cellValues,
  datatypeName,
  datatypeOf,
  INT64_ID,
  isText,
  STORAGE_BYTES,
  type Storage,
  storageOf,
  VARIABLE,
} from "./datatypes.js";

/** Cells a tile. */
export const CAPACITY = 10_000;
export const DIMENSION = "__tiledb_rows";
/** The dimension's tile extent; the domain ends that much below the largest int64. */
const EXTENT = 10_000;

/** @param fields those that `checkAttributes` lets pass. */
export function encodeSchema(fields: readonly ColumnField[]): Uint8Array {
  const out = new ByteWriter();
  out.uint32(FORMAT_VERSION).uint8(0, 1, 0, 0).uint64(CAPACITY);
  for (const filter of [ZSTD, ZSTD, RLE]) writePipeline(out, [filter]);
  out.uint32(1).text(DIMENSION).uint8(INT64_ID).uint32(1);
  writePipeline(out, [ZSTD])
    .uint64(16, INT64_MIN, INT64_MAX - BigInt(EXTENT))
    .uint8(0)
    .uint64(EXTENT);
  out.uint32(fields.length);
  for (const field of fields) encodeAttribute(out, field);
  return out.uint32(0, 0, 0).uint8(1).result();
}

function encodeAttribute(out: ByteWriter, field: ColumnField): void {
  const datatype = datatypeOf(field.type)!;
  const values = cellValues(field);
  const fill = Array.from({ length: values === VARIABLE ? 1 : values }, () => datatype.fill).flat();
  writePipeline(out.text(field.name).uint8(datatype.id).uint32(values), [])
    .uint64(fill.length)
    .uint8(...fill)
    .uint8(0, 0, 0)
    .uint32(0);
}

/** An attribute as it is read: its column type and how its values lie in the file. */
export interface Attribute {
  readonly name: string;
  readonly type: ColumnType;
  /** Values a cell; 1 for text. */
  readonly size: number;
  readonly storage: Storage | "bool" | "text";
  readonly filter: Filter | undefined;
}

export interface ArraySchema {
  readonly attributes: readonly Attribute[];
  readonly capacity: number;
  /** Filters of the files of row numbers, of the times of cells, and of where texts begin. */
  readonly coordinates: Filter | undefined;
  readonly timestamps: Filter | undefined;
  readonly offsets: Filter | undefined;
}

/** Bytes of one cell in the attribute's own file; text has 8 bytes of offset there. */
export function cellBytes({ storage, size }: Attribute): number {
  if (storage === "text") return 8;
  return storage === "bool" ? 1 : STORAGE_BYTES[storage] * size;
}

/** @throws DataError `UNSUPPORTED_TYPE` naming what this package does not read. */
export function decodeSchema(input: ByteCursor, path: string): ArraySchema {
  const version = input.uint32();
  if (version < 20 || version > 23) throw unsupportedArray(path, `format version ${version}`);
  if (input.uint8() !== 0) throw unsupportedArray(path, "an array that allows duplicates");
  if (input.uint8() !== 1) throw unsupportedArray(path, "a dense array");
  input.bytes(2);
  const capacity = input.size();
  if (capacity < 1) throw malformedArray(path, "a capacity of 0");
  if (capacity > TILE_LIMIT / 8) throw unsupportedArray(path, `a capacity of ${capacity} cells a tile`);
  const coordinates = readPipeline(input, path);
  const offsets = readPipeline(input, path);
  readPipeline(input, path);
  const dimension = decodeDimension(input, path);
  const attributes: Attribute[] = [];
  for (let left = input.count32(20); left > 0; left--) attributes.push(decodeAttribute(input, path));
  return {
    attributes,
    capacity,
    coordinates: (dimension.isEmpty ? coordinates : dimension).filter,
    timestamps: coordinates.filter,
    offsets: offsets.filter,
  };
}

/** The dimension's own pipeline. */
function decodeDimension(input: ByteCursor, path: string): Pipeline {
  const dimensions = input.uint32();
  if (dimensions !== 1) throw unsupportedArray(path, `an array of ${dimensions} dimensions`);
  const name = input.text();
  const type = input.uint8();
  if (type !== INT64_ID) throw unsupportedArray(path, `the dimension "${name}" of type ${datatypeName(type)}`);
  input.uint32();
  const pipeline = readPipeline(input, path);
  input.bytes(input.size());
  if (input.uint8() === 0) input.bytes(8);
  return pipeline;
}

function decodeAttribute(input: ByteCursor, path: string): Attribute {
  const name = input.text();
  const type = input.uint8();
  const values = input.uint32();
  const { filter } = readPipeline(input, path);
  input.bytes(input.size());
  const nullable = input.uint8();
  input.uint8();
  input.uint8();
  const enumeration = input.text();
  const named = `the attribute "${name}"`;
  if (nullable !== 0) throw unsupportedArray(path, `${named}, which may hold nulls,`);
  if (enumeration !== "") throw unsupportedArray(path, `${named}, a category,`);
  const column = columnOf(type, values);
  if (!column)
    throw unsupportedArray(path, `${named} of type ${datatypeName(type)}${values === 1 ? "" : ` x ${values}`}`);
  return { name, filter, ...column };
}

function columnOf(type: number, values: number): Pick<Attribute, "type" | "size" | "storage"> | undefined {
  if (isText(type)) return values === VARIABLE ? { type: "String", size: 1, storage: "text" } : undefined;
  if (type === BOOL_ID) return values === 1 ? { type: "Bool", size: 1, storage: "bool" } : undefined;
  const storage = storageOf(type);
  if (!storage || values === VARIABLE || values === 0 || values > 1_000_000) return undefined;
  const real = storage === "float32" || storage === "float64";
  if (values === 1) return { type: real ? "Double" : "Long", size: 1, storage };
  if (real) return { type: storage === "float32" ? "FloatArray" : "DoubleArray", size: values, storage };
  return storage === "int64" ? { type: "LongArray", size: values, storage } : undefined;
}
