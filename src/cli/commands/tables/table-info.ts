/** What a table says of itself, for `info`. */
import { RemoteTable } from "../../../gateway/tables/table.js";
import { openTableSource } from "../../../read/index.js";
import { type TableName, withChosenTable } from "../../naming/table-name.js";
import type { JsonFlag, ReadTableFlags } from "../../options/tables.js";
import { counted, print, printCells, printJson } from "../../output.js";
import { printFields } from "../../shown/table-fields.js";
import { printEntries } from "./metadata.js";

/** Its file, size, columns and metadata. */
export function tellOfTable(
  name: TableName | undefined,
  options: ReadTableFlags & JsonFlag,
  signal: AbortSignal,
): Promise<void> {
  return withChosenTable(name, options, signal, async (chosen) => {
    const { table, close } = await openTableSource({ ...chosen, signal });
    try {
      const metadata = await table.getAllMetadata({ signal });
      const { rowCount, fields: columns } = table;
      const file = table instanceof RemoteTable ? table.file : undefined;
      if (options.json)
        return printJson({ file, path: chosen.path, rowCount, columns, metadata: Object.fromEntries(metadata) });
      if (file === undefined) printCells("Table", chosen.path ?? "");
      else printCells(`OriginalFile:${file.id}`, file.name, `${file.size ?? "?"} bytes`);
      print(`${counted(rowCount, "row")}, ${counted(columns.length, "column")}`);
      printFields(columns);
      printEntries(metadata);
    } finally {
      await close();
    }
  });
}
