import type { Command } from "commander";
import { openedTable, type TableOptions, tableOf } from "../options.js";

export function addDelete(root: Command, signal: AbortSignal): void {
  openedTable(root.command("delete"))
    .description("remove a table with its annotation and links")
    .action(async (options: TableOptions) => {
      const { deleteTable } = await import("../../write/index.js");
      await deleteTable({ ...tableOf(options), signal });
    });
}
