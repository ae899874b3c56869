/** Which connection is logged in to which session. A connection can be logged in to one at a time. */

import type { ClientPeer, Current, ServedObject } from "../connect/ice/serve/served-object.js";
import { cannotCreateSession } from "./exceptions.js";
import type { SessionObjects } from "./session-objects.js";
import type { Session } from "./world/sessions.js";
import type { World } from "./world/world.js";

/** One connection's part in a session: what a Glacier2 session and its ServiceFactory are. */
export interface LogIn {
  readonly session: Session;
  readonly factory: ServedObject;
  /** Whether the session ends with its last connection; else it goes on until it times out. */
  closeOnDestroy: boolean;
}

export class LogIns {
  readonly #world: World;
  readonly #objects: SessionObjects;
  readonly #byConnection = new Map<ClientPeer, LogIn>();
  readonly #releases = new Set<Promise<void>>();

  constructor(world: World, objects: SessionObjects) {
    this.#world = world;
    this.#objects = objects;
  }

  get(connection: ClientPeer): LogIn | undefined {
    return this.#byConnection.get(connection);
  }

  /** @throws IceUserException CannotCreateSession if the connection is logged in already. */
  add(connection: ClientPeer, logIn: LogIn): void {
    if (this.#byConnection.has(connection)) throw cannotCreateSession("session exists");
    const { session } = logIn;
    this.#byConnection.set(connection, logIn);
    session.references++;
    session.lastUsed = performance.now();
    connection.trust();
    connection.onClose(() => this.remove(connection));
  }

  /** Prepares the end of a new session. */
  watch(session: Session): void {
    session.onClosed.push(() => {
      for (const [connection, logIn] of this.#byConnection) if (logIn.session === session) connection.expectLogIn();
      const release = this.#objects.release(session).finally(() => {
        this.#releases.delete(release);
        this.#forgetUnused(session);
      });
      this.#releases.add(release);
    });
  }

  /** Ends a connection's log-in. False if it had none. */
  remove(connection: ClientPeer): boolean {
    const logIn = this.#byConnection.get(connection);
    if (!logIn) return false;
    this.#byConnection.delete(connection);
    this.#world.sessions.detach(logIn.session, logIn.closeOnDestroy);
    if (logIn.session.closed) this.#forgetUnused(logIn.session);
    connection.expectLogIn();
    return true;
  }

  /** Ends a log-in, whichever connection it is of. */
  end(logIn: LogIn): void {
    for (const [connection, other] of this.#byConnection) if (other === logIn) this.remove(connection);
  }

  /** An ended session's objects are kept while a connection may still ask for them. */
  #forgetUnused(session: Session): void {
    if (![...this.#byConnection.values()].some((logIn) => logIn.session === session)) this.#objects.forget(session);
  }

  /** The object that answers a call: the connection's own ServiceFactory, or an object of its session. */
  resolve(current: Current): ServedObject | undefined {
    const logIn = this.#byConnection.get(current.connection);
    if (!logIn) return undefined;
    const { name, category } = current.identity;
    if (category.startsWith("session-")) return name === logIn.session.uuid ? logIn.factory : undefined;
    return this.#objects.find(logIn.session, current);
  }

  /** Waits until all that ended sessions held is free. */
  async released(): Promise<void> {
    await Promise.all(this.#releases);
  }
}
