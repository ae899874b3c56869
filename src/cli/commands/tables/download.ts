import { type Command, Option } from "commander";
import { invalidArgument } from "../../../errors.js";
import { chosenTable, tableName } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, positive, type SelectionFlags, selectionOf, withSelection } from "../../options.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";

interface DownloadFlags extends SelectionFlags, JsonFlag {
  readonly overwrite: boolean;
  readonly format?: string;
  readonly partitionRows?: number;
  readonly partitionBy?: string;
}

const FORMATS = ["csv", "tsv", "parquet", "arrow", "arrows", "ndjson", "json", "hdf5", "tiledb"];

export function addDownload(root: Command, signal: AbortSignal): void {
  jsonOption(withSelection(root.command("download")))
    .description("write the table, or a part of it, to a file; its ending says the format")
    .usage("[options] [table] <target>")
    .argument("<names...>", "the table, unless options name it, and the path of the file to make; - is standard output")
    .addOption(new Option("--format <format>", "whatever the file is called").choices(FORMATS))
    .option(
      "--partition-rows <rows>",
      "a folder of files of so many rows, as Parquet unless --format says otherwise",
      positive,
    )
    .addOption(
      new Option("--partition-by <column>", "a folder of files for each value of a column").conflicts("partitionRows"),
    )
    .option("--overwrite", "replace the file if it exists", false)
    .action(async (names: string[], options: DownloadFlags) => {
      const [targetPath, table, ...more] = names.toReversed();
      if (more.length > 0)
        throw invalidArgument(`give a table and a target; there are ${counted(names.length, "argument")}`);
      const chosen = chosenTable(table === undefined ? undefined : tableName(table), options);
      const { downloadTable } = await import("../../../read/index.js");
      const { overwrite, format, json, partitionRows, partitionBy } = options;
      const target = { targetPath: targetPath!, overwrite, format, partitionRows, partitionBy };
      const rowCount = await withBar("downloading", (onProgress) =>
        downloadTable({ ...chosen, ...selectionOf(options), ...target, signal, onProgress }),
      );
      if (targetPath === "-") warn(`${counted(rowCount, "row")} in -`);
      else if (json) printJson({ path: targetPath, rowCount });
      else print(`${counted(rowCount, "row")} in ${targetPath}`);
    });
}
