import { type ChunkFilter, LARGEST_FILTERED_CHUNK, unfilter } from "../filters/filter-pipeline.js";
import type { Hdf5File } from "../local-file.js";
import { malformedHdf5, unsupportedHdf5 } from "../malformed.js";
import type { ChunkPlace } from "./chunk-tree.js";

/** Bytes of chunks kept as they were before they went through filters, and one chunk at least. */
const KEPT_BYTES = 8 << 20;

/** Reads chunks that went through filters, keeping those used last. */
export class FilteredChunks {
  readonly #file: Hdf5File;
  readonly #filters: readonly ChunkFilter[];
  /** Bytes of a chunk without filters. */
  readonly #length: number;
  readonly #subject: string;
  readonly #kept = new Map<number, Uint8Array>();

  /** @throws DataError `UNSUPPORTED_TYPE` where chunks are too large to be held in memory */
  constructor(file: Hdf5File, filters: readonly ChunkFilter[], length: number, subject: string) {
    if (filters.length > 0 && length > LARGEST_FILTERED_CHUNK) throw tooLarge(length);
    this.#file = file;
    this.#filters = filters;
    this.#length = length;
    this.#subject = subject;
  }

  /** @throws DataError `MALFORMED_FILE`; AbortError */
  async read({ address, storedBytes, skipped }: ChunkPlace, signal?: AbortSignal): Promise<Uint8Array> {
    const kept = this.#kept.get(address);
    if (kept !== undefined) return kept;
    if (storedBytes > 2 * LARGEST_FILTERED_CHUNK)
      throw malformedHdf5(`${this.#subject}: a chunk of ${storedBytes} bytes`);
    const bytes = new Uint8Array(storedBytes);
    await this.#file.read(bytes, address);
    const chunk = await unfilter(this.#filters, { bytes, skipped }, this.#length, this.#subject, signal);
    this.#keep(address, chunk);
    return chunk;
  }

  #keep(address: number, chunk: Uint8Array): void {
    while (this.#kept.size > 0 && (this.#kept.size + 1) * this.#length > KEPT_BYTES) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
    this.#kept.set(address, chunk);
  }
}

function tooLarge(length: number): Error {
  const megabytes = Math.ceil(length / 2 ** 20);
  const remedy = 'rewrite it in chunks of a megabyte, by "ptrepack --complevel=5 OLD NEW" (PyTables)';
  return unsupportedHdf5(
    `compressed chunks of ${megabytes} MiB, more than the ${LARGEST_FILTERED_CHUNK >> 20} allowed`,
    remedy,
  );
}
