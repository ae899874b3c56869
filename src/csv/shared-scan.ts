/** A CSV file scanned by several threads, each a segment of it at a time. */
import { throwIfAborted } from "../errors.js";
import { type ThreadPool, useThreads } from "../threads/pool.js";
import { TaskFailure } from "../threads/thread.js";
import type { CellColumn } from "./cell-column.js";
import { include, stateOf } from "./column-state.js";
import type { KeptChunks } from "./kept-chunks.js";
import { type CsvSegment, type ScannedSegment, scanSegment } from "./scan-segment.js";

/** When and how a scan is shared, in bytes: files from `worthBytes` on are, by segments of `segmentBytes`. */
export const sharing = { worthBytes: 24 << 20, segmentBytes: 2 << 20 };

export interface SharedScanOptions extends Omit<CsvSegment, "start" | "stop" | "isFirst" | "columns"> {
  /** Where the data begin in the file. */
  readonly start: number;
  /** Takes the rows of the columns that are stored, as long as they are kept. */
  readonly kept: KeptChunks;
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes scanned. */
  readonly onScanned?: ((bytes: number) => void) | undefined;
}

/**
 * Scans a file's records into columns, whose kinds its first part has shown, and returns the number of rows. Where something
 * shows up that a scan in one go has to deal with, or the work is not worth sharing, nothing is returned, and the columns are
 * as they were.
 */
export async function scanShared(
  columns: readonly CellColumn[],
  options: SharedScanOptions,
): Promise<number | undefined> {
  const threads = options.size - options.start >= sharing.worthBytes ? useThreads() : undefined;
  if (threads === undefined) return undefined;
  try {
    return await new SharedScan(columns, options, threads.pool).run();
  } finally {
    threads.end();
  }
}

class SharedScan {
  readonly #columns: readonly CellColumn[];
  readonly #options: SharedScanOptions;
  readonly #pool: ThreadPool;
  readonly #parts: Promise<ScannedSegment | undefined>[] = [];
  readonly #scanned: ScannedSegment[] = [];

  constructor(columns: readonly CellColumn[], options: SharedScanOptions, pool: ThreadPool) {
    this.#columns = columns;
    this.#options = options;
    this.#pool = pool;
  }

  async run(): Promise<number | undefined> {
    try {
      if (!(await this.#scanAll())) return undefined;
    } finally {
      await Promise.allSettled(this.#parts);
    }
    for (const [index, column] of this.#columns.entries()) {
      for (const { columns } of this.#scanned) include(column, columns[index]!);
    }
    return this.#scanned.reduce((sum, { rowCount }) => sum + rowCount, 0);
  }

  async #scanAll(): Promise<boolean> {
    const { start, size, signal } = this.#options;
    for (let at = start; at < size; at += sharing.segmentBytes) {
      throwIfAborted(signal, "Reading CSV");
      const segment = this.#segment(at);
      const thread = this.#pool.idle;
      const scanning = thread === undefined ? scanSegment(segment) : thread.run("scanCsv", segment);
      scanning.catch(() => {}); // thrown when its turn comes
      this.#parts.push(scanning);
      if (thread === undefined) await scanning;
      while (this.#parts.length > this.#pool.capacity) if (!(await this.#takeFirst())) return false;
    }
    while (this.#parts.length > 0) if (!(await this.#takeFirst())) return false;
    return true;
  }

  #segment(start: number): CsvSegment {
    const { file, size, syntax, missingValues, chunkRows, kept } = this.#options;
    const stop = Math.min(start + sharing.segmentBytes, size);
    const columns = this.#columns.map((column) => ({ ...stateOf(column), storing: column.storing && kept.complete }));
    return {
      file,
      size,
      start,
      stop,
      isFirst: start === this.#options.start,
      columns,
      syntax,
      missingValues,
      chunkRows,
    };
  }

  async #takeFirst(): Promise<boolean> {
    const scanned = await this.#parts[0]!.catch((error) => {
      if (error instanceof TaskFailure) return undefined;
      throw error;
    });
    this.#parts.shift();
    if (scanned === undefined) return false;
    const { kept, start, size, onScanned } = this.#options;
    for (const chunk of scanned.chunks) kept.addChunk(chunk);
    await kept.settled();
    this.#scanned.push({ ...scanned, chunks: [] });
    onScanned?.(Math.min(this.#scanned.length * sharing.segmentBytes, size - start));
    return true;
  }
}
