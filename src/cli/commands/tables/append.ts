import type { Command } from "commander";
import { type CsvCommandOptions, csvDialect, dialectOptions } from "../../csv-options.js";
import { sourceAt } from "../../naming/source.js";
import { type JsonFlag, jsonOption, openedTable, positive, type TableOptions, tableOf } from "../../options.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";

interface AppendArguments extends TableOptions, CsvCommandOptions, JsonFlag {
  chunkSize?: number;
}

export function addAppend(root: Command, signal: AbortSignal): void {
  jsonOption(dialectOptions(openedTable(root.command("append"))))
    .description("append the rows of a file to a table that has its columns")
    .argument("<source>", "path of a CSV, Parquet, Arrow, ... file; - is a CSV from standard input")
    .option("--chunk-size <rows>", "rows a call", positive)
    .action(async (path: string, options: AppendArguments) => {
      const { appendRows } = await import("../../../write/index.js");
      const table = { ...tableOf(options), csv: csvDialect(options), chunkSize: options.chunkSize };
      const { firstRow, rowCount } = await withBar("appending", (onProgress) =>
        appendRows(sourceAt(path), { ...table, signal, onWarning: warn, onProgress }),
      );
      if (options.json) printJson({ firstRow, rowCount });
      else print(`${counted(rowCount, "row")} from row ${firstRow} on`);
    });
}
