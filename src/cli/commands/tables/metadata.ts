import { type Command, InvalidArgumentError } from "commander";
import { type JsonFlag, jsonOption, openedTable, type TableOptions, tableOf } from "../../options.js";
import { counted, print, printColumns, printJson, visibleLine, warn } from "../../output.js";
import { cellValue } from "./update.js";

interface MetadataFlags extends TableOptions, JsonFlag {
  readonly set?: Record<string, bigint | number | string>;
}

export function addMetadata(root: Command, signal: AbortSignal): void {
  jsonOption(openedTable(root.command("metadata")))
    .description("print the table's metadata, or add to them")
    .option("--set <key=value>", "add this, or replace what is under that key; a number is stored as one", entry)
    .action(async (options: MetadataFlags) => {
      const { getTableMetadata, setTableMetadata } = await import("../../../write/index.js");
      const table = { ...tableOf(options), signal };
      if (options.set !== undefined) {
        await setTableMetadata(options.set, { ...table, onWarning: warn });
        const set = Object.keys(options.set).length;
        return options.json ? printJson({ set: options.set }) : print(`${counted(set, "entry", "entries")} set`);
      }
      const metadata = await getTableMetadata(table);
      if (options.json) return printJson(Object.fromEntries(metadata));
      const cells = [...metadata];
      printColumns(
        [
          { heading: "key", cells: cells.map(([key]) => visibleLine(key)) },
          { heading: "value", cells: cells.map(([, value]) => visibleLine(String(value))) },
        ],
        { headings: false },
      );
    });
}

function entry(text: string, before: Record<string, bigint | number | string> = {}) {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("write a key and a value, for example reviewed=yes");
  const value = cellValue(text.slice(at + 1));
  return { ...before, [text.slice(0, at)]: typeof value === "boolean" ? String(value) : value };
}
