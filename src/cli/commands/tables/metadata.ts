import type { Command } from "commander";
import { serverTable, serverTableArgument, type TableName } from "../../naming/table-name.js";
import { type JsonFlag, jsonOption, openedTable, type TableOptions } from "../../options/tables.js";
import { metadataEntry } from "../../options/values.js";
import { counted, print, printColumns, printJson, visibleLine, warn } from "../../output.js";

interface MetadataFlags extends TableOptions, JsonFlag {
  readonly set?: Record<string, bigint | number | string>;
}

export function addMetadata(root: Command, signal: AbortSignal): void {
  jsonOption(openedTable(serverTableArgument(root.command("metadata"))))
    .description("print the table's metadata, or add to them")
    .option(
      "--set <key=value>",
      "add this, or replace what is under that key; a number is stored as one",
      metadataEntry,
    )
    .action(async (name: TableName | undefined, options: MetadataFlags) => {
      const { getTableMetadata, setTableMetadata } = await import("../../../write/index.js");
      const table = { ...(await serverTable(name, options)), signal };
      if (options.set !== undefined) {
        await setTableMetadata(options.set, { ...table, onWarning: warn });
        const set = Object.keys(options.set).length;
        return options.json ? printJson({ set: options.set }) : print(`${counted(set, "entry", "entries")} set`);
      }
      const metadata = await getTableMetadata(table);
      if (options.json) printJson(Object.fromEntries(metadata));
      else printEntries(metadata);
    });
}

/** Keys and values, a line each. */
export function printEntries(entries: Iterable<readonly [key: string, value: unknown]>): void {
  const cells = [...entries];
  printColumns(
    [
      { heading: "key", cells: cells.map(([key]) => visibleLine(key)) },
      { heading: "value", cells: cells.map(([, value]) => visibleLine(String(value))) },
    ],
    { headings: false },
  );
}
