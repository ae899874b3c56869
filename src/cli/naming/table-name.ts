/** Tables as command lines name them. */
import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { invalidArgument } from "../../errors.js";
import { connectionOf, type ServerFlags } from "../options/connection.js";
import { type ReadTableFlags, type TableOptions, waysOf } from "../options/tables.js";
import { objectLink } from "../options/values.js";
import { isWebAddress, parseWebAddress, type WebPlace } from "./web-address.js";

/** What a name stands for. */
export type TableName =
  | WebPlace
  | { readonly fileId: bigint }
  | { readonly annotationId: bigint }
  | { readonly object: readonly [type: string, id: bigint] }
  | { readonly path: string };

const ON_SERVER = "402 (the id of its file), Annotation:142, Image:5 (the only table on it), an address of OMERO.web";
const ANYWHERE = `${ON_SERVER}, or the path of a file; - is standard input`;

/** Adds the argument that names a table to be read; options such as `--file-id` and `--path` may stand in its place. */
export function tableArgument(command: Command): Command {
  return command.argument("[table]", ANYWHERE, tableName);
}

/** Adds the argument that names a table on a server, in whose place `--file-id` or `--annotation-id` may stand. */
export function serverTableArgument(command: Command): Command {
  return command.argument("[table]", ON_SERVER, tableName);
}

/** @throws InvalidArgumentError for a text that can name no table */
export function tableName(text: string): TableName {
  if (isWebAddress(text)) return parseWebAddress(text);
  const [, kind = "file", id] = /^(?:(file|originalfile|annotation|fileannotation):)?(\d+)$/i.exec(text) ?? [];
  if (id !== undefined) return /annotation/i.test(kind) ? { annotationId: BigInt(id) } : { fileId: BigInt(id) };
  if (/^[A-Za-z]+:\d+$/.test(text)) return { object: objectLink(text) };
  if (text === "-" || /[./\\]/.test(text) || existsSync(text)) return { path: text };
  throw new InvalidArgumentError(`there is no file "${text}"; write ${ANYWHERE}`);
}

/** What reading functions take for the table that a name or options say. */
export interface ChosenTable extends ReturnType<typeof connectionOf>, ReturnType<typeof waysOf> {
  readonly fileId?: bigint | undefined;
  readonly annotationId?: bigint | undefined;
  readonly path?: string | undefined;
  readonly parentType?: string | undefined;
  readonly parentId?: bigint | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless one table is named */
export function chosenTable(name: TableName | undefined, options: ReadTableFlags): ChosenTable {
  const { fileId, annotationId, path, maxBytes } = options;
  checkOne([name, fileId, annotationId, path], "--file-id, --annotation-id, --path", ANYWHERE);
  if (path !== undefined) return { path, maxBytes };
  const ways = waysOf(options);
  if (name === undefined) return { ...connectionOf(options), ...ways, fileId, annotationId };
  if ("path" in name) return { path: name.path, maxBytes };
  const { namespace, name: called } = options;
  const among = "object" in name ? { namespace, name: called } : {};
  return { ...namedOnServer(name, options), ...ways, ...among };
}

/** Does the work with the table that a name or options say; standard input is one while the work lasts. */
export async function withChosenTable<T>(
  name: TableName | undefined,
  options: ReadTableFlags,
  signal: AbortSignal,
  use: (table: ChosenTable) => Promise<T>,
): Promise<T> {
  const chosen = chosenTable(name, options);
  if (chosen.path !== "-") return use(chosen);
  const { spoolInput } = await import("./spooled-input.js");
  await using input = await spoolInput(signal);
  return await use({ ...chosen, path: input.path });
}

/** The file on a server that a name or options say; of an object the only one. @throws ArgumentError `INVALID_ARGUMENT` unless it is one */
export function serverFile(name: TableName | undefined, options: TableOptions) {
  const { fileId, annotationId } = options;
  checkOne([name, fileId, annotationId], "--file-id, --annotation-id", ON_SERVER);
  if (name === undefined)
    return { ...connectionOf(options), fileId, annotationId, parentType: undefined, parentId: undefined };
  if (!("path" in name)) return namedOnServer(name, options);
  throw invalidArgument(`${name.path} is a file of this machine; say which on a server: ${ON_SERVER}`);
}

/** The table on a server that a name or options say; one on an object is looked for. @throws as {@link serverFile} */
export async function serverTable(name: TableName | undefined, options: TableOptions) {
  const { parentType, parentId, fileId, annotationId, ...server } = serverFile(name, options);
  if (parentId === undefined) return { ...server, fileId, annotationId };
  const { onlyTableOf } = await import("./only-table.js");
  return { ...server, fileId: BigInt(await onlyTableOf([parentType!, parentId], server)), annotationId: undefined };
}

function checkOne(named: readonly unknown[], options: string, how: string): void {
  const count = named.filter((one) => one !== undefined).length;
  if (count === 1) return;
  const found = count === 0 ? "say which table" : "more than one table is named";
  throw invalidArgument(`${found}: ${how}; or ${options}`);
}

type OnServer = Exclude<TableName, { readonly path: string }>;

function namedOnServer(name: OnServer, options: ServerFlags) {
  const server = connectionOf(atHost(name, options));
  const { fileId = undefined } = "fileId" in name ? name : {};
  const { annotationId = undefined } = "annotationId" in name ? name : {};
  const [parentType, parentId] = "object" in name ? name.object : [];
  return { ...server, fileId, annotationId, parentType, parentId };
}

/** The server is that of the address, where no other is given. */
export function atHost(name: object, options: ServerFlags): ServerFlags {
  return "host" in name && options.server === undefined ? { ...options, server: String(name.host) } : options;
}
