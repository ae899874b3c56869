import type { ColumnBatch } from "../../columns/batch.js";
import { throwIfAborted } from "../../errors.js";
import { openTargetFile, type TargetFile } from "../../flow/files/target-file.js";
import { emitWarning, type OnWarning } from "../../flow/warnings.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { type JsonLayout, JsonRows } from "./json-rows.js";

const WRITING = "writing the JSON file";

/** Rows as objects of JSON. */
export class JsonSink implements Sink {
  readonly #target: TargetFile;
  readonly #layout: JsonLayout;
  readonly #onWarning: OnWarning;

  private constructor(target: TargetFile, layout: JsonLayout, onWarning: OnWarning) {
    this.#target = target;
    this.#layout = layout;
    this.#onWarning = onWarning;
  }

  /** @throws ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE` */
  static async create(path: string, layout: JsonLayout, options: NewFileOptions): Promise<JsonSink> {
    return new JsonSink(await openTargetFile(path, options), layout, options.onWarning ?? emitWarning);
  }

  async write(rows: RowStream, { signal, onProgress }: SinkOptions = {}): Promise<number> {
    const json = new JsonRows(rows.fields, this.#layout);
    const infinite = new Set<string>();
    let done = 0;
    for await (const batch of rows.batches) {
      throwIfAborted(signal, WRITING);
      addInfinite(batch, infinite);
      for (const block of json.blocks(batch)) await this.#target.write(block);
      done += batch.rowCount;
      onProgress?.({ done, total: rows.rowCount, unit: "rows" });
    }
    await this.#target.write(json.end());
    throwIfAborted(signal, WRITING);
    await this.#target.commit();
    for (const name of infinite) this.#onWarning(`column "${name}": infinite values became null, as JSON has none`);
    return done;
  }

  async close(): Promise<void> {
    await this.#target.discard();
  }
}

function addInfinite({ fields, columns }: ColumnBatch, names: Set<string>): void {
  for (const [index, column] of columns.entries()) {
    if (column.kind === "double" && column.values.some(isInfinite)) names.add(fields[index]!.name);
  }
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}
