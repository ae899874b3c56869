import type { Command } from "commander";
import { sourceAt } from "../naming/source.js";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../options/csv.js";
import { type JsonFlag, jsonOption } from "../options/tables.js";
import { positive } from "../options/values.js";
import { print, printJson, warn, withBar } from "../output.js";

interface TileDBArguments extends CsvCommandOptions, JsonFlag {
  chunkSize?: number;
  overwrite: boolean;
}

export function addTileDB(root: Command, signal: AbortSignal): void {
  jsonOption(csvOptions(root.command("tiledb").alias("create-tiledb")))
    .description("write a file as a TileDB array, which OMERO Plus can register as a table")
    .argument("<source>", "path of a CSV, Parquet, Arrow, ... file; - is a CSV from standard input")
    .argument("<target>", "path of the array to make, a folder")
    .option("--chunk-size <rows>", "rows of each fragment", positive)
    .option("--overwrite", "replace the array if it exists", false)
    .action(async (path: string, target: string, options: TileDBArguments) => {
      const { createTileDB } = await import("../../write/index.js");
      const { chunkSize, overwrite } = options;
      const array = { ...csvChoice(options), chunkSize, overwrite, signal, onWarning: warn };
      await withBar("writing", (onProgress) => createTileDB(sourceAt(path), target, { ...array, onProgress }));
      if (options.json) printJson({ path: target });
      else print(`array ${target}; its secret token is in it`);
    });
}
