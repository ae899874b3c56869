/** `head`, `tail`, `sample`, `query`: some rows of a table, as a table. */
import { type Command, Option } from "commander";
import type { ColumnBatch } from "../../../columns/batch.js";
import { invalidArgument } from "../../../errors.js";
import { type TableName, tableArgument, withChosenTable } from "../../naming/table-name.js";
import {
  countOption,
  type JsonFlag,
  jsonOption,
  type SelectionFlags,
  selectionOf,
  storeOption,
  withSelection,
} from "../../options/tables.js";
import { count } from "../../options/values.js";
import { withStore } from "../../with-store.js";

interface RowsFlags extends SelectionFlags, JsonFlag {
  readonly count: number;
  readonly seed?: number;
}

type ReadSome = typeof import("../../shown/read-some.js");
type Selection = Parameters<ReadSome["firstRows"]>[0];
type Read = (reading: ReadSome, selection: Selection, options: RowsFlags) => Promise<ColumnBatch[]>;

const FIRST: Read = ({ firstRows }, selection, options) => firstRows(selection, options.count);

export function addHead(root: Command, signal: AbortSignal): void {
  const command = storeOption(withSelection(tableArgument(root.command("head"))));
  rowsCommand(command, 5, FIRST, signal).description("print the first rows");
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
  countOption(jsonOption(storeOption(withSelection(tableArgument(command)))), 20)
    .description("print the first rows that meet a condition; download writes all of them")
    .action((query: string, name: TableName | undefined, options: RowsFlags) => {
      if (options.query !== undefined || options.rows !== undefined)
        throw invalidArgument("query has its condition as an argument: leave out --query and --rows");
      return show(name, { ...options, query }, FIRST, signal);
    });
}

function rowsCommand(command: Command, rows: number, read: Read, signal: AbortSignal): Command {
  return countOption(jsonOption(command), rows).action((name: TableName | undefined, options: RowsFlags) =>
    show(name, options, read, signal),
  );
}

function show(name: TableName | undefined, options: RowsFlags, read: Read, signal: AbortSignal): Promise<void> {
  return withChosenTable(name, options, signal, (table) =>
    withStore(options.store, async (kept) => {
      const reading = await import("../../shown/read-some.js");
      const { showBatches } = await import("../../shown/show-batches.js");
      showBatches(await read(reading, { ...table, ...selectionOf(options), ...kept, signal }, options), options);
    }),
  );
}
