import type { Command } from "commander";
import { type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, type ReadTableFlags, readTableOptions } from "../../options/tables.js";
import { counted, print, printJson } from "../../output.js";
import { printFields } from "../../shown/table-fields.js";

export function addColumns(root: Command, signal: AbortSignal): void {
  jsonOption(readTableOptions(tableArgument(root.command("columns"))))
    .description("print the table's columns: name, type, size, and its number of rows")
    .action(async (name: TableName | undefined, options: ReadTableFlags & JsonFlag) => {
      const { getTableHeaders } = await import("../../../read/index.js");
      const { columns, rowCount } = await withChosenTable(name, options, signal, (table) =>
        getTableHeaders({ ...table, signal }),
      );
      if (options.json) return printJson({ rowCount, columns });
      printFields(columns);
      print(`${counted(rowCount, "row")}, ${counted(columns.length, "column")}`);
    });
}
