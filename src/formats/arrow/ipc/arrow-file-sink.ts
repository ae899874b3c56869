import { openTargetFile, type TargetFile } from "../../../flow/files/target-file.js";
import { writeEncoded } from "../../encoded-file.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../../format.js";
import { arrowSchema } from "../arrow.js";
import { type IpcKind, ipcEncoder } from "./ipc-encoder.js";

/** Rows as a file of Arrow's IPC format, uncompressed, one record batch for each batch. */
export class ArrowFileSink implements Sink {
  readonly #target: TargetFile;
  readonly #kind: IpcKind;

  private constructor(target: TargetFile, kind: IpcKind) {
    this.#target = target;
    this.#kind = kind;
  }

  /** @throws ArgumentError `FILE_EXISTS`; FileError `CANNOT_WRITE_FILE` */
  static async create(path: string, kind: IpcKind, options: NewFileOptions): Promise<ArrowFileSink> {
    return new ArrowFileSink(await openTargetFile(path, options), kind);
  }

  async write(rows: RowStream, options: SinkOptions = {}): Promise<number> {
    const [arrow, metadata] = await Promise.all([import("apache-arrow"), rows.metadata?.()]);
    const encoder = ipcEncoder(arrow, this.#kind, arrowSchema(arrow, rows.fields, { metadata }), false);
    return writeEncoded(this.#target, rows, encoder, "writing the Arrow file", options);
  }

  async close(): Promise<void> {
    await this.#target.discard();
  }
}
