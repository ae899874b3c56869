/** Which table to read, and where it is. */

import { isShared, type ReadableTable, TABLE_MIMETYPE } from "../columns/table.js";
import {
  CONNECTION_OPTIONS,
  type ConnectionOption,
  checkConnectionOption,
  type UsedConnection,
  useConnection,
} from "../connect/connection-option.js";
import type { OmeroConnection } from "../connect/index.js";
import { ArgumentError, throwIfAborted } from "../errors.js";
import { type OptionNames, pickOptions } from "../flow/options.js";
import { ATTACHED_FILE_OPTIONS, type AttachedFileOption, onlyAttachment } from "../gateway/files/attached-file.js";
import type { FileRef } from "../gateway/files/original-file.js";
import { openTable } from "../gateway/tables/open-table.js";
import { partOf } from "../gateway/tables/split-layout.js";
import type { RemoteTable } from "../gateway/tables/table.js";
import { TableOrigin } from "../gateway/tables/table-origin.js";
import { unlessChanged } from "./changes/unless-changed.js";
import { JoinedTable, joinedWithParts } from "./joined-table.js";
import { LOCAL_FILE, SERVICE } from "./plan/access-path.js";
import { onlyRoute, type RouteOptions, ServerRoutes, type TableRoutes } from "./plan/route.js";

/**
 * The table to read: `fileId` or `annotationId` on an OMERO server, in whichever group it is, the only table that is meant of
 * those attached to an object (`parent`, or `parentId` and `parentType`; `namespace`, `name`), the `path` of a file of this machine (an
 * OMERO.tables file, a TileDB array or a CSV), or a `table` that is open already. The server is reached
 * by a `connection`, which stays open, or by a new one made with the other options, which are those of `connectToOmero`.
 */
export interface SourceOptions extends ConnectionOption, AttachedFileOption, RouteOptions {
  /** Path of an OMERO.tables file (HDF5), a TileDB array or a CSV; no server is needed. */
  readonly path?: string | undefined;
  /** Bytes of text that a compressed file at `path` may hold; default 2 GiB. */
  readonly maxBytes?: number | undefined;
  /** An open table to read; it stays open. */
  readonly table?: ReadableTable | undefined;
}

/** The names of {@link SourceOptions}, to be spread into those of functions that take them. */
export const SOURCE_OPTIONS: OptionNames<SourceOptions> = {
  ...CONNECTION_OPTIONS,
  ...ATTACHED_FILE_OPTIONS,
  route: true,
  onRoute: true,
  path: true,
  maxBytes: true,
  table: true,
};

/** Names the work in errors. */
const OPENING = "Opening the table";

/** A table opened for one piece of work. */
export interface TableSource {
  readonly table: ReadableTable;
  /** The ways to its rows. */
  readonly routes: TableRoutes;
  /** Closes what was opened for this work and nothing else. */
  close(): Promise<void>;
}

/**
 * Opens the table that `options` name.
 * @throws ArgumentError `INVALID_ARGUMENT` unless they name one table and one way to it; nothing is sent then.
 * @throws what `connectToOmero` and `openTable` throw.
 */
export async function openTableSource(options: SourceOptions): Promise<TableSource> {
  checkSource(options);
  throwIfAborted(options.signal, OPENING);
  if (options.table) {
    const { table } = options;
    return { table, routes: onlyRoute({ table, method: SERVICE }), close: async () => {} };
  }
  if (options.path !== undefined) return openPath(options.path, options);
  const { signal } = options;
  const { connection, release } = await useConnection(options);
  try {
    const table = await openTable(connection, await tableRef(connection, options), { signal });
    const whole = await joined(connection, table, options);
    if (whole instanceof JoinedTable) {
      const origin = new TableOrigin(connection, whole.parts);
      const routes = { ...onlyRoute({ table: whole, method: SERVICE }), origin };
      return { table: whole, routes, close: () => whole.close().finally(release) };
    }
    const routes = new ServerRoutes(connection, table, options);
    const close = () => {
      const closed = table.close();
      return routes
        .close()
        .finally(() => closed)
        .finally(release);
    };
    return { table, routes, close };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The table's file, by its ids or as what is attached to an object. */
async function tableRef(connection: OmeroConnection, options: SourceOptions): Promise<FileRef> {
  const { fileId, annotationId, parent, parentId } = options;
  if (parent === undefined && parentId === undefined) return { fileId, annotationId };
  return { fileId: (await onlyAttachment(connection, options, TABLE_MIMETYPE)).fileId };
}

/** The table with the other parts of it, where it was split. Closes it if they cannot be had. */
async function joined(
  connection: OmeroConnection,
  table: RemoteTable,
  { route, onRoute, signal }: SourceOptions,
): Promise<RemoteTable | JoinedTable> {
  try {
    if (route === "file" && partOf(table.fields) !== undefined) {
      throw new ArgumentError("INVALID_ARGUMENT", 'a split table is read by its parts: it has no route "file"');
    }
    const whole = await joinedWithParts(connection, table, { signal });
    if (whole !== table) onRoute?.("service", "a split table is read by its parts");
    return whole;
  } catch (error) {
    await table.close();
    throw error;
  }
}

async function openPath(path: string, { maxBytes, signal }: SourceOptions): Promise<TableSource> {
  const { openFileTable } = await import("../formats/open-table.js");
  const table = await openFileTable(path, { maxBytes, signal });
  return { table, routes: onlyRoute({ table, method: LOCAL_FILE }), close: () => table.close() };
}

function checkSource(options: SourceOptions): void {
  const { fileId, annotationId, parent, parentId, path, table, route } = options;
  if (route !== undefined && !["auto", "service", "file"].includes(route)) {
    throw new ArgumentError("INVALID_ARGUMENT", `route must be "auto", "service" or "file"; found ${String(route)}`);
  }
  const ways = [fileId, annotationId, parent, parentId, path, table];
  const named = ways.filter((one) => one !== undefined && one !== null).length;
  if (named !== 1) {
    const found = named === 0 ? "none was given" : "more than one was given";
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `Say which table by fileId, annotationId, parent, parentId, path or table: ${found}`,
    );
  }
  checkConnectionOption(options);
}

/** The table that options name, opened as often as it is read from its beginning, through one connection. */
export class ReopenedSource implements AsyncDisposable {
  readonly #options: SourceOptions;
  readonly #used: UsedConnection | undefined;
  #readings = 0;

  private constructor(options: SourceOptions, used: UsedConnection | undefined) {
    this.#options = options;
    this.#used = used;
  }

  /** @throws ArgumentError `INVALID_ARGUMENT`, and what `connectToOmero` throws */
  static async connect(options: SourceOptions): Promise<ReopenedSource> {
    checkSource(options);
    throwIfAborted(options.signal, OPENING);
    const isOnServer = options.table === undefined && options.path === undefined;
    return new ReopenedSource(options, isOnServer ? await useConnection(options) : undefined);
  }

  /** Opens the table as it is now. @throws what `openTable` throws */
  async open(): Promise<TableSource> {
    this.#readings++;
    const { route, onRoute, table, signal } = this.#options;
    if (this.#used) {
      const { connection } = this.#used;
      const which = pickOptions<AttachedFileOption>(this.#options, ATTACHED_FILE_OPTIONS);
      return openTableSource({ connection, ...which, route, onRoute, signal });
    }
    if (this.#readings > 1 && table && isShared(table)) await table.reload?.({ signal });
    return openTableSource(this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#used?.release();
  }
}

/**
 * Opens the table, does the work and closes it again, however the work ends; once more where others changed it meanwhile.
 * @param mayRepeat whether the work can be done again; default that it can
 */
export async function withTable<T>(
  options: SourceOptions,
  use: (table: ReadableTable, routes: TableRoutes) => Promise<T> | T,
  mayRepeat?: () => boolean,
): Promise<T> {
  await using reopened = await ReopenedSource.connect(options);
  return await unlessChanged(async () => {
    const source = await reopened.open();
    try {
      return await use(source.table, source.routes);
    } finally {
      await source.close();
    }
  }, mayRepeat);
}
