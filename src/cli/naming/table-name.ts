/** Tables as command lines name them. */
import { type Command, InvalidArgumentError } from "commander";
import { invalidArgument } from "../../errors.js";
import { connectionOf, objectLink, type ServerFlags, type TableOptions } from "../options.js";
import { isWebAddress, parseWebAddress, type WebPlace } from "./web-address.js";

/** What a name stands for. */
export type TableName =
  | WebPlace
  | { readonly fileId: bigint }
  | { readonly annotationId: bigint }
  | { readonly object: readonly [type: string, id: bigint] }
  | { readonly path: string };

const HOW =
  "402 (the id of its file), Annotation:142, Image:5 (the only table on it), an address of OMERO.web, or the path of a file";

/** Adds the argument that names the table; the options `--file-id`, `--annotation-id` and `--path` may stand in its place. */
export function tableArgument(command: Command): Command {
  return command.argument("[table]", HOW, tableName);
}

/** @throws InvalidArgumentError for a text that can name no table */
export function tableName(text: string): TableName {
  if (isWebAddress(text)) return parseWebAddress(text);
  const [, kind = "file", id] = /^(?:(file|originalfile|annotation|fileannotation):)?(\d+)$/i.exec(text) ?? [];
  if (id !== undefined) return /annotation/i.test(kind) ? { annotationId: BigInt(id) } : { fileId: BigInt(id) };
  if (/^[A-Za-z]+:\d+$/.test(text)) return { object: objectLink(text) };
  if (/[./\\]/.test(text)) return { path: text };
  throw new InvalidArgumentError(`write ${HOW}`);
}

/** What reading functions take for the table that a name or options say. */
export interface ChosenTable extends ReturnType<typeof connectionOf> {
  readonly fileId?: bigint | undefined;
  readonly annotationId?: bigint | undefined;
  readonly path?: string | undefined;
  readonly parentType?: string | undefined;
  readonly parentId?: bigint | undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless one table is named */
export function chosenTable(name: TableName | undefined, options: TableOptions): ChosenTable {
  const { fileId, annotationId, path } = options;
  const named = [name, fileId, annotationId, path].filter((one) => one !== undefined);
  if (named.length !== 1) {
    const found = named.length === 0 ? "say which table" : "more than one table is named";
    throw invalidArgument(`${found}: ${HOW}; or --file-id, --annotation-id, --path`);
  }
  if (path !== undefined) return { path };
  if (name === undefined) return { ...connectionOf(options), fileId, annotationId };
  return namedTable(name, options);
}

function namedTable(name: TableName, options: ServerFlags): ChosenTable {
  if ("path" in name) return { path: name.path };
  const server = connectionOf(atHost(name, options));
  if ("fileId" in name) return { ...server, fileId: name.fileId };
  if ("annotationId" in name) return { ...server, annotationId: name.annotationId };
  const [parentType, parentId] = name.object;
  return { ...server, parentType, parentId };
}

/** The server is that of the address, where no other is given. */
export function atHost(name: object, options: ServerFlags): ServerFlags {
  return "host" in name && options.server === undefined ? { ...options, server: String(name.host) } : options;
}
