import type { Command } from "commander";
import { type CsvCommandOptions, csvDialect, dialectOptions } from "../csv-options.js";
import { count, openedTable, type TableOptions, tableOf } from "../options.js";
import { print, warn, withBar } from "../output.js";

interface AppendArguments extends TableOptions, CsvCommandOptions {
  chunkSize?: number;
}

export function addAppend(root: Command, signal: AbortSignal): void {
  dialectOptions(openedTable(root.command("append")))
    .description("append the rows of a CSV file, gzipped or not, to a table that has its columns")
    .argument("<source>", "path of the CSV file")
    .option("--chunk-size <rows>", "rows a call", count)
    .action(async (path: string, options: AppendArguments) => {
      const { appendRows } = await import("../../write/index.js");
      const table = { ...tableOf(options), csv: csvDialect(options), chunkSize: options.chunkSize };
      const { firstRow, rowCount } = await withBar("appending", (onProgress) =>
        appendRows(path, { ...table, signal, onWarning: warn, onProgress }),
      );
      print(`${rowCount} rows from row ${firstRow} on`);
    });
}
