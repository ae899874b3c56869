import type { ColumnBatch } from "../columns/batch.js";
import { throwIfAborted } from "../errors.js";
import type { TargetFile } from "../flow/files/target-file.js";
import type { RowStream, SinkOptions } from "./format.js";

/** Makes the bytes of a file, batch by batch. Parts stay as they are: each is written while the next ones are made. */
export interface FileEncoder {
  add(batch: ColumnBatch): Iterable<Uint8Array>;
  /** What ends the file. */
  end(): Iterable<Uint8Array>;
}

/**
 * Writes all rows as an encoder makes them, and gives the file its name. Returns the number of rows.
 * @param label names in errors what is written
 * @throws FileError `CANNOT_WRITE_FILE`; AbortError
 */
export async function writeEncoded(
  target: TargetFile,
  { batches, rowCount }: Pick<RowStream, "batches" | "rowCount">,
  encoder: FileEncoder,
  label: string,
  { signal, onProgress }: SinkOptions = {},
): Promise<number> {
  let done = 0;
  for await (const batch of batches) {
    throwIfAborted(signal, label);
    for (const part of encoder.add(batch)) await target.write(part);
    done += batch.rowCount;
    onProgress?.({ done, total: rowCount, unit: "rows" });
  }
  for (const part of encoder.end()) await target.write(part);
  throwIfAborted(signal, label);
  await target.commit();
  return done;
}
