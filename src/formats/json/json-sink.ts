import type { ColumnBatch } from "../../columns/batch.js";
import { openTargetFile, type TargetFile } from "../../flow/files/target-file.js";
import { emitWarning, type OnWarning } from "../../flow/warnings.js";
import { type FileEncoder, writeEncoded } from "../encoded-file.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { type JsonLayout, JsonRows } from "./json-rows.js";

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

  async write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const json = new JsonRows(rows.fields, this.#layout);
    const infinite = new Set<string>();
    const encoder: FileEncoder = {
      add(batch) {
        addInfinite(batch, infinite);
        return json.add(batch);
      },
      end: () => json.end(),
    };
    const written = await writeEncoded(this.#target, rows, encoder, "writing the JSON file", options);
    for (const name of infinite) this.#onWarning(`column "${name}": infinite values became null, as JSON has none`);
    return written;
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
