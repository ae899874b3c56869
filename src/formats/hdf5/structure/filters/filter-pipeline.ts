/**
 * Filters of a list's chunks ("The HDF5 File Format Specification", IV.A.2.l): each chunk went through all of them, or
 * those that its mask does not leave out, before it was stored.
 */
import type { FieldReader } from "../field-reader.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";
import { checkFletcher32, FLETCHER32_BYTES } from "./fletcher32.js";
import { inflateChunk } from "./inflate-chunk.js";
import { unshuffle } from "./shuffle.js";

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const READ_HERE: ReadonlySet<number> = new Set([DEFLATE, SHUFFLE, FLETCHER32]);

/** Registered filters (https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [4, "szip"],
  [5, "nbit"],
  [6, "scale-offset"],
  [305, "lzo"],
  [307, "bzip2"],
  [32000, "lzf"],
  [32001, "blosc"],
  [32004, "lz4"],
  [32008, "bitshuffle"],
  [32013, "zfp"],
  [32015, "zstd"],
  [32026, "blosc2"],
]);

/** Most bytes of a chunk that is not stored as it is: all of it has to be in memory at once. */
export const LARGEST_FILTERED_CHUNK = 64 << 20;
const MOST_FILTERS = 32;

export interface ChunkFilter {
  readonly id: number;
  /** For shuffle: bytes of a value. */
  readonly parameters: readonly number[];
}

/** @throws DataError `UNSUPPORTED_TYPE` naming a filter that is not read here; `MALFORMED_FILE` */
export function readFilterPipeline(fields: FieldReader): ChunkFilter[] {
  const version = fields.uint8();
  const count = fields.uint8();
  if (version !== 1 && version !== 2) throw malformedHdf5(`${fields.subject}: version ${version} is unknown`);
  if (count > MOST_FILTERS) throw malformedHdf5(`${fields.subject}: ${count} filters`);
  if (version === 1) fields.skip(6);
  return Array.from({ length: count }, () => readFilter(fields, version));
}

function readFilter(fields: FieldReader, version: number): ChunkFilter {
  const id = fields.uint16();
  const nameLength = version === 1 || id >= 256 ? fields.uint16() : 0;
  fields.skip(2);
  const parameterCount = fields.uint16();
  const name = fields.text(nameLength);
  const parameters = Array.from({ length: parameterCount }, () => fields.uint32());
  if (version === 1 && parameterCount % 2 === 1) fields.skip(4);
  if (!READ_HERE.has(id)) throw unknownFilter(id, name);
  return { id, parameters };
}

function unknownFilter(id: number, name: string): Error {
  const known = NAMES.get(id) ?? (name === "" ? `number ${id}` : `"${name}" (number ${id})`);
  const remedy = 'rewrite it without, by "ptrepack --complevel=0 OLD NEW" (PyTables) or "h5repack -f NONE OLD NEW"';
  return unsupportedHdf5(`chunks stored by the filter ${known}`, remedy);
}

/** The mask of a chunk that went through none of the filters. */
export function skipsAll(filters: readonly ChunkFilter[]): number {
  return 2 ** filters.length - 1;
}

export interface StoredChunk {
  /** As it lies in the file. */
  readonly bytes: Uint8Array;
  /** One bit a filter that it did not go through. */
  readonly skipped: number;
}

/**
 * A chunk as it was before it went through the filters.
 * @param length bytes it had then, at most {@link LARGEST_FILTERED_CHUNK}.
 * @throws DataError `MALFORMED_FILE` where that is not what comes out; AbortError
 */
export async function unfilter(
  filters: readonly ChunkFilter[],
  { bytes: stored, skipped }: StoredChunk,
  length: number,
  subject: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const used = filters.filter((_, index) => (skipped & (1 << index)) === 0);
  let bytes = stored;
  for (const [index, filter] of [...used.entries()].reverse()) {
    const sums = used.slice(0, index).filter(({ id }) => id === FLETCHER32).length;
    if (filter.id === DEFLATE) bytes = await inflateChunk(bytes, length + sums * FLETCHER32_BYTES, subject, signal);
    else if (filter.id === SHUFFLE) bytes = unshuffle(bytes, filter.parameters[0] ?? 1);
    else bytes = checkFletcher32(bytes, subject);
  }
  if (bytes.length !== length)
    throw malformedHdf5(`${subject}: a chunk of ${bytes.length} bytes, where ${length} are needed`);
  return bytes;
}
