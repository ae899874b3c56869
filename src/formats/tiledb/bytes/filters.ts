/**
 * Filters and filter pipelines (TileDB format specification, "Filter pipeline"): uint32 most bytes of a chunk, uint32 number of
 * filters; each filter is uint8 type, uint32 length of its options, options. A compressor's options are its type again (uint8)
 * and its level (int32).
 */
import { type ByteCursor, malformedArray, unsupportedArray } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/** Filter types by their number in a file. */
const FILTER_NAMES = [
  "none",
  "gzip",
  "zstd",
  "lz4",
  "rle",
  "bzip2",
  "double delta",
  "bit width reduction",
  "bitshuffle",
  "byteshuffle",
  "positive delta",
  "encryption",
  "MD5 checksum",
  "SHA-256 checksum",
  "dictionary",
  "scale float",
  "xor",
  "bitsort",
  "webp",
  "delta",
] as const;

/** Compressors that are read; all but "rle" are written too. */
const COMPRESSORS = ["gzip", "zstd", "rle"] as const;
export type Compressor = (typeof COMPRESSORS)[number];

export interface Filter {
  readonly compressor: Compressor;
  /** -1: the compressor's own default. */
  readonly level: number;
}

export const ZSTD: Filter = { compressor: "zstd", level: -1 };
export const RLE: Filter = { compressor: "rle", level: -1 };
export const GZIP: Filter = { compressor: "gzip", level: 1 };

/** Most bytes of a tile that are filtered together; the engine's own choice. */
export const MAX_CHUNK = 65_536;

export function writePipeline(out: ByteWriter, filters: readonly Filter[]): ByteWriter {
  out.uint32(MAX_CHUNK, filters.length);
  for (const { compressor, level } of filters) {
    const type = FILTER_NAMES.indexOf(compressor);
    out.uint8(type).uint32(5).uint8(type).uint32(level);
  }
  return out;
}

/** A pipeline as it is read. */
export interface Pipeline {
  /** Whether it names no filter, not even "none". */
  readonly isEmpty: boolean;
  /** The one filter that does something, if there is one. */
  readonly filter: Filter | undefined;
}

/** @throws DataError `UNSUPPORTED_TYPE` naming a filter that is not read, or for several in one pipeline. */
export function readPipeline(input: ByteCursor, path: string): Pipeline {
  input.uint32();
  const filters: Filter[] = [];
  const count = input.count32(5);
  for (let left = count; left > 0; left--) {
    const type = input.uint8();
    const options = input.bytes(input.uint32());
    const name = FILTER_NAMES[type];
    if (name === "none") continue;
    const compressor = COMPRESSORS.find((known) => known === name);
    if (!compressor) throw unsupportedArray(path, `the filter "${name ?? type}"`);
    if (options.length < 5) throw malformedArray(path, `a ${name} filter without its level`);
    filters.push({ compressor, level: new DataView(options.buffer, options.byteOffset).getInt32(1, true) });
  }
  if (filters.length > 1) {
    throw unsupportedArray(path, `a pipeline of ${filters.map(({ compressor }) => compressor).join(" and ")}`);
  }
  return { isEmpty: count === 0, filter: filters[0] };
}
