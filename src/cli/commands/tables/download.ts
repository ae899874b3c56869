import { type Command, Option } from "commander";
import { invalidArgument } from "../../../errors.js";
import { tableName, withChosenTable } from "../../naming/table-name.js";
import {
  type JsonFlag,
  jsonOption,
  type SelectionFlags,
  selectionOf,
  storeOption,
  withSelection,
} from "../../options/tables.js";
import { positive } from "../../options/values.js";
import { counted, tellFile, withBar } from "../../output.js";
import { withStore } from "../../with-store.js";

interface DownloadFlags extends SelectionFlags, JsonFlag {
  readonly overwrite: boolean;
  readonly format?: string;
  readonly partitionRows?: number;
  readonly partitionBy?: string;
}

/** What a table is written as. */
export const FILE_FORMATS = ["csv", "tsv", "parquet", "arrow", "arrows", "ndjson", "json", "hdf5", "tiledb"];

export function addDownload(root: Command, signal: AbortSignal): void {
  jsonOption(storeOption(withSelection(root.command("download"))))
    .description("write the table, or a part of it, to a file; its ending says the format")
    .usage("[options] [table] <target>")
    .argument("<names...>", "the table, unless options name it, and the path of the file to make; - is standard output")
    .addOption(new Option("--format <format>", "whatever the file is called").choices(FILE_FORMATS))
    .option(
      "--partition-rows <rows>",
      "a folder of files of so many rows, as Parquet unless --format says otherwise",
      positive,
    )
    .addOption(
      new Option("--partition-by <column>", "a folder of files for each value of a column").conflicts("partitionRows"),
    )
    .option("--overwrite", "replace the file if it exists", false)
    .action((names: string[], options: DownloadFlags) => {
      const [targetPath, table, ...more] = names.toReversed();
      if (more.length > 0)
        throw invalidArgument(`give a table and a target; there are ${counted(names.length, "argument")}`);
      const { overwrite, format, partitionRows, partitionBy } = options;
      const target = { targetPath: targetPath!, overwrite, format, partitionRows, partitionBy };
      const name = table === undefined ? undefined : tableName(table);
      return withChosenTable(name, options, signal, async (chosen) => {
        const { downloadTable } = await import("../../../read/index.js");
        const rowCount = await withStore(options.store, (kept) =>
          withBar("downloading", (onProgress) =>
            downloadTable({ ...chosen, ...selectionOf(options), ...kept, ...target, signal, onProgress }),
          ),
        );
        tellFile(counted(rowCount, "row"), { path: targetPath!, rowCount }, options);
      });
    });
}
