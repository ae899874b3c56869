import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import { invalidArgument } from "../../../errors.js";
import type { CopyResult, IdMaps } from "../../../write/index.js";
import { type ChosenTable, type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import { connectionOf } from "../../options/connection.js";
import {
  type JsonFlag,
  jsonOption,
  type LinkArguments,
  type SelectionFlags,
  selectionOf,
  storeOption,
  withSelection,
} from "../../options/tables.js";
import { link, objectLink, portNumber, positive } from "../../options/values.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";
import { withStore } from "../../with-store.js";
import { type StorageFlags, storageChoice, storageOptions } from "../upload/storage-options.js";

interface CopyFlags extends SelectionFlags, LinkArguments, StorageFlags, JsonFlag {
  readonly tableName?: string;
  readonly mapIds?: "names" | IdMaps;
  readonly sourceParent?: [string, bigint];
  readonly dryRun: boolean;
  readonly toServer?: string;
  readonly toPort?: number;
  readonly toUser?: string;
  readonly toGroup?: string;
  readonly toNamespace?: string;
  readonly toRoute?: "service" | "file";
  readonly toChunkSize?: number;
}

export function addCopy(root: Command, signal: AbortSignal): void {
  const command = withSelection(tableArgument(root.command("copy")));
  storageOptions(jsonOption(storeOption(command)))
    .description("copy a table, or a part of it, with its types and metadata, on its server or to another")
    .option("--table-name <name>", "name of the copy; that of the table without it")
    .requiredOption("--link <target...>", "what to attach the copy to, for example Image:101", link, [])
    .option("--to-server <address>", "another server to copy to, as --server says one")
    .option("--to-port <number>", "port there", portNumber)
    .option("--to-user <name>", "user name there")
    .option("--to-group <group>", "group to work in there")
    .option("--to-namespace <text>", "namespace of the copy's annotation")
    .option("--to-chunk-size <rows>", "rows a call that stores", positive)
    .addOption(new Option("--to-route <way>", "how rows are stored").choices(["service", "file"]))
    .option(
      "--map-ids <way>",
      'ids become those of objects of the same names below the target: names; or those of a file: {"Image":{"1":101}}',
      idMaps,
    )
    .addOption(
      new Option(
        "--source-parent <object>",
        "the object below which those of the table lie, for --map-ids names",
      ).argParser(objectLink),
    )
    .option("--dry-run", "make nothing; say for which ids there are others", false)
    .action((name: TableName | undefined, options: CopyFlags) => {
      if (options.link.length === 0) throw invalidArgument("say what to attach the copy to: --link Image:101");
      if (options.toServer === undefined && (options.toUser ?? options.toPort) !== undefined)
        throw invalidArgument("--to-user and --to-port are for --to-server");
      return withChosenTable(name, options, signal, async (table) =>
        tell(await copied(table, options, signal), options),
      );
    });
}

async function copied(chosen: ChosenTable, options: CopyFlags, signal: AbortSignal): Promise<CopyResult> {
  const { copyTable } = await import("../../../write/index.js");
  const { fileId, annotationId, parentType, parentId, path, namespace, name, route, maxBytes, onRoute, ...server } =
    chosen;
  const ways = { fileId, annotationId, parentType, parentId, path, namespace, name, route, maxBytes, onRoute };
  const here = path === undefined ? server : connectionOf(options);
  return withConnection({ ...here, signal }, (connection) =>
    withStore(options.store, (kept) =>
      withBar("copying", (onProgress) => {
        const source = {
          ...ways,
          ...(path === undefined ? { connection } : {}),
          ...selectionOf(options),
          ...kept,
          signal,
        };
        const there = options.toServer === undefined ? { connection } : connectionOf(thereOf(options));
        const target = { ...there, ...targetOf(options), signal, onProgress, onWarning: warn };
        const { mapIds, sourceParent, dryRun } = options;
        return copyTable(source, target, { mapIds, sourceParent, dryRun });
      }),
    ),
  );
}

function thereOf({ toServer: server, toPort: port, toUser: user, toGroup: group }: CopyFlags) {
  return {
    server,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
}

function targetOf(options: CopyFlags) {
  const { tableName, link: links, toNamespace: namespace, toRoute: route, toChunkSize: chunkSize } = options;
  return { tableName, links, ...storageChoice(options), namespace, route, chunkSize };
}

function tell({ copy, tableName, ids }: CopyResult, { json }: JsonFlag): void {
  if (json) printJson(copy ?? { tableName, ids });
  else if (copy !== undefined)
    print(`${counted(copy.rowCount, "row")} as annotation ${copy.annotationId}, file ${copy.fileId}`);
  else tellIds(ids);
}

function tellIds(ids: CopyResult["ids"]): void {
  for (const { type, found, unmapped } of ids) {
    const lacking = unmapped.length === 0 ? "" : `: ${unmapped.slice(0, 10).join(", ")}`;
    print(`${type}: ${counted(found, "id")} with another, ${unmapped.length} without${lacking}`);
  }
  print("Nothing was made.");
}

/** `names`, or the maps of a JSON file. */
function idMaps(text: string): "names" | IdMaps {
  if (text === "names") return text;
  try {
    const maps: unknown = JSON.parse(readFileSync(text, "utf8"));
    if (typeof maps === "object" && maps !== null && !Array.isArray(maps)) return maps as IdMaps;
  } catch (cause) {
    throw new InvalidArgumentError(`write names, or the path of a JSON file: ${(cause as Error).message}`);
  }
  throw new InvalidArgumentError(`${text} holds no maps of ids by type, such as {"Image":{"1":101}}`);
}
