import { type Command, Option } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import { invalidArgument } from "../../../errors.js";
import { chosenTable, type TableName, tableArgument } from "../../naming/table-name.js";
import {
  connectionOf,
  type JsonFlag,
  jsonOption,
  type LinkArguments,
  link,
  objectLink,
  readTableOptions,
  type TableOptions,
} from "../../options.js";
import { counted, print, printJson, warn, withBar } from "../../output.js";

interface CopyFlags extends TableOptions, LinkArguments, JsonFlag {
  readonly name?: string;
  readonly mapIds?: "names";
  readonly sourceParent?: [string, bigint];
  readonly replace: boolean;
  readonly toServer?: string;
  readonly toUser?: string;
}

export function addCopy(root: Command, signal: AbortSignal): void {
  jsonOption(readTableOptions(tableArgument(root.command("copy"))))
    .description("copy a table with its types and metadata, on its server or to another")
    .option("--name <name>", "name of the copy; that of the table without it")
    .requiredOption("--link <target...>", "what to attach the copy to, for example Image:101", link, [])
    .option("--to-server <address>", "another server to copy to, as --server says one")
    .option("--to-user <name>", "user name there")
    .addOption(
      new Option("--map-ids <way>", "ids become those of objects of the same names below the target").choices([
        "names",
      ]),
    )
    .option("--source-parent <object>", "the object below which those of the table lie, for --map-ids", objectLink)
    .option("--replace", "replace your tables of this name on the same object", false)
    .action(async (table: TableName | undefined, options: CopyFlags) => {
      const { copyTable } = await import("../../../write/index.js");
      const { name, link: links, replace, toServer, toUser, json, mapIds, sourceParent } = options;
      if (links.length === 0) throw invalidArgument("say what to attach the copy to: --link Image:101");
      if (toServer === undefined && toUser !== undefined) throw invalidArgument("--to-user is for --to-server");
      const { fileId, annotationId, parentType, parentId, path, ...server } = chosenTable(table, options);
      const which = { fileId, annotationId, parentType, parentId, path };
      await withConnection({ ...(path === undefined ? server : connectionOf(options)), signal }, async (connection) => {
        const source = path === undefined ? { ...which, connection, signal } : { path, signal };
        const there = toServer === undefined ? { connection } : { server: toServer, username: toUser };
        const mapping = mapIds ? { mapIds, sourceParent } : {};
        const { copy } = await withBar("copying", (onProgress) =>
          copyTable(
            source,
            { ...there, tableName: name, links, replace, signal, onProgress, onWarning: warn },
            mapping,
          ),
        );
        if (json) printJson(copy);
        else print(`${counted(copy!.rowCount, "row")} as annotation ${copy!.annotationId}, file ${copy!.fileId}`);
      });
    });
}
