/**
 * Tiles as they lie in a file (TileDB format specification, "Tile" and "Generic tile"): a uint64 chunk count, then chunks of
 * uint32 original length, uint32 stored length, uint32 length of the filters' own metadata, that metadata, the data.
 */
import { ByteCursor, malformedArray, unsupportedArray } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { compress, inflater } from "./compressors.js";
import { type Filter, GZIP, MAX_CHUNK, readPipeline, writePipeline } from "./filters.js";

/** Version of the format that is written; older and newer engines read it. */
export const FORMAT_VERSION = 22;
const CHAR = 4;
/** A chunk's three lengths. */
const CHUNK_HEADER = 12;
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

/** Most bytes of one tile: as much text as 32-bit offsets reach, halved. */
export const TILE_LIMIT = 1 << 30;

export interface TileShape {
  /** Bytes the tile must hold. */
  readonly bytes: number;
  readonly cellBytes: number;
}

/**
 * The content of a tile, in memory of its own. Nothing of the declared length is allocated before as much was found.
 * @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`
 */
export async function decodeTile(
  input: ByteCursor,
  filter: Filter | undefined,
  { bytes, cellBytes }: TileShape,
  path: string,
): Promise<Uint8Array> {
  if (bytes > TILE_LIMIT) throw unsupportedArray(path, `a tile of ${bytes} bytes`);
  const inflate = filter && (await inflater(filter, cellBytes, path));
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (let left = input.count(CHUNK_HEADER); left > 0; left--) {
    const [length, storedLength] = [input.uint32(), input.uint32()];
    const metadata = input.bytes(input.uint32());
    const stored = input.bytes(storedLength);
    total += length;
    if (total > bytes) break;
    if (length === 0) continue;
    if (inflate) chunks.push(inflate(stored, length));
    else if (metadata.length > 0 || length !== storedLength)
      throw malformedArray(path, "a filtered chunk without a filter");
    else chunks.push(stored);
  }
  if (total !== bytes) throw malformedArray(path, `a tile of ${total} bytes where ${bytes} belong`);
  const content = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
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
const GENERIC_TILE_LIMIT = 1 << 26;

/** @throws DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE` */
export async function decodeGenericTile(input: ByteCursor, path: string): Promise<ByteCursor> {
  input.uint32();
  const [storedLength, bytes] = [input.size(), input.size()];
  input.uint8();
  input.size();
  if (input.uint8() !== 0) throw unsupportedArray(path, "encrypted content");
  const { filter } = readPipeline(new ByteCursor(input.bytes(input.uint32()), path), path);
  if (bytes > GENERIC_TILE_LIMIT) throw malformedArray(path, `a description of ${bytes} bytes`);
  const stored = new ByteCursor(input.bytes(storedLength), path);
  return new ByteCursor(await decodeTile(stored, filter, { bytes, cellBytes: 1 }, path), path);
}
