/** Record batches as the bytes of Arrow's IPC format, of a stream or of a file. */
import type * as Arrow from "apache-arrow";
import type { FileEncoder } from "../../encoded-file.js";
import { toRecordBatch } from "../arrow.js";

type ArrowModule = typeof Arrow;

/** A stream can be read as it comes; a file ends with a list of its batches, by which readers go to any of them. */
export type IpcKind = "stream" | "file";

/**
 * Gives bytes for each batch as it is added, so that no more than one batch is held; most parts are the batch's own memory.
 * The first batch's begin with the schema's.
 * @param schema of all batches, as `arrowSchema` gives it
 */
export function ipcEncoder(arrow: ArrowModule, kind: IpcKind, schema: Arrow.Schema, rowNumbers: boolean): FileEncoder {
  const writer = partsWriter(arrow, kind);
  return {
    add(batch) {
      writer.write(toRecordBatch(arrow, schema, batch, rowNumbers));
      return writer.takeParts();
    },
    end() {
      writer.finish();
      return writer.takeParts();
    },
  };
}

/** Apache Arrow's writer, which keeps the parts of what it writes for whoever takes them, not a queue of its own. */
function partsWriter(arrow: ArrowModule, kind: IpcKind) {
  const Writer: typeof Arrow.RecordBatchWriter =
    kind === "file" ? arrow.RecordBatchFileWriter : arrow.RecordBatchStreamWriter;
  class PartsWriter extends Writer {
    #parts: Uint8Array[] = [];

    takeParts(): Uint8Array[] {
      const parts = this.#parts;
      this.#parts = [];
      return parts;
    }

    protected override _write(chunk: ArrayBufferView): this {
      if (!this._started || chunk.byteLength === 0) return this;
      this.#parts.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      this._position += chunk.byteLength;
      return this;
    }
  }
  return new PartsWriter();
}
