import type { Command } from "commander";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../csv-options.js";
import { count } from "../options.js";
import { print, warn, withBar } from "../output.js";

interface CreateArguments extends CsvCommandOptions {
  chunkSize?: number;
  overwrite?: boolean;
}

export function addCreateTileDB(root: Command, signal: AbortSignal): void {
  csvOptions(root.command("create-tiledb"))
    .description("write a CSV file, gzipped or not, as a TileDB array, which OMERO Plus can register as a table")
    .argument("<source>", "path of the CSV file")
    .argument("<target>", "path of the array to make, a folder")
    .option("--chunk-size <rows>", "rows of each fragment", count)
    .option("--overwrite", "replace the array if it exists")
    .action(async (path: string, target: string, options: CreateArguments) => {
      const { createTileDB } = await import("../../write/index.js");
      const { chunkSize, overwrite } = options;
      const array = { ...csvChoice(options), chunkSize, overwrite, signal, onWarning: warn };
      await withBar("writing", (onProgress) => createTileDB(path, target, { ...array, onProgress }));
      print(`array ${target}; its secret token is in it`);
    });
}
