/** The compressors of a tile's chunks: gzip (a zlib stream), Zstandard and run lengths. */

import { malformedArray, unsupportedArray } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import type { Compressor, Filter } from "./filters.js";
import { zlib } from "./node.js";

/** @param chunk at most 65,536 bytes where the compressor is Zstandard. */
export function compress({ compressor, level }: Filter, chunk: Uint8Array): Uint8Array {
  if (compressor === "gzip") return zlib.deflateSync(chunk, { level });
  if (compressor === "zstd") return runtimeZstd()?.compress(chunk) ?? storedZstd(chunk);
  throw new TypeError(`${compressor} is not written`);
}

/** Makes the chunk of `length` bytes that was stored. */
export type Inflate = (stored: Uint8Array, length: number) => Uint8Array;

/** Most bytes a stored byte can stand for. A chunk that claims more is not what it says. */
const MOST_BYTES_PER_BYTE: Record<Compressor, number> = { gzip: 1032, zstd: 32_768, rle: 65_535 };

/** Largest chunk that is inflated: a thousand times what the engine makes of ordinary cells. */
const CHUNK_LIMIT = 1 << 26;

/**
 * A function that inflates single chunks, and throws DataError `MALFORMED_FILE` where one does not give exactly the declared
 * length.
 * @param cellBytes bytes of a cell; run lengths repeat whole cells.
 */
export async function inflater(filter: Filter, cellBytes: number, path: string): Promise<Inflate> {
  const { compressor } = filter;
  const inflate = await plainInflate(compressor, cellBytes);
  return (stored, length) => {
    if (length > CHUNK_LIMIT) throw unsupportedArray(path, `a chunk of ${length} bytes`);
    if (length > stored.length * MOST_BYTES_PER_BYTE[compressor]) {
      throw malformedArray(path, `a chunk of ${length} bytes stored in ${stored.length}`);
    }
    let chunk: Uint8Array;
    try {
      chunk = inflate(stored, length);
    } catch (cause) {
      throw malformedArray(path, `a chunk that is not ${compressor}`, cause);
    }
    if (chunk.length !== length) throw malformedArray(path, `a chunk of ${chunk.length} bytes that declares ${length}`);
    return chunk;
  };
}

async function plainInflate(compressor: Compressor, cellBytes: number): Promise<Inflate> {
  if (compressor === "gzip") return (stored, length) => zlib.inflateSync(stored, { maxOutputLength: length });
  if (compressor === "rle") return (stored, length) => repeatCells(stored, length, cellBytes);
  return runtimeZstd()?.decompress ?? libraryZstd();
}

interface Zstd {
  compress(chunk: Uint8Array): Uint8Array;
  readonly decompress: Inflate;
}

/** Zstandard of the runtime: Node.js has it from 22.15 on. */
function runtimeZstd(): Zstd | undefined {
  const runtime = zlib as unknown as {
    zstdCompressSync?(bytes: Uint8Array): Uint8Array;
    zstdDecompressSync?(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
  };
  const { zstdCompressSync, zstdDecompressSync } = runtime;
  if (!zstdCompressSync || !zstdDecompressSync) return undefined;
  return {
    compress: (chunk) => zstdCompressSync(chunk),
    decompress: (stored, length) => zstdDecompressSync(stored, { maxOutputLength: length }),
  };
}

async function libraryZstd(): Promise<Inflate> {
  const { ZSTDDecoder } = await import("zstddec");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return (stored, length) => decoder.decode(stored, length);
}

/** A Zstandard frame of one raw block (RFC 8878): for runtimes that cannot compress. */
function storedZstd(chunk: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.uint32(0xfd2fb528);
  if (chunk.length < 256) out.uint8(0x20, chunk.length);
  else out.uint8(0xa0).uint32(chunk.length);
  const header = (chunk.length << 3) | 1;
  return out
    .uint8(header & 255, (header >> 8) & 255, (header >> 16) & 255)
    .bytes(chunk)
    .result();
}

/** Runs: a cell, then how often it comes (uint16, big-endian). */
function repeatCells(stored: Uint8Array, length: number, cellBytes: number): Uint8Array {
  const chunk = new Uint8Array(length);
  let at = 0;
  for (let run = 0; run < stored.length; run += cellBytes + 2) {
    const end = run + cellBytes;
    if (end + 2 > stored.length) throw new RangeError("a run is cut short");
    const cell = stored.subarray(run, end);
    for (let left = stored[end]! * 256 + stored[end + 1]!; left > 0; left--) {
      chunk.set(cell, at);
      at += cellBytes;
    }
  }
  if (at !== length) throw new RangeError(`runs of ${at} bytes`);
  return chunk;
}
