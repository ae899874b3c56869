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
}

/** What the options of {@link openedTable} parse to. */
export interface TableOptions extends ServerFlags {
  fileId?: bigint;
  annotationId?: bigint;
}

/** What the options of {@link withSelection} parse to. */
export interface SelectionFlags extends TableOptions {
  columns?: string[];
  query?: string;
  rows?: { start: number; stop: number; step: number };
  chunkSize?: number;
}

export function withServer(command: Command): Command {
  return command
    .option("-s, --server <address>", "host, host:port, tcp://host:port or wss://host/path")
    .option("-p, --port <number>", "port (4064)", count)
    .option("-u, --user <name>", "user name")
    .option("-k, --session-key <key>", "join this session; OMERO_SESSION_KEY and the next option keep its key to you")
    .addOption(
      new Option("--session-key-file <path>", "join the session whose key this file holds").conflicts("sessionKey"),
    )
    .option("-g, --group <group>", "name or id of the group to work in")
    .option("--verify", "accept only servers whose certificate can be verified");
}

export function openedTable(command: Command): Command {
  return withServer(command)
    .addOption(new Option("--file-id <id>", "id of the table's file").argParser(id))
    .addOption(new Option("--annotation-id <id>", "id of the table's annotation").argParser(id).conflicts("fileId"));
}

export function withSelection(command: Command): Command {
  return openedTable(command)
    .option("-c, --columns <name...>", "only these columns")
    .option("-q, --query <condition>", "only rows that meet this PyTables condition")
    .addOption(new Option("-r, --rows <start:stop[:step]>", "only these rows").argParser(rows).conflicts("query"))
    .option("--chunk-size <rows>", "rows a request", count);
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

export function selectionOf(options: SelectionFlags) {
  const { columns, query, rows: range, chunkSize } = options;
  return { ...tableOf(options), columnNames: columns, query, rows: range, chunkSize };
}

export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a whole number is needed");
  return Number(text);
}

function id(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("an id is a whole number");
  return BigInt(text);
}

function rows(text: string): { start: number; stop: number; step: number } {
  const match = /^(\d+):(\d+)(?::(\d+))?$/.exec(text);
  if (!match) throw new InvalidArgumentError("write start:stop or start:stop:step");
  return { start: Number(match[1]), stop: Number(match[2]), step: Number(match[3] ?? 1) };
}

function link(text: string, before: [string, bigint][]): [string, bigint][] {
  const match = /^([A-Za-z]+):(\d+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("write a type and an id, for example Image:101");
  return [...before, [match[1]!, BigInt(match[2]!)]];
}
