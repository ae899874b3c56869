import { DataError } from "../../../errors.js";
import { checkOptions } from "../../../flow/options.js";
import type { FileEncoder } from "../../encoded-file.js";
import type { RowStream } from "../../format.js";
import { ARROW_OPTIONS, type ArrowOptions, arrowSchema } from "../arrow.js";
import { ipcEncoder } from "./ipc-encoder.js";

/**
 * The bytes of batches, at least one, as a stream of Arrow's IPC format, uncompressed: what `RecordBatchReader` of any copy
 * of apache-arrow, pyarrow's `open_stream`, arquero and DuckDB read. Prefer it to tables where another package has its own
 * copy of apache-arrow, as objects of two copies do not mix. Memory holds one batch.
 *
 * @throws DataError `INVALID_SCHEMA` where there is no batch; and what the batches throw
 * @example
 * ```ts
 * const bytes = toArrowStream(readBatches({ connection, fileId: 10 }));
 * await pipeline(bytes, createWriteStream("table.arrows"));
 * ```
 */
export async function* toArrowStream(
  batches: RowStream["batches"],
  options: ArrowOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  checkOptions(options, ARROW_OPTIONS, "toArrowStream");
  const { rowNumbers = false, metadata } = options;
  const arrow = await import("apache-arrow");
  let encoder: FileEncoder | undefined;
  for await (const batch of batches) {
    encoder ??= ipcEncoder(arrow, "stream", arrowSchema(arrow, batch.fields, { rowNumbers, metadata }), rowNumbers);
    yield* encoder.add(batch);
  }
  if (encoder === undefined) throw new DataError("INVALID_SCHEMA", "There is no batch, so there are no columns");
  yield* encoder.end();
}
