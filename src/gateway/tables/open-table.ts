import { TABLE_MIMETYPE, type TableCallOptions } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import { type GroupRef, resolveGroup } from "../../connect/groups.js";
import type { ProxyRef } from "../../connect/ice/codec/proxy-ref.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { Table } from "../../connect/ice/schema/omero.js";
import type { Login } from "../../connect/login.js";
import { RemoteObject } from "../../connect/remote/remote-object.js";
import { remoteAccess, SHARED_RESOURCES } from "../../connect/remote/services.js";
import { formatAddress } from "../../connect/server-address.js";
import { AbortError, ServerError, TableError } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { rlong } from "../../rtypes.js";
import { FileCreation } from "../files/file-creation.js";
import {
  checkFileRef,
  FILE_REF_OPTIONS,
  type FileRef,
  fileContext,
  findOriginalFile,
  type OriginalFileInfo,
  originalFileInfo,
} from "../files/original-file.js";
import { undo, uploadFailure } from "../files/upload-failure.js";
import { RemoteTable } from "./table.js";

const TABLE = "::omero::grid::Table";
/** Slice calls these idempotent, but a repeated one could undo what someone else did in between. */
const WRITES = ["setMetadata", "setAllMetadata"];

/** Options of making an empty table. */
export interface NewTableOptions extends TableCallOptions {
  /** Group to keep the table in; the connection's own unless given. */
  readonly group?: GroupRef | undefined;
}

const TABLE_CALL_OPTIONS: OptionNames<TableCallOptions> = { signal: true, attempts: true };

/**
 * Opens a table by file id or annotation id, in whichever group it is. Close it when done.
 *
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`, `NOT_INITIALIZED`
 * @throws ServerError `SERVER_FAILURE` if the server runs no OMERO.tables service.
 *
 * @example
 * ```ts
 * await using table = await openTable(connection, { fileId: 10 });
 * const batch = await table.read([0, 1], 0, 100);
 * ```
 */
export async function openTable(
  connection: OmeroConnection,
  ref: FileRef,
  options: TableCallOptions = {},
): Promise<RemoteTable> {
  checkOptions(ref, FILE_REF_OPTIONS, "openTable");
  checkOptions(options, TABLE_CALL_OPTIONS, "openTable");
  checkFileRef(ref);
  remoteAccess(connection).prepare(remoteAccess(connection).services.stateless(SHARED_RESOURCES));
  const file = await findOriginalFile(connection, ref, options);
  if (file.mimetype !== TABLE_MIMETYPE) {
    const text = `file ${file.id} ("${file.name}") is no table: its type is "${file.mimetype}", not "${TABLE_MIMETYPE}"`;
    throw new TableError("NOT_A_TABLE", text, { fileId: file.id });
  }
  const open = (login: Login) => openUnder(connection, login, file);
  const remote = new RemoteObject({ sliceId: TABLE, open, unrepeatable: WRITES });
  const table = new RemoteTable(connection, remote, file, fileContext(file));
  try {
    await table.load(options);
    return table;
  } catch (error) {
    await table.close();
    throw error;
  }
}

/**
 * Makes a table without columns; `initialize` gives it some. Never repeated. Where it fails or is aborted, what was made is
 * removed: the server's answer is waited for, and where it is lost, the table is looked for.
 *
 * @throws ServerError `SERVER_FAILURE` if the server runs no OMERO.tables service.
 * @throws TableError `UPLOAD_FAILED`, with `fileId`, where what was made could not be removed; AbortError
 *
 * @example
 * ```ts
 * await using table = await newTable(connection, "Cells");
 * await table.initialize([field("area", "Double")]);
 * ```
 */
export async function newTable(
  connection: OmeroConnection,
  name: string,
  options: NewTableOptions = {},
): Promise<RemoteTable> {
  checkOptions(options, { ...TABLE_CALL_OPTIONS, group: true }, "newTable");
  const { group, signal } = options;
  const given =
    group === undefined ? undefined : await resolveGroup(group, connection.session, connection.getAdminService());
  const id = given ?? connection.groupId;
  const create = () => createTable(connection, name, given);
  const wanted = { name, mimetype: TABLE_MIMETYPE, group: id, functionName: "newTable", create };
  const creation = new FileCreation<RemoteTable>(connection, wanted);
  try {
    return await creation.create(signal);
  } catch (error) {
    await clearUp(() => creation.created?.close());
    const remains = await undo(connection, creation, id);
    if (remains.state !== "left" && !(error instanceof AbortError)) throw error;
    throw uploadFailure(error, remains, { functionName: "newTable", uploadName: `Table "${name}"`, signal });
  } finally {
    creation.done();
  }
}

/** As {@link newTable}, for those who see to what remains when it fails. @param group the connection's own unless given */
export async function createTable(
  connection: OmeroConnection,
  name: string,
  group: number | undefined,
): Promise<RemoteTable> {
  const context: Record<string, string> = group === undefined ? {} : { "omero.group": String(group) };
  const resources = connection.sharedResources();
  const [enabled, repositories] = await Promise.all([
    resources.areTablesEnabled({ context }),
    resources.repositories({ context }),
  ]);
  const repository = repositories.descriptions[0]?.id?.val;
  if (!enabled || repository === undefined) throw notRunning(connection);
  const proxy = await resources.newTable(repository, name, { context });
  if (!proxy) throw notRunning(connection);
  const created = new CreatedTable(connection, name, proxy);
  const file = await created.findFile(context);
  return new RemoteTable(connection, created.remote, file, fileContext(file));
}

/** A table that was created just now: its first proxy is known, its file is not yet. */
class CreatedTable {
  readonly remote: RemoteObject;
  readonly #connection: OmeroConnection;
  readonly #name: string;
  #proxy: ProxyRef | undefined;
  #file: OriginalFileInfo | undefined;

  constructor(connection: OmeroConnection, name: string, proxy: ProxyRef) {
    this.#connection = connection;
    this.#name = name;
    this.#proxy = proxy;
    this.remote = new RemoteObject({ sliceId: TABLE, open: (login) => this.#open(login), unrepeatable: WRITES });
  }

  async findFile(context: Record<string, string>): Promise<OriginalFileInfo> {
    try {
      const file = await remoteAccess(this.#connection).service<Table>(this.remote, context).getOriginalFile();
      if (!file?.id) throw this.#lost();
      this.#file = originalFileInfo(file);
      return this.#file;
    } catch (error) {
      await remoteAccess(this.#connection).close(this.remote);
      throw error;
    }
  }

  async #open(login: Login): Promise<ProxyRef> {
    const proxy = this.#proxy;
    this.#proxy = undefined;
    if (proxy) return proxy;
    if (!this.#file) throw this.#lost();
    return openUnder(this.#connection, login, this.#file);
  }

  #lost(): TableError {
    const text = `the connection was lost while table "${this.#name}" was created: one without columns may remain`;
    return new TableError("UPLOAD_FAILED", text);
  }
}

async function openUnder(connection: OmeroConnection, login: Login, file: OriginalFileInfo): Promise<ProxyRef> {
  const resources = await remoteAccess(connection).services.sharedResources(login);
  const unloaded = createInstance("::omero::model::OriginalFile", { id: rlong(file.id), loaded: false });
  const proxy = await resources.openTable(unloaded, { context: fileContext(file) });
  if (proxy) return proxy;
  if (!(await resources.areTablesEnabled())) throw notRunning(connection);
  const text = `the server does not open table ${file.id} ("${file.name}"): its data may be missing`;
  throw new TableError("NOT_FOUND", text, { fileId: file.id });
}

function notRunning({ server }: OmeroConnection): ServerError {
  return new ServerError("SERVER_FAILURE", `${formatAddress(server)} runs no OMERO.tables service`);
}
