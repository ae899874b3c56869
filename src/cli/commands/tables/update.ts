import { type Command, InvalidArgumentError, Option } from "commander";
import { invalidArgument } from "../../../errors.js";
import type { Constants } from "../../../write/index.js";
import { type CsvCommandOptions, csvDialect, dialectOptions } from "../../csv-options.js";
import { sourceAt } from "../../naming/source.js";
import { type JsonFlag, jsonOption, openedTable, positive, rows, type TableOptions, tableOf } from "../../options.js";
import { counted, print, printJson, withBar } from "../../output.js";

interface UpdateFlags extends TableOptions, CsvCommandOptions, JsonFlag {
  readonly set?: Constants;
  readonly query?: string;
  readonly rows?: { start: number; stop: number; step: number };
  readonly chunkSize?: number;
}

export function addUpdate(root: Command, signal: AbortSignal): void {
  const command = openedTable(root.command("update"))
    .description("change values of rows that a table has")
    .argument(
      "[source]",
      "file with some of the table's columns and a row for each to change; - is a CSV from standard input",
    )
    .option("--set <column=value>", "the same value in all these rows; give it again for more columns", assignment)
    .option("-q, --query <condition>", "the rows that meet this PyTables condition")
    .addOption(new Option("-r, --rows <start:stop[:step]>", "these rows").argParser(rows).conflicts("query"))
    .option("--chunk-size <rows>", "rows a call", positive);
  jsonOption(dialectOptions(command)).action(async (path: string | undefined, options: UpdateFlags) => {
    const { updateRows } = await import("../../../write/index.js");
    const { set, query, rows: range, chunkSize } = options;
    if ((path === undefined) === (set === undefined)) throw invalidArgument("give either a file of values or --set");
    const target = { ...tableOf(options), query, rows: range && numbered(range), chunkSize, csv: csvDialect(options) };
    const { rowCount } = await withBar("changing", (onProgress) =>
      updateRows(path === undefined ? set! : sourceAt(path), { ...target, signal, onProgress }),
    );
    if (options.json) printJson({ rowCount });
    else print(`${counted(rowCount, "row")} changed`);
  });
}

function numbered({ start, stop, step }: { start: number; stop: number; step: number }): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, index) => start + index * step);
}

/** `area=2.5`: a number, true, false, or text; in quotes it is text whatever it looks like. */
function assignment(text: string, before: Constants = {}): Constants {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("write a column and a value, for example area=2.5");
  return { ...before, [text.slice(0, at)]: cellValue(text.slice(at + 1)) };
}

/** Integers are exact, whatever their size. */
export function cellValue(text: string): bigint | number | string | boolean {
  const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && (text === "NaN" || !Number.isNaN(Number(text))) ? Number(text) : text;
}
