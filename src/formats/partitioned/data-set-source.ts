/** A data set of several files as one source of rows: file after file, of which one is open at a time. */
import type { Field, Schema } from "apache-arrow";
import { DataError, OmeroError } from "../../errors.js";
import { type ArrowChunk, type ChunkedColumns, openChunks } from "../arrow/arrow-source.js";
import { openArrowColumns } from "../arrow/ipc/arrow-file-source.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { fileURLToPath } from "../node.js";
import { openParquetColumns } from "../parquet/parquet-source.js";
import { dataSetFiles } from "./data-set-files.js";

const PARQUET = /\.(?:parquet|pq)$/i;

/**
 * Opens a folder of Parquet or Arrow files. All have the same columns.
 * @throws DataError `MALFORMED_FILE` for a data set that is not whole, `INVALID_SCHEMA` where files differ; what each file throws
 */
export async function openDataSet(folder: string | URL, options: BatchStreamOptions): Promise<Source> {
  const paths = await dataSetFiles(folder instanceof URL ? fileURLToPath(folder) : folder);
  const open = (path: string) =>
    PARQUET.test(path) ? openParquetColumns(path, options.signal) : openArrowColumns(path, options.signal);
  const first = await open(paths[0]!);
  await first.close();
  const chunks = (positions: readonly number[]) => chunksOfAll(paths, open, first.schema, positions);
  return openChunks({ schema: first.schema, chunks, close: async () => {} }, options);
}

async function* chunksOfAll(
  paths: readonly string[],
  open: (path: string) => Promise<ChunkedColumns>,
  schema: Schema,
  positions: readonly number[],
): AsyncGenerator<ArrowChunk, void, undefined> {
  for (const path of paths) {
    const file = await open(path);
    try {
      checkSameColumns(path, schema, file.schema);
      yield* file.chunks(positions);
    } catch (cause) {
      if (cause instanceof OmeroError) throw cause;
      throw new DataError("MALFORMED_FILE", `${path} is damaged: ${(cause as Error).message}`, { path, cause });
    } finally {
      await file.close();
    }
  }
}

function checkSameColumns(path: string, { fields }: Schema, { fields: found }: Schema): void {
  const other = fields.findIndex((field, index) => columnOf(field) !== columnOf(found[index]));
  if (other < 0 && found.length === fields.length) return;
  const at = other < 0 ? fields.length : other;
  const difference = `column ${at + 1} is ${columnOf(found[at])}, in the first file ${columnOf(fields[at])}`;
  throw new DataError(
    "INVALID_SCHEMA",
    `${path} has other columns than the first file of its data set: ${difference}`,
    {
      path,
    },
  );
}

function columnOf(field: Field | undefined): string {
  return field === undefined ? "none" : `"${field.name}" of type ${field.type}`;
}
