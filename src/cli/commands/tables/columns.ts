import type { Command } from "commander";
import { chosenTable, type TableName, tableArgument } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, readTableOptions, type TableOptions } from "../../options.js";
import { counted, print, printColumns, printJson, visibleLine } from "../../output.js";

export function addColumns(root: Command, signal: AbortSignal): void {
  jsonOption(readTableOptions(tableArgument(root.command("columns"))))
    .description("print the table's columns: name, type, size, and its number of rows")
    .action(async (name: TableName | undefined, options: TableOptions & JsonFlag) => {
      const { getTableHeaders } = await import("../../../read/index.js");
      const { columns, rowCount } = await getTableHeaders({ ...chosenTable(name, options), signal });
      if (options.json) return printJson({ rowCount, columns });
      const texts = [
        { heading: "column", cells: columns.map((column) => visibleLine(column.name)) },
        { heading: "type", cells: columns.map(({ type }) => type) },
        { heading: "size", cells: columns.map(({ size }) => String(size)), isNumeric: true },
      ];
      printColumns(texts, { headings: process.stdout.isTTY === true });
      print(`${counted(rowCount, "row")}, ${counted(columns.length, "column")}`);
    });
}
