import { openTargetFile, type TargetFile } from "../../flow/files/target-file.js";
import type { NewFileOptions, RowStream, Sink } from "../format.js";
import type { Delimiter } from "./write/csv-cells.js";
import { type LineTarget, WORTH_THREADS, writeRows } from "./write/csv-file.js";
import { useThreads } from "./write/threads/pool.js";

/** Rows as the CSV file that pandas' `to_csv` would write, row numbers first; gzipped where the path ends with `.gz`. */
export class CsvSink implements Sink {
  readonly #target: TargetFile;
  readonly #delimiter: Delimiter;
  readonly #isGzipped: boolean;

  private constructor(target: TargetFile, delimiter: Delimiter, isGzipped: boolean) {
    this.#target = target;
    this.#delimiter = delimiter;
    this.#isGzipped = isGzipped;
  }

  static async create(path: string, delimiter: Delimiter, options: NewFileOptions): Promise<CsvSink> {
    return new CsvSink(await openTargetFile(path, options), delimiter, path.toLowerCase().endsWith(".gz"));
  }

  async write(rows: RowStream): Promise<number> {
    const written = this.#isGzipped ? await this.#writeGzipped(rows) : await this.#writeLines(this.#target, rows);
    await this.#target.commit();
    return written;
  }

  async close(): Promise<void> {
    await this.#target.discard();
  }

  async #writeGzipped(rows: RowStream): Promise<number> {
    const { GzipTarget } = await import("./write/node.js");
    const gzip = new GzipTarget(this.#target);
    try {
      const written = await this.#writeLines(gzip, rows);
      await gzip.end();
      return written;
    } finally {
      gzip.destroy();
    }
  }

  async #writeLines(target: LineTarget, rows: RowStream): Promise<number> {
    const { fields, rowCount = 0, batches, ownsMemory = false } = rows;
    const threads = ownsMemory && rowCount * fields.length >= WORTH_THREADS ? useThreads() : undefined;
    try {
      return await writeRows(target, batches, threads?.pool, this.#delimiter);
    } finally {
      threads?.end();
    }
  }
}
