/** `head`, `tail`, `sample`, `query`: some rows of a table, as a table. */
import { type Command, Option } from "commander";
import type { ColumnBatch } from "../../../columns/batch.js";
import { chosenTable, type TableName, tableArgument } from "../../naming/table-name.js";
import { count, type JsonFlag, jsonOption, type SelectionFlags, selectionOf, withSelection } from "../../options.js";
import { showBatches } from "../../shown/show-batches.js";

interface RowsFlags extends SelectionFlags, JsonFlag {
  readonly count: number;
  readonly seed?: number;
}

type ReadSome = typeof import("../../shown/read-some.js");
type Selection = Parameters<ReadSome["firstRows"]>[0];
type Read = (reading: ReadSome, selection: Selection, options: RowsFlags) => Promise<ColumnBatch[]>;

const FIRST: Read = ({ firstRows }, selection, options) => firstRows(selection, options.count);

export function addHead(root: Command, signal: AbortSignal): void {
  rowsCommand(withSelection(tableArgument(root.command("head"))), 5, FIRST, signal).description("print the first rows");
}

export function addTail(root: Command, signal: AbortSignal): void {
  const read: Read = ({ lastRows }, selection, options) => lastRows(selection, options.count);
  rowsCommand(withSelection(tableArgument(root.command("tail"))), 5, read, signal).description("print the last rows");
}

export function addSample(root: Command, signal: AbortSignal): void {
  const read: Read = ({ randomRows }, selection, { count: rows, seed = Date.now() }) =>
    randomRows(selection, rows, seed);
  rowsCommand(withSelection(tableArgument(root.command("sample"))), 5, read, signal)
    .description("print rows chosen at random, in the order of the table")
    .addOption(new Option("--seed <number>", "the same rows for the same number").argParser(count));
}

export function addQuery(root: Command, signal: AbortSignal): void {
  const command = root
    .command("query")
    .argument("<condition>", "PyTables condition, for example '(area > 20) & (label == \"a\")'");
  withSelection(tableArgument(command))
    .description("print the first rows that meet a condition; download writes all of them")
    .option("-n, --count <rows>", "how many rows at most", count, 20);
  jsonOption(command).action((query: string, name: TableName | undefined, options: RowsFlags) =>
    show(name, { ...options, query }, FIRST, signal),
  );
}

function rowsCommand(command: Command, rows: number, read: Read, signal: AbortSignal): Command {
  return jsonOption(command)
    .option("-n, --count <rows>", "how many rows", count, rows)
    .action((name: TableName | undefined, options: RowsFlags) => show(name, options, read, signal));
}

async function show(name: TableName | undefined, options: RowsFlags, read: Read, signal: AbortSignal): Promise<void> {
  const selection = { ...chosenTable(name, options), ...selectionOf(options), signal };
  const reading = await import("../../shown/read-some.js");
  await showBatches(await read(reading, selection, options), options);
}
