/** The Glacier2 router of an OMERO server: the object clients log in through. */
import type { Identity, ProxyRef } from "../connect/ice/codec/proxy-ref.js";
import type { Current, ServedObject } from "../connect/ice/serve/served-object.js";
import { cannotCreateSession, permissionDenied, sessionNotExist } from "./exceptions.js";
import { Guesses } from "./guesses.js";
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
  readonly #guesses: Guesses;

  constructor(setting: RouterSetting) {
    this.#setting = setting;
    this.#guesses = new Guesses(setting.failedLoginDelay);
  }

  async createSession(userId: string, password: string, current: Current): Promise<ProxyRef> {
    const { accounts, sessions } = this.#setting.world;
    if (userId === password && sessions.find(userId)) return this.#logIn(userId, password, current);
    const address = current.connection.peer.replace(/:\d+$/, "");
    return this.#guesses.run(current.connection, address, userId, accounts.userNamed(userId) !== undefined, () => {
      if (current.connection.closed) throw cannotCreateSession("The connection has ended");
      return this.#logIn(userId, password, current);
    });
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
