import type { Command } from "commander";
import { sourceAt } from "../../naming/source.js";
import { serverTable, serverTableArgument, type TableName } from "../../naming/table-name.js";
import { type CsvCommandOptions, csvDialect, dialectOptions } from "../../options/csv.js";
import { type JsonFlag, jsonOption, openedTable, type TableOptions } from "../../options/tables.js";
import { objectLink, positive } from "../../options/values.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";

interface AppendArguments extends TableOptions, CsvCommandOptions, JsonFlag {
  chunkSize?: number;
  parent?: [string, bigint];
}

export function addAppend(root: Command, signal: AbortSignal): void {
  const command = root
    .command("append")
    .argument("<source>", "path of a CSV, Parquet, Arrow, ... file; - is a CSV from standard input");
  jsonOption(dialectOptions(openedTable(serverTableArgument(command))))
    .description("append the rows of a file to a table that has its columns")
    .option("--parent <object>", "look up names of wells, images, ... below this object: Plate:7", objectLink)
    .option("--chunk-size <rows>", "rows a call", positive)
    .action(async (path: string, name: TableName | undefined, options: AppendArguments) => {
      const { appendRows } = await import("../../../write/index.js");
      const { chunkSize, parent: [parentType, parentId] = [] } = options;
      const table = { ...(await serverTable(name, options)), csv: csvDialect(options), chunkSize };
      const { firstRow, rowCount } = await withBar("appending", (onProgress) =>
        appendRows(sourceAt(path), { ...table, parentType, parentId, signal, onWarning: warn, onProgress }),
      );
      if (options.json) printJson({ firstRow, rowCount });
      else print(`${counted(rowCount, "row")} from row ${firstRow} on`);
    });
}
