/** Everything a server holds: accounts, sessions, objects, files and tables. */
import { join } from "node:path";
import { loadSchema } from "../../connect/ice/schema/schema.js";
import { apiUsage, securityViolation, validation } from "../exceptions.js";
import { FairTurns } from "../hql/pace/fair-turns.js";
import { javaName } from "../model/java-names.js";
import { Materializer } from "../model/materialize.js";
import { Model } from "../model/model.js";
import { isReference, ObjectStore, type StoredObject } from "../model/object-store.js";
import { PixelFiles } from "../pixels/pixel-files.js";
import { LookupTables } from "../rendering/pictures/lookup-tables.js";
import { ArrayFolders } from "../tables/array-folders.js";
import { ArrayTableStorage } from "../tables/array-storage.js";
import { OpenTables } from "../tables/open-tables.js";
import type { TableStorage } from "../tables/storage.js";
import { Access, ALL_GROUPS } from "./access.js";
import { Accounts } from "./accounts.js";
import { WorldFile } from "./disk/world-file.js";
import { CallRecorder } from "./events/call-recorder.js";
import type { ChangeLog } from "./events/change-log.js";
import { EventLogRows, EventRows } from "./events/event-rows.js";
import { runningCall } from "./events/running-call.js";
import { NodeRows, SessionRows } from "./events/session-rows.js";
import { FileNotes } from "./file-notes.js";
import { FileContents } from "./files.js";
import { type Session, Sessions } from "./sessions.js";
import { type UserLimits, userLimits } from "./user-limits.js";

export interface WorldSetting {
  readonly directory: string;
  /** Whether the directory goes with the process. Default false. */
  readonly isTemporary?: boolean;
  readonly storage: (files: FileContents) => TableStorage;
  /** Folders whose TileDB arrays may be tables. Default none. */
  readonly arrayFolders?: readonly string[];
  /** Milliseconds. */
  readonly idleTimeout: number;
  readonly maximumSessions: number;
  /** Of what one user may take, what is not the default. */
  readonly userLimits?: Partial<UserLimits> | undefined;
  readonly optimisticLocks: boolean;
}

export class World {
  readonly model: Model;
  readonly store: ObjectStore;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly files: FileContents;
  readonly tables: OpenTables;
  readonly storage: TableStorage;
  readonly arrayFolders: ArrayFolders;
  readonly file: WorldFile;
  readonly pixels: PixelFiles;
  readonly lookupTables: LookupTables;
  readonly userLimits: UserLimits;
  /** What takes so long that others must have their turn meanwhile. */
  readonly longWork = new FairTurns();
  /** Content of no object that was found at the start, where it now is. */
  setAside: readonly string[] = [];
  readonly #notes: FileNotes;

  private constructor(setting: WorldSetting, store: ObjectStore, file: WorldFile) {
    this.model = store.model;
    this.store = store;
    this.file = file;
    this.accounts = new Accounts(store);
    this.userLimits = userLimits(setting.userLimits);
    const limits = {
      timeToIdle: setting.idleTimeout,
      most: setting.maximumSessions,
      mostOfUser: this.userLimits.sessions,
    };
    this.sessions = new Sessions(this.accounts, limits, () => store.nextId("Session"));
    this.#noteChanges(file.log);
    this.files = new FileContents(join(setting.directory, "files"), this.userLimits.fileBytes);
    this.#notes = new FileNotes(store, this.files, this.longWork, setting.isTemporary ?? false);
    this.pixels = new PixelFiles(join(setting.directory, "pixels"));
    this.lookupTables = new LookupTables(join(setting.directory, "luts"));
    this.arrayFolders = new ArrayFolders(setting.arrayFolders ?? []);
    const arrayOf = (fileId: bigint) => store.get("OriginalFile", fileId)?.array;
    this.storage = new ArrayTableStorage(setting.storage(this.files), this.arrayFolders, arrayOf);
    this.tables = new OpenTables(this.storage, setting.optimisticLocks);
    file.makeRoom = (fileIds) => this.#discard(fileIds);
    file.onUndone = () => this.accounts.restore();
  }

  #noteChanges(log: ChangeLog): void {
    const recorder = new CallRecorder(this.store, log);
    this.store.recorder = recorder;
    this.sessions.onCreated.push((session) => recorder.loggedIn(session));
    this.store.derive("Event", new EventRows(log));
    this.store.derive("EventLog", new EventLogRows(log, this.model));
    this.store.derive("Session", new SessionRows(this.sessions, log));
    this.store.derive("Node", new NodeRows(this.file.databaseUuid));
  }

  /** The world saved in a directory, or a new one. */
  static async load(setting: WorldSetting): Promise<World> {
    const store: ObjectStore = new ObjectStore(new Model(loadSchema()), (className, id) => file.changed(className, id));
    const file: WorldFile = new WorldFile(setting.directory, store, setting.isTemporary ?? false);
    try {
      await file.load();
      const world = new World(setting, store, file);
      await world.files.prepare();
      await world.pixels.keepPrivate();
      if (!file.isNew) await world.#recover();
      return world;
    } catch (error) {
      // What was read in part must not replace what is on disk.
      await file.abandon();
      throw error;
    }
  }

  /**
   * What a session may do in the group a call names (`omero.group` in its context, else the session's own).
   * @throws IceUserException SecurityViolation unless the user may work in that group.
   */
  access(session: Session, context: ReadonlyMap<string, string> = new Map()): Access {
    const named = context.get("omero.group") ?? "";
    checkUser(session, context.get("omero.user"));
    // A log-in may name its group in words; that is no group for a call.
    const group = /^-?\d+$/.test(named) ? BigInt(named) : session.group;
    return new Access(this.accounts, session.user, group < 0n ? ALL_GROUPS : group, (className) =>
      this.model.isEnumeration(className),
    );
  }

  materializer(access: Access): Materializer {
    return new Materializer({
      store: this.store,
      isAdmin: access.user.isAdmin,
      call: runningCall(),
      group: access.group,
      canRead: (object) => access.canRead(object),
      rights: (object) => access.rights(object),
      permissions: (object) => access.permissions(object),
    });
  }

  /**
   * The object a client means; undefined if there is none.
   * @throws IceUserException ApiUsage for a class that is not stored; SecurityViolation if it may not be read.
   */
  find(access: Access, writtenClass: string, id: bigint): StoredObject | undefined {
    const className = this.model.resolve(writtenClass);
    if (!className) throw apiUsage(`${writtenClass} does not specify a valid class.`);
    const object = this.store.get(className, id);
    if (object && !access.canRead(object))
      throw securityViolation(`Cannot read ${javaName(this.model, className)}:Id_${id}`);
    return object;
  }

  /**
   * The object a client means.
   * @throws IceUserException as {@link find}, and Validation if there is none.
   */
  get(access: Access, writtenClass: string, id: bigint): StoredObject {
    const object = this.find(access, writtenClass, id);
    if (object) return object;
    const name = javaName(this.model, this.model.resolve(writtenClass)!);
    const reason = `No row with the given identifier exists: [${name}#${id}]`;
    throw validation(`${reason}; nested exception is org.hibernate.ObjectNotFoundException: ${reason}`);
  }

  /** Makes files agree with their objects again, which they may not do after the server was killed. */
  async #recover(): Promise<void> {
    await this.pixels.recover();
    const files = await this.files.setUnknownAside((id) => this.store.get("OriginalFile", id) !== undefined);
    const pixels = await this.pixels.setUnknownAside((id) => this.store.get("Pixels", id) !== undefined);
    this.setAside = [...files, ...pixels];
    await this.#notes.recover();
  }

  /** Notes size and checksum of a file's content in its OriginalFile: a checksum only where it says which. */
  describeContent(id: bigint): Promise<void> {
    return this.#notes.note(id);
  }

  /** The object that a member refers to; undefined where it refers to none. */
  referenced(object: StoredObject, member: string): StoredObject | undefined {
    const reference = object.values[member];
    return isReference(reference) ? this.store.get(reference.className, reference.id) : undefined;
  }

  /** @throws IceUserException Validation where there is no such entry. */
  enumerationId(className: string, value: string): bigint {
    for (const { id, values } of this.store.all(className)) {
      if ((values.value as { val: string } | null)?.val === value) return id;
    }
    throw validation(`No ${className} "${value}"`);
  }

  /** @throws IceUserException SecurityViolation unless the session may change the object. */
  checkEdit(access: Access, object: StoredObject): void {
    if (access.rights(object).edit) return;
    throw securityViolation(`Cannot update ${javaName(this.model, object.className)}:Id_${object.id}`);
  }

  /**
   * Removes the content of files that are no longer objects; closes tables that are open on it. That there are no such
   * objects is saved first, so that a server that is killed has no object without its content; a full disk, on which it
   * cannot be saved, gets its room before.
   * @throws StoreError `STORE_FAILED`: then the objects are there again.
   */
  async removeContent(ids: readonly bigint[]): Promise<void> {
    await this.file.save();
    await this.#discard(ids);
  }

  async #discard(ids: readonly bigint[]): Promise<void> {
    for (const id of ids) {
      this.#notes.forget(id);
      await this.tables.remove(id);
      await this.files.remove(id);
    }
  }

  /** Stops with nothing finished or saved. */
  async abandon(): Promise<void> {
    this.#notes.end();
    await this.file.abandon();
    await this.tables.abandonAll();
    this.sessions.closeAll();
  }

  /** Ends all sessions, closes all tables and saves. */
  async close(): Promise<void> {
    this.#notes.end();
    this.sessions.closeAll();
    await this.tables.closeAll();
    await this.file.save();
  }
}

/** In the name of others only administrators call. */
function checkUser({ user }: Session, named: string | undefined): void {
  if (!named || !/^\d+$/.test(named) || user.isAdmin || BigInt(named) === user.id) return;
  throw securityViolation(`User ${user.id} is not an admin and so cannot set uid to ${named}`);
}
