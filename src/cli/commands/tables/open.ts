import type { Command } from "commander";
import { atHost, type TableName, tableName, withChosenTable } from "../../naming/table-name.js";
import { connectionOf } from "../../options/connection.js";
import { countOption, type JsonFlag, jsonOption, type ReadTableFlags, readTableOptions } from "../../options/tables.js";
import { counted, print } from "../../output.js";
import { printFiles } from "./files.js";

interface OpenFlags extends ReadTableFlags, JsonFlag {
  readonly count: number;
}

export function addOpen(root: Command, signal: AbortSignal): void {
  countOption(jsonOption(readTableOptions(root.command("open"))), 5)
    .description(
      "show what an address of OMERO.web names: a table's columns and first rows, or what is attached to an object",
    )
    .argument("<address>", "as a browser has it, or a table or object such as 402 or Image:5", tableName)
    .action(async (place: TableName, options: OpenFlags) => {
      if (!("object" in place)) return showTable(place, options, signal);
      const { listFiles } = await import("../../../gateway/files/attached-file.js");
      const [parentType, parentId] = place.object;
      const { namespace, name } = options;
      const server = connectionOf(atHost(place, options));
      printFiles(await listFiles({ ...server, parentType, parentId, namespace, name, signal }), options);
    });
}

function showTable(name: TableName, options: OpenFlags, signal: AbortSignal): Promise<void> {
  return withChosenTable(name, options, signal, async (table) => {
    const { openTableSource } = await import("../../../read/index.js");
    const { firstRows } = await import("../../shown/read-some.js");
    const { jsonRows, showBatches } = await import("../../shown/show-batches.js");
    const source = await openTableSource({ ...table, signal });
    try {
      const { rowCount, fields } = source.table;
      const first = await firstRows({ table: source.table, signal }, options.count);
      if (options.json) return print(`{${jsonMembers({ rowCount, columns: fields })},"rows":[${jsonRows(first)}]}`);
      print(`${counted(rowCount, "row")}, ${counted(fields.length, "column")}`);
      await showBatches(first, options);
    } finally {
      await source.close();
    }
  });
}

function jsonMembers(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}
