/** Rows from files of this machine, and into them. */
import type { ColumnBatch } from "../columns/batch.js";
import { emptyBatch } from "../columns/batch-operations.js";
import type { Source } from "../formats/format.js";

/** Rows taken at a time. */
export const BATCH_ROWS = 65_536;

/** At least one, so that the columns are known. */
export async function* allBatches(source: Source, signal: AbortSignal): AsyncGenerator<ColumnBatch> {
  let isEmpty = true;
  for await (const batch of source.batches(BATCH_ROWS, { signal })) {
    isEmpty = false;
    yield batch;
  }
  if (isEmpty) yield emptyBatch(source.fields);
}

/**
 * Writes all rows to a file, whose name says its format unless `format` does; `-` is standard output. Resolves to how many they are.
 * @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT`; FileError `CANNOT_WRITE_FILE`
 */
export async function writeAllRows(
  source: Source,
  path: string,
  { format, overwrite }: { readonly format?: string | undefined; readonly overwrite: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { formatOfNewFile } = await import("../formats/choose-format.js");
  const sink = await formatOfNewFile(path, format).createSink!(path, { overwrite });
  try {
    const { fields, rowCount } = source;
    const batches = allBatches(source, signal);
    return await sink.write({ fields, rowCount, batches, metadata: async () => new Map() });
  } finally {
    await sink.close();
  }
}
