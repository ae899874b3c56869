/** The Glacier2 router of an OMERO server: the object clients log in through. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Identity, ProxyRef } from "../connect/ice/codec/proxy-ref.js";
import type { Current, ServedObject } from "../connect/ice/serve/served-object.js";
import { Turns } from "../flow/turns.js";
import { cannotCreateSession, isPermissionDenied, permissionDenied, sessionNotExist } from "./exceptions.js";
import type { LogIn, LogIns } from "./log-ins.js";
import type { Session } from "./world/sessions.js";
import type { World } from "./world/world.js";

export const ROUTER_IDENTITY: Identity = { name: "router", category: "OMERO.Glacier2" };
export const ROUTER_SLICE_ID = "::Glacier2::Router";

export interface RouterSetting {
  readonly world: World;
  readonly logIns: LogIns;
  /** Milliseconds before a wrong password is refused after another one, so that it cannot be guessed fast. */
  readonly failedLoginDelay: number;
  /** A proxy of an identity, with the endpoint the client's connection came in by where `current` is given. */
  readonly proxy: (identity: Identity, current?: Current) => ProxyRef;
  /** Offers a ServiceFactory to a connection that logs in. */
  readonly makeFactory: (session: Session, identity: Identity, logIn: () => LogIn) => ServedObject;
}

/** Idle seconds after which a connection may be closed: told to clients that want to send heartbeats. */
const ACM_SECONDS = 60;

export class Router {
  readonly #setting: RouterSetting;
  /** Of guesses, by address and name. */
  readonly #turns = new Map<string, Turns>();
  /** Wrong passwords since the last log-in, by name of the user. */
  readonly #failures = new Map<string, number>();

  constructor(setting: RouterSetting) {
    this.#setting = setting;
  }

  /** Log-ins of a name from one address are looked at one after another: else many guesses would wait at once. */
  async createSession(userId: string, password: string, current: Current): Promise<ProxyRef> {
    const { sessions } = this.#setting.world;
    if (userId === password && sessions.find(userId)) return this.#logIn(userId, password, current);
    const address = current.connection.peer.replace(/:\d+$/, "");
    return this.#inTurn(`${address} ${userId}`, () => this.#guess(userId, password, current));
  }

  async #inTurn<T>(whose: string, action: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(whose) ?? new Turns();
    this.#turns.set(whose, turns);
    const turn = await turns.take("log-in");
    try {
      return await action();
    } finally {
      turn.end();
      // Once whoever waits has been told.
      setImmediate(() => turns.isFree && this.#turns.delete(whose));
    }
  }

  async #guess(userId: string, password: string, current: Current): Promise<ProxyRef> {
    if (current.connection.closed) throw permissionDenied("The connection has ended");
    try {
      const proxy = this.#logIn(userId, password, current);
      this.#failures.delete(userId);
      return proxy;
    } catch (error) {
      if (isPermissionDenied(error)) await this.#delayFailure(userId);
      throw error;
    }
  }

  /** A user's first wrong password since the last log-in is refused at once, as OMERO does it. */
  async #delayFailure(userId: string): Promise<void> {
    const { world, failedLoginDelay } = this.#setting;
    if (!world.accounts.userNamed(userId)) return;
    const failures = (this.#failures.get(userId) ?? 0) + 1;
    this.#failures.set(userId, failures);
    if (failures > 1) await sleep(failedLoginDelay);
  }

  /** At once: a session that is made while another log-in is under way would be nobody's. */
  #logIn(userId: string, password: string, current: Current): ProxyRef {
    const { logIns, proxy, makeFactory } = this.#setting;
    const { connection, context } = current;
    if (logIns.get(connection)) throw cannotCreateSession("session exists");
    const session = this.#session(userId, password, current);
    const client = context.get("omero.client.uuid") ?? "";
    const identity = { name: session.uuid, category: `session-${client}` };
    const logIn: LogIn = { session, closeOnDestroy: true, factory: makeFactory(session, identity, () => logIn) };
    logIns.add(connection, logIn);
    return proxy(identity);
  }

  #session(userId: string, password: string, { connection, context }: Current): Session {
    return this.#setting.world.sessions.logIn(
      userId,
      password,
      context.get("omero.group") ?? "",
      context.get("omero.agent") ?? "",
      context.get("omero.ip") ?? connection.peer,
    );
  }

  createSessionFromSecureConnection(): never {
    throw permissionDenied("Log in with user name and password, or with a session key");
  }

  getCategoryForClient(current: Current): string {
    return this.#setting.logIns.get(current.connection)?.factory.identity.category ?? "";
  }

  /** Clients add no proxies of their own that the server would call back. */
  getClientProxy(): null {
    return null;
  }

  getServerProxy(current: Current): ProxyRef {
    return this.#setting.proxy({ name: "dummy", category: "" }, current);
  }

  addProxies(): [] {
    return [];
  }

  /** In seconds. */
  getSessionTimeout(current: Current): number {
    return Math.ceil((this.#setting.logIns.get(current.connection)?.session.timeToIdle ?? 0) / 1000);
  }

  getACMTimeout(): number {
    return ACM_SECONDS;
  }

  refreshSession(current: Current): void {
    const { session } = this.#logInOf(current);
    this.#setting.world.sessions.touch(session);
  }

  destroySession(current: Current): void {
    if (!this.#setting.logIns.remove(current.connection)) throw sessionNotExist();
  }

  #logInOf(current: Current): LogIn {
    const logIn = this.#setting.logIns.get(current.connection);
    if (!logIn) throw sessionNotExist();
    return logIn;
  }
}
