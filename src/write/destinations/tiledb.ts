/** Uploading as a remote table: the rows become a TileDB array in a place that the server can read, and are registered. */

import type { OmeroConnection } from "../../connect/connection.js";
import { withConnection } from "../../connect/connection-option.js";
import { AbortError, invalidArgument, OmeroError, TableError, throwIfAborted } from "../../errors.js";
import { Secret } from "../../flow/secret.js";
import type { Source } from "../../formats/format.js";
import type { RowSource } from "../../formats/open-source.js";
import { TILEDB_RULES } from "../../formats/tiledb/attribute-rules.js";
import { findOriginalFile } from "../../gateway/files/original-file.js";
import { checkLinkTargets } from "../../gateway/links.js";
import { type CreateTileDBOptions, createArray } from "../create-tiledb.js";
import { namedRows, namedTypes } from "../named-rows.js";
import { checkRemotePath, Registration } from "../remote/register.js";
import { checkPrefix, type WebServerOptions, webServer } from "../remote/web-server.js";
import type { CommonUploadOptions, Destination, NewTable, UploadResult } from "./destination.js";
import { type RemotePaths, remotePaths } from "./remote-paths.js";

/** Where a remote table is kept, and where it is registered. */
export interface RemoteTableOptions {
  /**
   * Makes the table a remote one, for servers with OMERO Plus: a TileDB array is written at this path and registered in
   * place of sending the rows. Where there is a folder that is no array, the array is made in it, named as the table with
   * `.tiledb` appended.
   */
  readonly localPath?: string | undefined;
  /**
   * The same place as the server sees it, of whatever system; the same path unless given. Where it does not end in
   * `.tiledb` it is the folder the array is in.
   */
  readonly remotePath?: string | undefined;
  /** Path under which the web server has OMERO, for example `/omero`. Default none. */
  readonly prefix?: string | undefined;
  /** The web server, where it is not that of the OMERO server's host with a certificate that can be verified. */
  readonly web?: WebServerOptions | undefined;
}

/** Options of `uploadTable` that a remote table takes no notice of, so that they must not be there. */
interface OtherOptions {
  readonly route?: unknown;
  readonly metadata?: unknown;
  readonly replace?: unknown;
  readonly split?: unknown;
  readonly description?: unknown;
  readonly namespace?: unknown;
}

const REASONS: Record<keyof OtherOptions, string> = {
  route: "the rows do not go to the server",
  metadata: "its metadata are those that OMERO Plus asks for",
  replace: "only tables that the server itself keeps can be replaced",
  split: "an array has room for all columns",
  description: "the server makes the annotation",
  namespace: "the server makes the annotation",
};

/** Whether options ask for a remote table. @throws ArgumentError `INVALID_ARGUMENT` for some of them without `localPath` */
export function isRemoteTable({ localPath, remotePath, prefix, web }: RemoteTableOptions): boolean {
  if (localPath !== undefined) return true;
  const extra = Object.entries({ remotePath, prefix, web }).find(([, value]) => value !== undefined && value !== "");
  if (!extra) return false;
  throw invalidArgument(`${extra[0]} is for remote tables; give localPath as well, where their array is written`);
}

/** @throws ArgumentError `INVALID_ARGUMENT` for options that do not go together */
function checkRemoteOptions(options: RemoteTableOptions & OtherOptions): void {
  const { localPath, remotePath, prefix } = options;
  if (typeof localPath !== "string" || localPath.trim() === "") throw invalidArgument("localPath is empty");
  if (remotePath !== undefined) checkRemotePath(remotePath);
  checkPrefix(prefix);
  for (const name of Object.keys(REASONS) as (keyof OtherOptions)[]) {
    const value = options[name];
    if (value === undefined || value === false) continue;
    throw invalidArgument(`a remote table (localPath) cannot have ${name}: ${REASONS[name]}`);
  }
}

type RemoteTable = NewTable<CommonUploadOptions & RemoteTableOptions>;

/** The rows become a TileDB array in a place that the server can read, which is registered as the table. */
export class TileDBDestination implements Destination {
  readonly #table: RemoteTable;

  /** @throws ArgumentError `INVALID_ARGUMENT` for options that do not go together */
  constructor(table: RemoteTable) {
    checkRemoteOptions(table.options);
    this.#table = table;
  }

  /**
   * Checks everything that can be before the array is written: what is at its path, what it is to be attached to, whether
   * the web server answers. When the array is whole but not registered it stays, and the error says where it is.
   */
  async upload(source: RowSource): Promise<UploadResult> {
    const { tableName, targets, options, onWarning } = this.#table;
    const { prefix, web = {}, signal } = options;
    // The host is not known before the connection is.
    webServer("localhost", prefix, web);
    const paths = await remotePaths(tableName, options.localPath!, options.remotePath);
    const { arrayTarget } = await import("../../formats/tiledb/index.js");
    await arrayTarget(paths.localPath, {});
    return withConnection(options, async (connection) => {
      const group = await checkLinkTargets(connection, targets, onWarning, signal);
      const registration = new Registration(connection, webServer(connection.server.host, prefix, web), signal);
      await registration.check();
      const names = {
        namedTypes: namedTypes(this.#table),
        resolve: (opened: Source) => namedRows(opened, this.#table, { connection, group, signal }, TILEDB_RULES),
      };
      const array = { ...arrayOptions(options), onWarning };
      const { token, rowCount } = await createArray(source, paths.localPath, array, names);
      const annotationId = await register(registration, this.#table, paths, new Secret(token));
      return { annotationId, fileId: await fileOf(connection, annotationId, tableName), rowCount };
    });
  }
}

function arrayOptions({
  chunkSize,
  columnTypes,
  columnNames,
  csv,
  strict,
  signal,
  onProgress,
}: RemoteTable["options"]): CreateTileDBOptions {
  return { chunkSize, columnTypes, columnNames, csv, strict, signal, onProgress };
}

async function register(
  registration: Registration,
  { tableName, targets, options }: RemoteTable,
  paths: RemotePaths,
  token: Secret,
): Promise<number> {
  const { remotePath } = paths;
  try {
    throwIfAborted(options.signal, "uploadTable");
    return await registration.register({ tableName, remotePath, targets, token });
  } catch (error) {
    throw registrationFailure(error, tableName, paths);
  }
}

/** The array stays: it is whole, and may have taken hours. Its token is in it, and in no message. */
function registrationFailure(cause: unknown, tableName: string, { localPath, remotePath }: RemotePaths): OmeroError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const call = `registerTable(connection, ${JSON.stringify(remotePath)}, { localPath: ${JSON.stringify(localPath)}, … })`;
  const message = `Table "${tableName}" was written, but registering it failed: ${why}. Its array stays at ${localPath}; register it by ${call}, or remove it`;
  if (cause instanceof AbortError) return new AbortError("ABORTED", message, { cause: cause.cause, path: localPath });
  return new TableError("UPLOAD_FAILED", message, { cause, path: localPath });
}

async function fileOf(connection: OmeroConnection, annotationId: number, tableName: string): Promise<number> {
  try {
    return (await findOriginalFile(connection, { annotationId })).id;
  } catch (cause) {
    const why = cause instanceof OmeroError ? cause.message : String(cause);
    const message = `Table "${tableName}" is registered as annotation ${annotationId}, but its file cannot be found: ${why}`;
    throw new TableError("NOT_FOUND", message, { annotationId, cause });
  }
}
