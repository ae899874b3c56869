import { type Command, Option } from "commander";
import { invalidArgument } from "../../../errors.js";
import { sourceAt } from "../../naming/source.js";
import { connectionOf, type ServerFlags, withServer } from "../../options/connection.js";
import { type CsvCommandOptions, csvChoice, csvOptions } from "../../options/csv.js";
import { type JsonFlag, jsonOption, type LinkArguments } from "../../options/tables.js";
import { link, positive } from "../../options/values.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";
import { type StorageFlags, storageChoice, storageOptions } from "./storage-options.js";
import { printPreview } from "./upload-preview.js";

interface UploadArguments extends ServerFlags, LinkArguments, StorageFlags, CsvCommandOptions, JsonFlag {
  chunkSize?: number;
  route?: "service" | "file";
  resolveNames: boolean;
  dryRun: boolean;
  namespace?: string;
  map?: string;
  journal?: string;
}

export function addUpload(root: Command, signal: AbortSignal): void {
  storageOptions(jsonOption(csvOptions(withServer(root.command("upload")))))
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
    .option("--namespace <text>", "of the annotation, by which programs find it")
    .option("--chunk-size <rows>", "rows a call", positive)
    .addOption(
      new Option("--route <way>", "how rows are sent: by the table service, or as a file (faster)").choices([
        "service",
        "file",
      ]),
    )
    .option("--no-resolve-names", "store names of wells, plates, images and so on as text, not as ids")
    .option("--dry-run", "make nothing; show columns, types, objects found and the first rows", false)
    .action(async (path: string | undefined, name: string | undefined, options: UploadArguments) => {
      if (options.map !== undefined) return uploadMapped(path, name, options, { ...tableOptions(options), signal });
      if (path === undefined || name === undefined)
        throw invalidArgument("give a file and a name for the table, or --map");
      if (options.link.length === 0) throw invalidArgument("say what to attach the table to: --link Image:101");
      const { uploadTable } = await import("../../../write/index.js");
      const target = { ...connectionOf(options), links: options.link };
      const table = { ...target, ...tableOptions(options), signal, onWarning: warn };
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
  const { chunkSize, route, namespace } = options;
  const resolveNames = options.resolveNames ? ("auto" as const) : (false as const);
  return { ...csvChoice(options), ...storageChoice(options), resolveNames, chunkSize, route, namespace };
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
