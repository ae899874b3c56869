import type { Command } from "commander";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../csv-options.js";
import { connectionOf, count, type LinkArguments, type ServerFlags, withLinks, withServer } from "../options.js";
import { print, warn, withBar } from "../output.js";
import { printPreview } from "../upload-preview.js";
import { type PlaceArguments, remoteTableOf, type WebServerArguments, withWebServer } from "../web-server-options.js";

interface UploadArguments extends ServerFlags, LinkArguments, WebServerArguments, PlaceArguments, CsvCommandOptions {
  chunkSize?: number;
  replace: boolean;
  replaceEveryones: boolean;
  resolveNames: boolean;
  dryRun: boolean;
  split: boolean;
}

export function addUpload(root: Command, signal: AbortSignal): void {
  csvOptions(withWebServer(withLinks(withServer(root.command("upload")))))
    .description("store a CSV file, gzipped or not, as a table")
    .argument("<source>", "path of the CSV file")
    .argument("<name>", "name of the table")
    .option("--chunk-size <rows>", "rows a call", count)
    .option("--replace", "replace your tables of this name on the same object", false)
    .option("--replace-everyones", "replace those of others as well", false)
    .option("--split", "store more columns than a table has room for as several tables, which are read as one", false)
    .option("--no-resolve-names", "store names of wells, plates, images and so on as text, not as ids")
    .option("--dry-run", "make nothing; show columns, types, objects found and the first rows", false)
    .option("--local-path <path>", "make it a remote table (OMERO Plus): write its TileDB array here and register it")
    .option("--remote-path <path>", "the same place as the server sees it; the same path without it")
    .action(async (path: string, name: string, options: UploadArguments) => {
      const { uploadTable } = await import("../../write/index.js");
      const { link: links, chunkSize, split } = options;
      const replace = options.replaceEveryones ? ("everyone's" as const) : options.replace;
      const place = { ...connectionOf(options), ...(await remoteTableOf(options)), links };
      const resolveNames = options.resolveNames ? "auto" : false;
      const choice = { ...csvChoice(options), resolveNames } as const;
      const table = { ...place, ...choice, chunkSize, replace, split, signal, onWarning: warn };
      if (options.dryRun) return printPreview(await uploadTable(path, name, { ...table, dryRun: true }));
      const uploaded = await withBar("uploading", (onProgress) => uploadTable(path, name, { ...table, onProgress }));
      print(`${uploaded.rowCount} rows as annotation ${uploaded.annotationId}, file ${uploaded.fileId}`);
      for (const { fileId } of uploaded.replaced ?? []) print(`removed the table it replaces, file ${fileId}`);
    });
}
