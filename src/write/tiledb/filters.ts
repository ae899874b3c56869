/**
 * Filters and filter pipelines (TileDB format specification, "Filter pipeline"): type uint8, options length uint32, options;
 * a compressor's options are its type again (uint8) and its level (int32).
 */
import zlib from "node:zlib";
import type { ByteReader } from "./byte-reader.js";
import { malformed, unsupported } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";

/** Filter types by their number in a file. */
export const FILTER_NAMES = [
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

/** Compressors this package writes and reads. */
export type Compressor = "gzip" | "zstd" | "rle";

export interface Filter {
  readonly compressor: Compressor;
  /** -1: the compressor's own default. */
  readonly level: number;
}

export const ZSTD: Filter = { compressor: "zstd", level: -1 };
export const RLE: Filter = { compressor: "rle", level: -1 };
export const GZIP: Filter = { compressor: "gzip", level: 1 };

/** Most bytes of a tile that are filtered together. */
export const MAX_CHUNK = 65_536;

export function writePipeline(out: ByteWriter, filters: readonly Filter[]): ByteWriter {
  out.uint32(MAX_CHUNK, filters.length);
  for (const { compressor, level } of filters) {
    const type = FILTER_NAMES.indexOf(compressor);
    out.uint8(type).uint32(5).uint8(type).uint32(level);
  }
  return out;
}

/** At most one compressor is read; anything else is refused by its name. */
export function readPipeline(input: ByteReader, path: string): Filter[] {
  input.uint32();
  const filters: Filter[] = [];
  for (let left = input.count32(5); left > 0; left--) {
    const type = input.uint8();
    const options = input.bytes(input.uint32());
    const name = FILTER_NAMES[type];
    if (name === "none") continue;
    if (name !== "gzip" && name !== "zstd" && name !== "rle") throw unsupported(path, `the filter "${name ?? type}"`);
    if (options.length < 5) throw malformed(path, `a ${name} filter without its level`);
    filters.push({ compressor: name, level: new DataView(options.buffer, options.byteOffset).getInt32(1, true) });
  }
  if (filters.length > 1) throw unsupported(path, `a pipeline of ${filters.length} filters`);
  return filters;
}

/** @throws DataError where the runtime has no such compressor. */
export function compress(filter: Filter, bytes: Uint8Array): Uint8Array {
  if (filter.compressor === "gzip") return zlib.deflateSync(bytes, { level: filter.level });
  if (filter.compressor === "zstd") return runtimeZstd()?.compress(bytes) ?? storedZstd(bytes);
  throw new TypeError(`${filter.compressor} is not written`);
}

export type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/** A function that inflates one chunk; it fails where the chunk does not give exactly the declared length. */
export async function decompressor(filter: Filter, path: string): Promise<Decompress> {
  if (filter.compressor === "rle") throw unsupported(path, "a value compressed by run length");
  const inflate = filter.compressor === "gzip" ? inflateGzip : (runtimeZstd()?.decompress ?? (await libraryZstd()));
  return (bytes, length) => {
    let result: Uint8Array;
    try {
      result = inflate(bytes, length);
    } catch (cause) {
      throw malformed(path, `a chunk that is not ${filter.compressor}`, cause);
    }
    if (result.length !== length) throw malformed(path, `a chunk of ${result.length} bytes that declares ${length}`);
    return result;
  };
}

const inflateGzip: Decompress = (bytes, length) => zlib.inflateSync(bytes, { maxOutputLength: Math.max(length, 1) });

async function libraryZstd(): Promise<Decompress> {
  const { decompress } = await import("fzstd");
  return (bytes, length) => {
    const declared = zstdContentSize(bytes);
    if (declared !== undefined && declared !== length) throw new RangeError(`a frame of ${declared} bytes`);
    return decompress(bytes, new Uint8Array(length));
  };
}

interface RuntimeZstd {
  compress(bytes: Uint8Array): Uint8Array;
  decompress: Decompress;
}

/** Zstandard of the runtime: Node.js has it from 22.15 on. */
function runtimeZstd(): RuntimeZstd | undefined {
  const runtime = zlib as unknown as {
    zstdCompressSync?(bytes: Uint8Array): Uint8Array;
    zstdDecompressSync?(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
  };
  const { zstdCompressSync, zstdDecompressSync } = runtime;
  if (!zstdCompressSync || !zstdDecompressSync) return undefined;
  return {
    compress: (bytes) => zstdCompressSync(bytes),
    decompress: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(length, 1) }),
  };
}

/** A Zstandard frame of one raw block (RFC 8878): for runtimes that cannot compress. `bytes` fits one block. */
function storedZstd(bytes: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.uint32(0xfd2fb528);
  if (bytes.length < 256) out.uint8(0x20, bytes.length);
  else out.uint8(0xa0).uint32(bytes.length);
  const block = (bytes.length << 3) | 1;
  return out
    .uint8(block & 255, (block >> 8) & 255, (block >> 16) & 255)
    .bytes(bytes)
    .result();
}

/** Content size a Zstandard frame header declares (RFC 8878, 3.1.1.1), if it does. */
function zstdContentSize(frame: Uint8Array): number | undefined {
  if (frame.length < 6) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== 0xfd2fb528) throw new RangeError("no Zstandard magic number");
  const descriptor = frame[4]!;
  const single = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const at = 5 + (single ? 0 : 1) + dictionaryBytes;
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6]!;
  if (sizeBytes === 0 || at + sizeBytes > frame.length) return undefined;
  if (sizeBytes === 1) return view.getUint8(at);
  if (sizeBytes === 2) return view.getUint16(at, true) + 256;
  return sizeBytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
