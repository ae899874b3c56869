import { inspect } from "node:util";
import { ServerError } from "../errors.js";
import { checkOptions } from "../flow/options.js";
import { closeAtExit } from "../flow/process/exit.js";
import { type GroupRef, groupNameOf, resolveGroup } from "./groups.js";
import type { IAdmin, IQuery, ISession, IUpdate, OmeroServices, SharedResources } from "./ice/schema/omero.js";
import type { LiveSession, SessionEvents } from "./live-session.js";
import { type ObjectId, toObjectId } from "./object-id.js";
import {
  grantRemoteAccess,
  remoteAccess,
  remoteService,
  type ServiceId,
  SessionServices,
  statefulRemote,
} from "./remote/services.js";
import { formatAddress, type ServerAddress } from "./server-address.js";
import { type GroupInfo, groupInfo, type SessionInfo, sessionInfoOf, type UserInfo, userInfo } from "./session-info.js";
import { createUserSession, USER_SESSION_OPTIONS, type UserSessionOptions } from "./user-session.js";

/**
 * A service that keeps something on the server until it is closed. A server bears one call at a time on it, so calls wait
 * for those before: open several where they are to run side by side.
 */
export interface StatefulService<T> extends AsyncDisposable {
  /** The service; it takes one call at a time, in the order they are made. */
  readonly service: T;
  /** Frees what the server keeps, after the calls before. Safe to call twice, and after the connection is lost. */
  close(): Promise<void>;
}

/** What all views of a connection share. */
interface Shared {
  readonly live: LiveSession;
  readonly address: ServerAddress;
  readonly services: SessionServices;
  readonly openUserSession: OpenUserSession;
  info: SessionInfo;
}

/** Opens a connection for another user, whose session `create` makes. */
export type OpenUserSession = (create: () => Promise<string>) => Promise<OmeroConnection>;

/**
 * A connection to an OMERO server: a session, and typed services that survive the loss of the connection. Made by
 * `connectToOmero`.
 *
 * Calls that only read, and others that Slice declares idempotent, are repeated after a loss; others fail with
 * `CONNECTION_LOST`, for it is not known whether the server did them.
 */
export class OmeroConnection implements AsyncDisposable {
  readonly #shared: Shared;
  /** Ends closing at exit; undefined in a view on another connection. */
  readonly #endCloseAtExit: (() => void) | undefined;
  #group: number | undefined;

  /** @internal @param origin what it is a view of */
  constructor(shared: Shared, group: number | undefined, origin?: OmeroConnection) {
    this.#shared = shared;
    this.#group = group;
    const { live, services } = shared;
    grantRemoteAccess(this, {
      services,
      origin,
      view: () => new OmeroConnection(shared, this.#group, this),
      service: (remote, context) => remoteService(live.calls, remote, () => context ?? this.#callContext()),
      prepare: (remote) => live.calls.prepare(remote),
      close: (remote, written) => live.calls.close(remote, written),
    });
    this.#endCloseAtExit = origin
      ? undefined
      : closeAtExit({ close: () => this.close(), closeNow: () => live.closeNow() });
  }

  /** @internal The connection of a session that has just been made or joined; the caller closes it on failure. */
  static async open(
    live: LiveSession,
    address: ServerAddress,
    group: GroupRef | undefined,
    openUserSession: OpenUserSession,
  ): Promise<OmeroConnection> {
    const services = new SessionServices();
    const info = await sessionInfoOf(live, services);
    const connection = new OmeroConnection({ live, address, services, openUserSession, info }, undefined);
    try {
      if (group !== undefined) await connection.setGroup(group);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Where the server is. */
  get server(): ServerAddress {
    return this.#shared.address;
  }

  /** Whether it is connected, being connected again, or closed. */
  get state(): "connected" | "reconnecting" | "closed" {
    return this.#shared.live.state;
  }

  /**
   * What the session said of itself when last asked. `uuid` is the session's key: whoever has it can join; it is never
   * printed or serialised.
   */
  get session(): SessionInfo & { readonly uuid: string } {
    const { live, info } = this.#shared;
    const session = { ...info };
    Object.defineProperty(session, "uuid", { get: () => live.sessionKey.reveal(), enumerable: false });
    return session as SessionInfo & { readonly uuid: string };
  }

  /** Id of the group that calls work in; -1 for all groups. */
  get groupId(): number {
    return this.#group ?? this.#shared.info.groupId;
  }

  /**
   * A service of the session, for example `connection.service("::omero::api::IQuery")`. It stays usable however often
   * the connection is lost and found.
   * @throws ArgumentError `INVALID_ARGUMENT` if sessions give no such service, or one that {@link openStateful} opens.
   */
  service<Id extends ServiceId>(sliceId: Id): OmeroServices[Id] {
    return remoteAccess(this).service<OmeroServices[Id]>(this.#shared.services.stateless(sliceId));
  }

  /** Finds objects, by HQL too. */
  getQueryService(): IQuery {
    return this.service("::omero::api::IQuery");
  }
  /** Saves objects. */
  getUpdateService(): IUpdate {
    return this.service("::omero::api::IUpdate");
  }
  /** Users and groups. */
  getAdminService(): IAdmin {
    return this.service("::omero::api::IAdmin");
  }
  /** Sessions: what this one is, and making others. */
  getSessionService(): ISession {
    return this.service("::omero::api::ISession");
  }
  /** Opens tables, and tells the repositories. */
  sharedResources(): SharedResources {
    return this.service("::omero::grid::SharedResources");
  }

  /**
   * A service that keeps something between calls, for example `::omero::api::RawFileStore`; close it when done. When the
   * connection is lost it is lost too: calls then fail with `CONNECTION_LOST`.
   *
   * Calls are sent one after the other, in the order they are made; the time limit of each counts from when it is made.
   * One that is given up while it waits is not sent; after one that was sent, the next waits until the server has answered.
   *
   * Arrays of numbers are sent from where they lie: leave them as they are until the call has settled.
   */
  openStateful<Id extends ServiceId>(sliceId: Id): StatefulService<OmeroServices[Id]> {
    const remote = statefulRemote(sliceId);
    const service = remoteAccess(this).service<OmeroServices[Id]>(remote);
    const close = async () => {
      remote.end();
      await this.#shared.live.calls.close(remote);
    };
    return { service, close, [Symbol.asyncDispose]: close };
  }

  /** Asks the server about the session. */
  async getSessionInfo(): Promise<SessionInfo> {
    const { live, services } = this.#shared;
    this.#shared.info = await sessionInfoOf(live, services);
    return this.#shared.info;
  }

  /** The session's user, or another. */
  async getUser(userId: ObjectId = this.#shared.info.userId): Promise<UserInfo> {
    const user = await this.getAdminService().getExperimenter(toObjectId(userId, "userId"));
    if (!user) throw new ServerError("SERVER_FAILURE", `the server knows no user ${userId}`);
    return userInfo(user);
  }

  /** The groups that the session's user is in; OMERO's own group of all users is not among them. */
  async getGroups(): Promise<GroupInfo[]> {
    const admin = this.getAdminService();
    const { userId, leaderOfGroups } = await this.getSessionInfo();
    const [groups, roles] = await Promise.all([admin.containedGroups(userId), admin.getSecurityRoles()]);
    const found = groups.filter((group) => group !== null).map((group) => groupInfo(group, leaderOfGroups));
    return found.filter(({ id }) => BigInt(id) !== roles?.userGroupId);
  }

  /** Whether the session's user is an administrator, if only a light one; see `session.adminPrivileges`. */
  isAdmin(): boolean {
    return this.#shared.info.isAdmin;
  }

  /** The users in the group of administrators. */
  async getAdministrators(): Promise<UserInfo[]> {
    const admin = this.getAdminService();
    const roles = await admin.getSecurityRoles();
    if (!roles)
      throw new ServerError("SERVER_FAILURE", "the server does not say which group is that of administrators");
    const users = await admin.containedExperimenters(roles.systemGroupId);
    return users.filter((user) => user !== null).map(userInfo);
  }

  /**
   * Has the calls of this connection, or view, work in a group from now on.
   * @throws ArgumentError `INVALID_ARGUMENT` if there is no such group or the user is not in it.
   */
  async setGroup(group: GroupRef): Promise<void> {
    this.#group = await resolveGroup(group, this.#shared.info, this.getAdminService());
  }

  /** A view of this connection whose calls work in a group. Closing a view does nothing. */
  async inGroup(group: GroupRef): Promise<OmeroConnection> {
    return new OmeroConnection(
      this.#shared,
      await resolveGroup(group, this.#shared.info, this.getAdminService()),
      this,
    );
  }

  /** Calls `use` with a view of this connection whose calls work in a group; other calls are not affected. */
  async withGroup<T>(group: GroupRef, use: (connection: OmeroConnection) => T): Promise<Awaited<T>> {
    return await use(await this.inGroup(group));
  }

  /**
   * A connection of its own as another user, to be closed by the caller. For administrators with the privilege `Sudo`
   * and, within their groups, for group leaders; otherwise the server refuses.
   * @throws LoginError `WRONG_CREDENTIALS` for a user name that the server does not know
   */
  async asUser(userName: string, options: UserSessionOptions = {}): Promise<OmeroConnection> {
    checkOptions(options, USER_SESSION_OPTIONS, "asUser");
    const { group, timeToIdle } = options;
    const groupName = group === undefined ? "" : await groupNameOf(group, this.getAdminService());
    const idle = timeToIdle ?? this.#shared.info.timeToIdle ?? 0;
    return this.#shared.openUserSession(() =>
      createUserSession(this.getSessionService(), { userName, groupName, timeToIdle: idle }),
    );
  }

  /** Calls `use` with a connection as another user, which is closed afterwards; see {@link asUser}. */
  async withUser<T>(
    userName: string,
    use: (connection: OmeroConnection) => T,
    options: UserSessionOptions = {},
  ): Promise<Awaited<T>> {
    const connection = await this.asUser(userName, options);
    try {
      return await use(connection);
    } finally {
      await connection.close();
    }
  }

  /** Listens to what happens to the connection; the function returned ends it. */
  on<Name extends keyof SessionEvents>(event: Name, listener: (event: SessionEvents[Name]) => void): () => void {
    return this.#shared.live.listeners.on(event, listener);
  }

  /** Asks the server for a sign of life now, besides the regular ones. */
  keepAlive(): Promise<void> {
    return this.#shared.live.ping();
  }

  /**
   * Logs out: a session that was made for this connection ends, one that was joined lives on, unless `session` says "keep"
   * or "end". Later calls fail with `CONNECTION_CLOSED`. Safe to call twice; on a view it does nothing.
   */
  async close({ session }: { readonly session?: "keep" | "end" } = {}): Promise<void> {
    if (!this.#endCloseAtExit) return;
    await this.#shared.live.close(session);
    this.#endCloseAtExit();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toJSON(): object {
    const { address, info } = this.#shared;
    return {
      server: formatAddress(address),
      userName: info.userName,
      groupId: this.groupId,
      state: this.state,
    };
  }

  [inspect.custom](): string {
    return `OmeroConnection ${inspect(this.toJSON())}`;
  }

  #callContext(): Record<string, string> {
    return this.#group === undefined ? {} : { "omero.group": String(this.#group) };
  }
}
