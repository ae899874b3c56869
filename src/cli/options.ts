/** The options that several commands share: which server, which table, which part of it. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ConnectOptions } from "../connect/index.js";

/** What the options of {@link withServer} parse to. */
export interface ServerFlags {
  server?: string;
  port?: number;
  user?: string;
  sessionKey?: string;
  group?: string;
  verify?: boolean;
  profile?: string;
}

/** What the options of {@link openedTable} parse to. */
export interface TableOptions extends ServerFlags {
  fileId?: bigint;
  annotationId?: bigint;
  path?: string;
}

/** What the options of {@link withSelection} parse to. */
export interface SelectionFlags extends TableOptions {
  columns?: string[];
  query?: string;
  rows?: { start: number; stop: number; step: number };
  chunkSize?: number;
  route?: "auto" | "service" | "file";
}

export function withServer(command: Command): Command {
  return command
    .option("-s, --server <address>", "host, host:port, tcp://host:port or wss://host/path")
    .option("-p, --port <number>", "port (4064)", portNumber)
    .option("-u, --user <name>", "user name")
    .option("-k, --session-key <key>", "join this session; OMERO_SESSION_KEY and the next option keep its key to you")
    .addOption(
      new Option("--session-key-file <path>", "join the session whose key this file holds").conflicts("sessionKey"),
    )
    .option("-g, --group <group>", "name or id of the group to work in")
    .option("--verify", "accept only servers whose certificate can be verified")
    .option("--profile <name>", "server, user and group of this name in your configuration file");
}

export function openedTable(command: Command): Command {
  return withServer(command)
    .addOption(new Option("--file-id <id>", "id of the table's file").argParser(id))
    .addOption(new Option("--annotation-id <id>", "id of the table's annotation").argParser(id).conflicts("fileId"));
}

/** A table that is read may be a file of this machine, too. */
export function readTableOptions(command: Command): Command {
  return openedTable(command).addOption(
    new Option(
      "--path <file>",
      "a file of this machine: CSV, Parquet, Arrow, OMERO.tables (HDF5), TileDB, ...",
    ).conflicts(["fileId", "annotationId"]),
  );
}

export function withSelection(command: Command): Command {
  return columnsOption(readTableOptions(command))
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .addOption(new Option("-r, --rows <start:stop[:step]>", "only these rows").argParser(rows).conflicts("query"))
    .addOption(new Option("--route <way>", "how rows come").choices(["auto", "service", "file"]))
    .option("--chunk-size <rows>", "rows a request", positive);
}

export function columnsOption(command: Command): Command {
  return command.option("-c, --columns <name...>", "only these columns, with commas or spaces between", names);
}

export function jsonOption(command: Command): Command {
  return command.option("--json", "as JSON, for programs", false);
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

export function connectionOf(options: ServerFlags): ConnectOptions {
  const { server: address, port, user, sessionKey, group, verify } = options;
  return {
    server: address,
    port,
    username: user,
    sessionKey,
    group: group === undefined || !/^-?\d+$/.test(group) ? group : BigInt(group),
    ...(verify ? { tls: "verify" as const } : {}),
  };
}

export function tableOf(options: TableOptions) {
  return { ...connectionOf(options), fileId: options.fileId, annotationId: options.annotationId };
}

/** Which part of a table the options say. */
export function selectionOf({ columns, query, rows: range, chunkSize, route }: SelectionFlags) {
  return { columnNames: columns, query, rows: range, chunkSize, ...(route === undefined ? {} : { route }) };
}

/** Names with commas between, in one option or several; a comma that is part of a name has a backslash before it. */
export function names(text: string, before: readonly string[] = []): string[] {
  const parts = text.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return [...before, ...parts.map((part) => part.replace(/\\([,\\])/g, "$1").trim()).filter((name) => name !== "")];
}

/** A number of a port; 0 is any that is free. */
export function portNumber(text: string): number {
  const port = count(text);
  if (port > 65_535) throw new InvalidArgumentError("ports are numbers up to 65535");
  return port;
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = count(text);
  if (number === 0) throw new InvalidArgumentError("a whole number of at least 1 is needed");
  return number;
}

export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is needed");
  return Number(text);
}

function id(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("an id is a whole number");
  return BigInt(text);
}

/** `start:stop` or `start:stop:step`. */
export function rows(text: string): { start: number; stop: number; step: number } {
  const match = /^(\d+):(\d+)(?::(\d+))?$/.exec(text);
  if (!match) throw new InvalidArgumentError("write start:stop or start:stop:step");
  return { start: Number(match[1]), stop: Number(match[2]), step: Number(match[3] ?? 1) };
}

/** Targets as `Image:101`, with commas between or in several options. */
export function link(text: string, before: [string, bigint][]): [string, bigint][] {
  return [...before, ...text.split(",").map(objectLink)];
}

/** @throws InvalidArgumentError unless the text is as `Image:101` */
export function objectLink(text: string): [type: string, id: bigint] {
  const match = /^([A-Za-z]+):(\d+)$/.exec(text.trim());
  if (!match) throw new InvalidArgumentError("write a type and an id, for example Image:101");
  return [match[1]!, BigInt(match[2]!)];
}
