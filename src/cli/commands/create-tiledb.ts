import type { Command } from "commander";
import { count } from "../options.js";
import { print, withBar } from "../output.js";

export function addCreateTileDB(root: Command, signal: AbortSignal): void {
  root
    .command("create-tiledb")
    .description("write a CSV file, gzipped or not, as a TileDB array, which OMERO Plus can register as a table")
    .argument("<source>", "path of the CSV file")
    .argument("<target>", "path of the array to make, a folder")
    .option("--chunk-size <rows>", "rows of each fragment", count)
    .option("--overwrite", "replace the array if it exists")
    .action(async (path: string, target: string, options: { chunkSize?: number; overwrite?: boolean }) => {
      const { createTileDB } = await import("../../write/index.js");
      await withBar("writing", (onProgress) => createTileDB(path, target, { ...options, signal, onProgress }));
      print(`array ${target}; its secret token is in it`);
    });
}
