/** A data set of several files as one source of rows: file after file, of which one is open at a time. */
import type { Field, Schema } from "apache-arrow";
import { DataError, OmeroError } from "../../errors.js";
import { type ArrowChunk, type ChunkedColumns, openChunks } from "../arrow/arrow-source.js";
import { openArrowColumns } from "../arrow/ipc/arrow-file-source.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { fileURLToPath } from "../node.js";
import { openParquetColumns } from "../parquet/parquet-source.js";
import { type DataSetFiles, dataSetFiles } from "./data-set-files.js";
import { type FolderColumn, repeatedValue } from "./folder-values.js";

const PARQUET = /\.(?:parquet|pq)$/i;

/**
 * Opens a folder of Parquet or Arrow files. All have the same columns; columns whose values are in names of folders come last.
 * @throws DataError `MALFORMED_FILE` for a data set that is not whole, `INVALID_SCHEMA` where files differ; what each file throws
 */
export async function openDataSet(folder: string | URL, options: BatchStreamOptions): Promise<Source> {
  const place = folder instanceof URL ? fileURLToPath(folder) : folder;
  const { files, columns } = await dataSetFiles(place);
  const open = (path: string) =>
    PARQUET.test(path) ? openParquetColumns(path, options.signal) : openArrowColumns(path, options.signal);
  const first = await open(files[0]!.path);
  await first.close();
  const schema = await withFolderColumns(place, first.schema, columns);
  const set = { files, columns, open, schema: first.schema };
  return openChunks({ schema, chunks: (positions) => chunksOfAll(set, positions), close: async () => {} }, options);
}

/** @throws DataError `INVALID_SCHEMA` for a column that is in the files as well */
async function withFolderColumns(folder: string, schema: Schema, columns: readonly FolderColumn[]): Promise<Schema> {
  const { Field: ArrowField, Float64, Int64, Schema: ArrowSchema, Utf8 } = await import("apache-arrow");
  const twice = columns.find(({ name }) => schema.fields.some((field) => field.name === name));
  if (twice !== undefined) {
    const message = `${folder} has the column "${twice.name}" in its files and in the names of its folders: leave one out`;
    throw new DataError("INVALID_SCHEMA", message, { path: folder });
  }
  const typeOf = { long: () => new Int64(), double: () => new Float64(), text: () => new Utf8() };
  const added = columns.map(({ name, type }) => new ArrowField(name, typeOf[type](), true));
  return new ArrowSchema([...schema.fields, ...added], schema.metadata);
}

interface OpenedSet extends DataSetFiles {
  readonly open: (path: string) => Promise<ChunkedColumns>;
  /** Of each file. */
  readonly schema: Schema;
}

async function* chunksOfAll(
  { files, columns, open, schema }: OpenedSet,
  positions: readonly number[],
): AsyncGenerator<ArrowChunk, void, undefined> {
  const { length } = schema.fields;
  const inFiles = positions.filter((position) => position < length);
  const inFolders = positions.flatMap((position) => (position < length ? [] : [position - length]));
  for (const { path, values } of files) {
    const file = await open(path);
    try {
      checkSameColumns(path, schema, file.schema);
      for await (const { rowCount, columns: own } of file.chunks(inFiles)) {
        const more = inFolders.map((level) => repeatedValue(columns[level]!, values[level], rowCount));
        yield { rowCount, columns: [...own, ...more] };
      }
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
