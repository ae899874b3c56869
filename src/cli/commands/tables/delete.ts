import type { Command } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import { EXIT } from "../../failure.js";
import { isWanted } from "../../is-wanted.js";
import { serverTable, serverTableArgument, type TableName } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, openedTable, type TableOptions } from "../../options/tables.js";
import { counted, print, printJson } from "../../output.js";

interface DeleteFlags extends TableOptions, JsonFlag {
  readonly yes: boolean;
}

export function addDelete(root: Command, signal: AbortSignal): void {
  jsonOption(openedTable(serverTableArgument(root.command("delete"))))
    .description("remove a table with its annotation and links, after a question")
    .option("-y, --yes", "without asking", false)
    .action(async (name: TableName | undefined, options: DeleteFlags) => {
      const { fileId, annotationId, ...server } = await serverTable(name, options);
      const which = { fileId, annotationId };
      const { deleteTable } = await import("../../../write/index.js");
      const { getTableHeaders } = await import("../../../read/index.js");
      await withConnection({ ...server, signal }, async (connection) => {
        const table = `the table of ${fileId === undefined ? `annotation ${annotationId}` : `file ${fileId}`}`;
        if (!options.yes) {
          const { rowCount, columns } = await getTableHeaders({ connection, ...which, signal });
          const size = `${counted(rowCount, "row")}, ${counted(columns.length, "column")}`;
          if (!(await isWanted(`Remove ${table}, ${size}?`, "nothing was removed: give --yes to remove it", signal))) {
            process.exitCode = EXIT.failed;
            return;
          }
        }
        await deleteTable({ connection, ...which, signal });
        if (options.json) printJson({ deleted: which });
        else print(`removed ${table}`);
      });
    });
}
