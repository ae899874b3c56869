/**
 * Tiles as they lie in a file (TileDB format specification, "Tile" and "Generic tile"): a uint64 chunk count, then chunks of
 * uint32 original length, uint32 stored length, uint32 length of the filters' own metadata, that metadata, the data.
 */
import type { ByteReader } from "./byte-reader.js";
import { malformed, ByteReader as Reader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import {
  compress,
  type Decompress,
  decompressor,
  type Filter,
  GZIP,
  MAX_CHUNK,
  readPipeline,
  writePipeline,
} from "./filters.js";

/** Version of the format that is written; older and newer engines read it. */
export const FORMAT_VERSION = 22;
const CHAR = 4;
/** A chunk with a compressor: uint32 metadata parts 0, data parts 1, original length, compressed length. */
const COMPRESSOR_METADATA = 16;

/** Ends of the chunks of fixed-size cells: the most whole cells in {@link MAX_CHUNK} bytes. */
export function fixedChunkEnds(length: number, cellBytes: number): number[] {
  const step = Math.max(cellBytes, Math.floor(MAX_CHUNK / cellBytes) * cellBytes);
  const ends: number[] = [];
  for (let end = step; end < length; end += step) ends.push(end);
  ends.push(length);
  return ends;
}

/**
 * Ends of the chunks of variable-size cells, none of which is ever split. `offsets` holds the cells' starts and the last
 * cell's end. A chunk is closed past the limit, or short of it where the next cell would go far over.
 */
export function variableChunkEnds(offsets: Int32Array): number[] {
  const first = offsets[0]!;
  const ends: number[] = [];
  let current = 0;
  for (let cell = 1; cell < offsets.length; cell++) {
    const size = offsets[cell]! - offsets[cell - 1]!;
    const next = current + size;
    if (next <= MAX_CHUNK) {
      current = next;
    } else if (current <= MAX_CHUNK / 2 || next <= MAX_CHUNK * 1.5) {
      ends.push(offsets[cell]! - first);
      current = 0;
    } else {
      ends.push(offsets[cell - 1]! - first);
      current = size;
      if (size > MAX_CHUNK) {
        ends.push(offsets[cell]! - first);
        current = 0;
      }
    }
  }
  const total = offsets[offsets.length - 1]! - first;
  if (ends[ends.length - 1] !== total) ends.push(total);
  return ends;
}

/** One tile's pieces in file order, and their length together. */
export interface EncodedTile {
  readonly pieces: Uint8Array[];
  readonly length: number;
}

export function encodeTile(bytes: Uint8Array, chunkEnds: readonly number[], filter: Filter | undefined): EncodedTile {
  const pieces = [new ByteWriter().uint64(chunkEnds.length).result()];
  let start = 0;
  for (const end of chunkEnds) {
    const chunk = bytes.subarray(start, end);
    start = end;
    const header = new ByteWriter();
    const stored = filter ? compress(filter, chunk) : chunk;
    header.uint32(chunk.length, stored.length, filter ? COMPRESSOR_METADATA : 0);
    if (filter) header.uint32(0, 1, chunk.length, stored.length);
    pieces.push(header.result(), stored);
  }
  return { pieces, length: pieces.reduce((sum, piece) => sum + piece.length, 0) };
}

/** @param expected bytes the tile must hold. */
export async function decodeTile(
  input: ByteReader,
  filter: Filter | undefined,
  expected: number,
  path: string,
): Promise<Uint8Array> {
  const inflate: Decompress | undefined = filter && (await decompressor(filter, path));
  const chunks = input.count(12);
  const parts: { stored: Uint8Array; length: number }[] = [];
  let total = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const length = input.uint32();
    const storedLength = input.uint32();
    const metadata = input.bytes(input.uint32());
    if (!inflate && (metadata.length > 0 || length !== storedLength))
      throw malformed(path, "a filtered chunk without a filter");
    parts.push({ stored: input.bytes(storedLength), length });
    total += length;
    if (total > expected) break;
  }
  if (total !== expected) throw malformed(path, `a tile of ${total} bytes where ${expected} belong`);
  const result = new Uint8Array(expected);
  let at = 0;
  for (const { stored, length } of parts) {
    result.set(inflate && length > 0 ? inflate(stored, length) : stored, at);
    at += length;
  }
  return result;
}

/** A tile with a header of its own: schema, metadata and each piece of a fragment's metadata. */
export function encodeGenericTile(bytes: Uint8Array): Uint8Array {
  const pipeline = writePipeline(new ByteWriter(), [GZIP]).result();
  const tile = encodeTile(bytes, fixedChunkEnds(bytes.length, 1), GZIP);
  return new ByteWriter()
    .uint32(FORMAT_VERSION)
    .uint64(tile.length, bytes.length)
    .uint8(CHAR)
    .uint64(1)
    .uint8(0)
    .uint32(pipeline.length)
    .bytes(pipeline, ...tile.pieces)
    .result();
}

/** Most bytes one generic tile may hold: they describe an array, they never hold its data. */
const GENERIC_TILE_LIMIT = 1 << 28;

export async function decodeGenericTile(input: ByteReader, path: string): Promise<ByteReader> {
  input.uint32();
  const stored = input.size();
  const original = input.size();
  input.uint8();
  input.size();
  if (input.uint8() !== 0) throw malformed(path, "encrypted content");
  const pipelineLength = input.uint32();
  const [filter] = readPipeline(new Reader(input.bytes(pipelineLength), path), path);
  // A chunk of zeros shrinks a thousandfold at most, so a larger claim is a lie.
  if (original > GENERIC_TILE_LIMIT || original > Math.max(1024, stored * 1100)) {
    throw malformed(path, `${original} bytes declared in ${stored}`);
  }
  return new Reader(await decodeTile(new Reader(input.bytes(stored), path), filter, original, path), path);
}
