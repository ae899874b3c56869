import { type Command, Option } from "commander";
import { invalidArgument } from "../../../errors.js";
import { sourceAt } from "../../naming/source.js";
import { serverTable, tableName } from "../../naming/table-name.js";
import { type CsvCommandOptions, csvDialect, dialectOptions } from "../../options/csv.js";
import { type JsonFlag, jsonOption, openedTable, type TableOptions } from "../../options/tables.js";
import { assignment, type CellValue, positive, rows } from "../../options/values.js";
import { counted, print, printJson, withBar } from "../../output.js";

type Values = Record<string, CellValue>;

interface UpdateFlags extends TableOptions, CsvCommandOptions, JsonFlag {
  readonly set?: Values;
  readonly query?: string;
  readonly variables?: Values;
  readonly rows?: { start: number; stop: number; step: number };
  readonly chunkSize?: number;
}

export function addUpdate(root: Command, signal: AbortSignal): void {
  const command = openedTable(root.command("update"))
    .description("change values of rows that a table has")
    .usage("[options] [source] [table]")
    .argument(
      "[names...]",
      "a file with some of the table's columns and a row for each to change (- is a CSV from standard input), unless there is --set; and the table, as 402 or Annotation:142, unless options name it",
    )
    .option("--set <column=value>", "the same value in all these rows; give it again for more columns", assignment)
    .option("-q, --query <condition>", "the rows that meet this PyTables condition")
    .option("--variables <name=value...>", "values of names in the condition that are no columns", assignment)
    .addOption(new Option("-r, --rows <start:stop[:step]>", "these rows").argParser(rows).conflicts("query"))
    .option("--chunk-size <rows>", "rows a call", positive);
  jsonOption(dialectOptions(command)).action(async (names: string[], options: UpdateFlags) => {
    const { updateRows } = await import("../../../write/index.js");
    const { set, query, variables, rows: range, chunkSize } = options;
    const [path, table] = sourceAndTable(names, set !== undefined);
    const named = await serverTable(table === undefined ? undefined : tableName(table), options);
    const target = { ...named, query, variables, rows: range && numbered(range), chunkSize, csv: csvDialect(options) };
    const { rowCount } = await withBar("changing", (onProgress) =>
      updateRows(path === undefined ? set! : sourceAt(path), { ...target, signal, onProgress }),
    );
    if (options.json) printJson({ rowCount });
    else print(`${counted(rowCount, "row")} changed`);
  });
}

/** With values that are set there is no source. @throws ArgumentError `INVALID_ARGUMENT` for too many names, or too few */
function sourceAndTable(names: readonly string[], isSet: boolean): (string | undefined)[] {
  const all = isSet ? [undefined, ...names] : names;
  if (all.length < 1) throw invalidArgument("give a file of values, or --set");
  if (all.length <= 2) return all.slice();
  throw invalidArgument(isSet ? "give either a file of values or --set" : "give a file of values and one table");
}

function numbered({ start, stop, step }: { start: number; stop: number; step: number }): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, index) => start + index * step);
}
