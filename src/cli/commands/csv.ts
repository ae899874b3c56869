/** `omero2frame csv`: a CSV file, attached to an object or of this machine, as a table. */
import { type Command, Option } from "commander";
import type { ColumnBatch } from "../../columns/batch.js";
import { emptyBatch } from "../../columns/batch-operations.js";
import { invalidArgument } from "../../errors.js";
import type { Source } from "../../formats/format.js";
import type { RowSource } from "../../formats/open-source.js";
import { BATCH_ROWS, writeAllRows } from "../local-rows.js";
import { sourceAt } from "../naming/source.js";
import { serverFile, type TableName, tableName } from "../naming/table-name.js";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../options/csv.js";
import { countOption, type JsonFlag, jsonOption, openedTable, type TableOptions } from "../options/tables.js";
import { positive } from "../options/values.js";
import { counted, tellFile, warn, withBar } from "../output.js";
import { firstOf } from "../shown/read-some.js";
import { showBatches } from "../shown/show-batches.js";
import { FILE_FORMATS } from "./tables/download.js";

interface CsvFlags extends TableOptions, CsvCommandOptions, JsonFlag {
  readonly count: number;
  readonly output?: string;
  readonly format?: string;
  readonly overwrite: boolean;
  readonly asIs: boolean;
  readonly checkType: boolean;
  readonly chunkSize?: number;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

export function addCsv(root: Command, signal: AbortSignal): void {
  const command = csvOptions(openedTable(root.command("csv")));
  countOption(jsonOption(command), 5)
    .description(
      "print the first rows of a CSV file that is attached to an object, or of this machine; or write all of it",
    )
    .argument(
      "[file]",
      "402, Annotation:142, Image:5 (the only file on it), or the path of a file; - is standard input",
      tableName,
    )
    .addOption(new Option("--path <file>", "a file of this machine").conflicts(["fileId", "annotationId"]))
    .option("--namespace <text>", "of an object with several files: the one whose annotation has this namespace")
    .option("--name <text>", "of an object with several files: the one of this name")
    .option("-o, --output <path>", "write all rows to this file; its ending says the format; - is standard output")
    .addOption(new Option("--format <format>", "whatever that file is called").choices(FILE_FORMATS))
    .option("--as-is", "write the bytes of the attached file as they are", false)
    .option("--overwrite", "replace the file if it exists", false)
    .option("--no-check-type", "take an attached file for CSV whatever its name and type")
    .option("--chunk-size <bytes>", "bytes a request (1 MiB)", positive)
    .action((file: TableName | undefined, options: CsvFlags) => {
      if (options.asIs) return downloadAsIs(file, options, signal);
      return withRows(file, options, signal, (source) =>
        options.output === undefined ? show(source, options, signal) : write(source, options.output, options, signal),
      );
    });
}

/** The path that is meant where it is a file of this machine. */
function localPath(file: TableName | undefined, { path }: CsvFlags): string | undefined {
  return path ?? (file !== undefined && "path" in file ? file.path : undefined);
}

function attached(file: TableName | undefined, options: CsvFlags) {
  const { namespace, name, chunkSize, checkType } = options;
  const named = serverFile(file, options);
  return { ...named, ...(named.parentId === undefined ? {} : { namespace, name }), chunkSize, checkType };
}

async function downloadAsIs(file: TableName | undefined, options: CsvFlags, signal: AbortSignal): Promise<void> {
  const { output: targetPath, overwrite } = options;
  if (targetPath === undefined || localPath(file, options) !== undefined)
    throw invalidArgument("--as-is is for attached files, with --output");
  const { downloadCsv } = await import("../../read/index.js");
  const bytes = await withBar("downloading", (onProgress) =>
    downloadCsv({ ...attached(file, options), targetPath, overwrite, signal, onProgress }),
  );
  tellFile(counted(bytes, "byte"), { path: targetPath, bytes }, options);
}

/** Opens the rows of the file, whatever its place. */
async function withRows<T>(
  file: TableName | undefined,
  options: CsvFlags,
  signal: AbortSignal,
  use: (source: Source) => Promise<T>,
): Promise<T> {
  const { openSource } = await import("../../formats/open-source.js");
  const { columnNames, csv } = csvChoice(options);
  const { checkColumnTypes } = await import("../../formats/values/column-types.js");
  const types = checkColumnTypes(options.columnType);
  const source = await openSource(await rowsOf(file, options, signal), {
    types,
    checkNames: () => {},
    columnNames,
    namedTypes: [],
    csv: csv ?? {},
    onWarning: warn,
    onProgress: undefined,
    signal,
  });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

async function rowsOf(file: TableName | undefined, options: CsvFlags, signal: AbortSignal): Promise<RowSource> {
  const path = localPath(file, options);
  if (path !== undefined) return sourceAt(path);
  const { readCsvArrow } = await import("../../read/index.js");
  const { csv } = csvChoice(options);
  return withBar("reading", (onProgress) =>
    readCsvArrow({ ...attached(file, options), csv, maxBytes: options.maxBytes, signal, onProgress, onWarning: warn }),
  );
}

async function show(source: Source, options: CsvFlags, signal: AbortSignal): Promise<void> {
  const shown: ColumnBatch[] = [];
  let missing = options.count;
  for await (const batch of source.batches(Math.min(BATCH_ROWS, Math.max(1, missing)), { signal })) {
    shown.push(batch.rowCount > missing ? firstOf(batch, missing) : batch);
    missing -= batch.rowCount;
    if (missing <= 0) break;
  }
  showBatches(shown.length === 0 ? [emptyBatch(source.fields)] : shown, options);
}

async function write(source: Source, path: string, options: CsvFlags, signal: AbortSignal): Promise<void> {
  const rowCount = await writeAllRows(source, path, options, signal);
  tellFile(counted(rowCount, "row"), { path, rowCount }, options);
}
