import { TargetFile } from "../../flow/files/target-file.js";
import type { NewFileOptions, RowStream, Sink } from "../format.js";
import { WORTH_THREADS, writeRows } from "./write/csv-file.js";
import { useThreads } from "./write/threads/pool.js";

/** Rows as the CSV file that pandas' `to_csv` would write, row numbers first. */
export class CsvSink implements Sink {
  readonly #target: TargetFile;

  private constructor(target: TargetFile) {
    this.#target = target;
  }

  static async create(path: string, options: NewFileOptions): Promise<CsvSink> {
    return new CsvSink(await TargetFile.open(path, options));
  }

  async write({ fields, rowCount = 0, batches, ownsMemory = false }: RowStream): Promise<number> {
    const threads = ownsMemory && rowCount * fields.length >= WORTH_THREADS ? useThreads() : undefined;
    try {
      const written = await writeRows(this.#target, batches, threads?.pool);
      await this.#target.commit();
      return written;
    } finally {
      threads?.end();
    }
  }

  async close(): Promise<void> {
    await this.#target.discard();
  }
}
