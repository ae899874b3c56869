import type { Command } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import { invalidArgument } from "../../../errors.js";
import { EXIT } from "../../failure.js";
import { isWanted } from "../../is-wanted.js";
import { type JsonFlag, jsonOption, openedTable, type TableOptions, tableOf } from "../../options.js";
import { counted, print, printJson } from "../../output.js";

interface DeleteFlags extends TableOptions, JsonFlag {
  readonly yes: boolean;
}

export function addDelete(root: Command, signal: AbortSignal): void {
  jsonOption(openedTable(root.command("delete")))
    .description("remove a table with its annotation and links, after a question")
    .option("-y, --yes", "without asking", false)
    .action(async (options: DeleteFlags) => {
      const { fileId, annotationId, ...server } = tableOf(options);
      const which = { fileId, annotationId };
      if ((fileId ?? annotationId) === undefined)
        throw invalidArgument("say which table: --file-id or --annotation-id");
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
