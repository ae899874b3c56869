/** Options that say which table, and which part of it. */
import { type Command, Option } from "commander";
import type { SelectionOptions } from "../../read/plan/table-selection.js";
import { warn } from "../output.js";
import { connectionOf, type ServerFlags, withServer } from "./connection.js";
import { assignment, type CellValue, count, id, link, names, positive, rows } from "./values.js";

/** What the options of {@link openedTable} parse to. */
export interface TableOptions extends ServerFlags {
  fileId?: bigint;
  annotationId?: bigint;
}

/** What the options of {@link readTableOptions} parse to. */
export interface ReadTableFlags extends TableOptions {
  path?: string;
  namespace?: string;
  name?: string;
  maxBytes?: number;
  route?: "auto" | "service" | "file";
  verbose?: boolean;
}

/** What the options of {@link withSelection} parse to. */
export interface SelectionFlags extends ReadTableFlags {
  columns?: string[];
  query?: string;
  variables?: Record<string, CellValue>;
  rows?: { start: number; stop: number; step: number };
  chunkSize?: number;
  store?: string;
}

/** Heading under which help lists the options that name a table. */
const TABLE_GROUP = "Table:";

export function openedTable(command: Command): Command {
  return withServer(command)
    .addOption(new Option("--file-id <id>", "id of the table's file").argParser(id).helpGroup(TABLE_GROUP))
    .addOption(
      new Option("--annotation-id <id>", "id of the table's annotation")
        .argParser(id)
        .conflicts("fileId")
        .helpGroup(TABLE_GROUP),
    );
}

/** A table may be a file of this machine, too. */
export function pathOption(command: Command): Command {
  const files = "a file of this machine: CSV, Parquet, Arrow, OMERO.tables (HDF5), TileDB, ...";
  return command.addOption(
    new Option("--path <file>", files).conflicts(["fileId", "annotationId"]).helpGroup(TABLE_GROUP),
  );
}

/** Which table is read, and how. */
export function readTableOptions(command: Command): Command {
  const options = [
    new Option("--namespace <text>", "of an object with several tables: the one whose annotation has this namespace"),
    new Option("--name <text>", "of an object with several tables: the one of this name"),
    new Option("--max-bytes <bytes>", "text that a compressed file may hold (2 GiB)").argParser(positive),
    new Option("--route <way>", "how rows come from a server").choices(["auto", "service", "file"]),
    new Option("--verbose", "tell which way rows come, and why").default(false),
  ];
  pathOption(openedTable(command));
  for (const option of options) command.addOption(option.helpGroup(TABLE_GROUP));
  return command;
}

/** Which rows and columns of a table are read. */
export function withSelection(command: Command): Command {
  return columnsOption(readTableOptions(command))
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .option("--variables <name=value...>", "values of names in the condition that are no columns", assignment)
    .addOption(new Option("-r, --rows <start:stop[:step]>", "only these rows").argParser(rows).conflicts("query"))
    .option("--chunk-size <rows>", "rows a request", positive);
}

/** What is fetched is kept, and not fetched again while it is the same. */
export function storeOption(command: Command): Command {
  return command.option("--store <folder>", "keep what is fetched in this store, and take it from there");
}

export function columnsOption(command: Command): Command {
  return command.option("-c, --columns <name...>", "only these columns, with commas or spaces between", names);
}

export function countOption(command: Command, usual: number): Command {
  return command.option("-n, --count <rows>", "how many rows", count, usual);
}

export function jsonOption(command: Command): Command {
  return command.option("--json", "as JSON, an object a line, for programs", false);
}

/** What {@link jsonOption} parses to. */
export interface JsonFlag {
  readonly json: boolean;
}

/** What the option of {@link withLinks} parses to. */
export interface LinkArguments {
  link: [string, bigint][];
}

export function withLinks(command: Command): Command {
  return command.requiredOption("--link <target...>", "what to attach it to, for example Image:101", link, []);
}

export function tableOf(options: TableOptions) {
  return { ...connectionOf(options), fileId: options.fileId, annotationId: options.annotationId };
}

/** Which part of a table the options say. */
export function selectionOf(flags: SelectionFlags): SelectionOptions {
  const { columns: columnNames, query, variables, rows: range, chunkSize } = flags;
  return { columnNames, query, variables, rows: range, chunkSize };
}

/** How the rows of a table are reached, wherever it is. */
export function waysOf({ route, maxBytes, verbose }: ReadTableFlags) {
  const onRoute = (taken: string, why: string) => warn(`rows come by ${WAYS[taken] ?? taken}: ${why}`);
  return { ...(route === undefined ? {} : { route }), maxBytes, ...(verbose ? { onRoute } : {}) };
}

const WAYS: Readonly<Record<string, string>> = {
  service: "the table service",
  file: "the table's file",
  store: "the store",
};
