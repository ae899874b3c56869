import type { Command } from "commander";
import { invalidArgument } from "../../../errors.js";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../../csv-options.js";
import { sourceAt } from "../../naming/source.js";
import {
  connectionOf,
  type JsonFlag,
  jsonOption,
  type LinkArguments,
  link,
  positive,
  type ServerFlags,
  withServer,
} from "../../options.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";
import {
  type PlaceArguments,
  remoteTableOf,
  type WebServerArguments,
  withWebServer,
} from "../../web-server-options.js";
import { printPreview } from "./upload-preview.js";

interface UploadArguments
  extends ServerFlags,
    LinkArguments,
    WebServerArguments,
    PlaceArguments,
    CsvCommandOptions,
    JsonFlag {
  chunkSize?: number;
  replace: boolean;
  replaceEveryones: boolean;
  resolveNames: boolean;
  dryRun: boolean;
  split: boolean;
  description?: string;
  namespace?: string;
  map?: string;
  journal?: string;
}

export function addUpload(root: Command, signal: AbortSignal): void {
  jsonOption(csvOptions(withWebServer(withServer(root.command("upload")))))
    .description("store a file as a table, or many files as a table each")
    .argument(
      "[source]",
      "path of a CSV, Parquet, Arrow, ... file, or of a folder of Parquet files; - is a CSV from standard input; with --map a pattern such as 'plates/*.csv'",
    )
    .argument("[name]", "name of the table; with --map it is in the map, or is that of the file")
    .option("--link <target...>", "what to attach it to, for example Image:101", link, [])
    .option("--map <file>", "store many files: a CSV with columns file, target (Image:101) and, if wanted, name")
    .option(
      "--journal <file>",
      "where --map notes what is stored, so that the same command goes on where it stopped (MAP.uploaded.ndjson)",
    )
    .option("--description <text>", "of the annotation")
    .option("--namespace <text>", "of the annotation, by which programs find it")
    .option("--chunk-size <rows>", "rows a call", positive)
    .option("--replace", "replace your tables of this name on the same object", false)
    .option("--replace-everyones", "replace those of others as well", false)
    .option("--split", "store more columns than a table has room for as several tables, which are read as one", false)
    .option("--no-resolve-names", "store names of wells, plates, images and so on as text, not as ids")
    .option("--dry-run", "make nothing; show columns, types, objects found and the first rows", false)
    .option("--local-path <path>", "make it a remote table (OMERO Plus): write its TileDB array here and register it")
    .option("--remote-path <path>", "the same place as the server sees it; the same path without it")
    .action(async (path: string | undefined, name: string | undefined, options: UploadArguments) => {
      const place = { ...connectionOf(options), ...(await remoteTableOf(options)), links: options.link };
      if (options.map !== undefined) return uploadMapped(path, name, options, { ...tableOptions(options), signal });
      if (path === undefined || name === undefined)
        throw invalidArgument("give a file and a name for the table, or --map");
      if (options.link.length === 0) throw invalidArgument("say what to attach the table to: --link Image:101");
      const { uploadTable } = await import("../../../write/index.js");
      const table = { ...place, ...tableOptions(options), signal, onWarning: warn };
      if (options.dryRun)
        return printPreview(await uploadTable(sourceAt(path), name, { ...table, dryRun: true }), options);
      const uploaded = await withBar("uploading", (onProgress) =>
        uploadTable(sourceAt(path), name, { ...table, onProgress }),
      );
      if (options.json) return printJson(uploaded);
      print(`${counted(uploaded.rowCount, "row")} as annotation ${uploaded.annotationId}, file ${uploaded.fileId}`);
      for (const { fileId } of uploaded.replaced ?? []) print(`removed the table it replaces, file ${fileId}`);
    });
}

function tableOptions(options: UploadArguments) {
  const { chunkSize, split, description, namespace } = options;
  const replace = options.replaceEveryones ? ("everyone's" as const) : options.replace;
  const resolveNames = options.resolveNames ? ("auto" as const) : (false as const);
  return { ...csvChoice(options), resolveNames, chunkSize, replace, split, description, namespace };
}

async function uploadMapped(
  pattern: string | undefined,
  name: string | undefined,
  options: UploadArguments,
  table: ReturnType<typeof tableOptions> & { readonly signal: AbortSignal },
): Promise<void> {
  if (name !== undefined || options.link.length > 0 || options.localPath !== undefined) {
    throw invalidArgument("with --map, names and targets are in the map: leave out the name, --link and --local-path");
  }
  const { uploadAll } = await import("./upload-all.js");
  const { map, journal, json, dryRun } = options;
  await uploadAll({ map: map!, pattern, journal, json, dryRun }, connectionOf(options), table);
}
