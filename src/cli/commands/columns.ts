import type { Command } from "commander";
import { openedTable, type TableOptions, tableOf } from "../options.js";
import { print, printCells } from "../output.js";

export function addColumns(root: Command, signal: AbortSignal): void {
  openedTable(root.command("columns"))
    .description("print the table's columns: name, type, size")
    .action(async (options: TableOptions) => {
      const { getTableHeaders } = await import("../../read/index.js");
      const { columns, rowCount } = await getTableHeaders({ ...tableOf(options), signal });
      for (const { name, type, size } of columns) printCells(name, type, size);
      print(`${rowCount} rows, ${columns.length} columns`);
    });
}
