/** The services of a session: how each is got from its ServiceFactory, and as objects that outlive log-ins. */
import { ArgumentError } from "../../errors.js";
import { type Caller, serviceProxy } from "../ice/client/service-proxy.js";
import type { ProxyRef } from "../ice/codec/proxy-ref.js";
import type { OmeroServices, SharedResources } from "../ice/schema/omero.js";
import { FACTORY, factoryGetter, type ServiceGetter } from "../ice/schema/service-getters.js";
import type { Login } from "../login.js";
import { RemoteObject } from "./remote-object.js";

/** Slice id of a service, for example `::omero::api::IQuery`. */
export type ServiceId = keyof OmeroServices;

export const SHARED_RESOURCES = "::omero::grid::SharedResources";

/** The services of one session, each got once under each log-in. */
export class SessionServices {
  readonly #remotes = new Map<string, RemoteObject>();

  /** A service without state. @throws ArgumentError `INVALID_ARGUMENT` if sessions give no such service. */
  stateless(sliceId: string): RemoteObject {
    let remote = this.#remotes.get(sliceId);
    if (!remote) {
      remote = new RemoteObject({ sliceId, stateless: true, open: statelessOpener(sliceId) });
      this.#remotes.set(sliceId, remote);
    }
    return remote;
  }

  async sharedResources(login: Login): Promise<SharedResources> {
    const proxy = await this.stateless(SHARED_RESOURCES).proxy(login);
    return login.client.service<SharedResources>(proxy, SHARED_RESOURCES);
  }
}

/** A service with state, of one log-in only: what it kept is gone with it. */
export function statefulRemote(sliceId: string): RemoteObject {
  const getter = factoryGetter(sliceId);
  if (!getter || getter.stateless) throw notGiven(sliceId, "is no service with a state of its own; use service()");
  return new RemoteObject({ sliceId, open: (login) => get(login, getter), ofOneLogin: true });
}

/** A remote object as an object whose methods are its operations. @param context entries for the context of each call. */
export function remoteService<T>(
  calls: Caller<RemoteObject>,
  remote: RemoteObject,
  context: () => Readonly<Record<string, string>>,
): T {
  const caller: Caller<RemoteObject> = {
    get proxyCodec() {
      return calls.proxyCodec;
    },
    invoke: (call) => calls.invoke({ ...call, context: { ...context(), ...call.context } }),
  };
  return serviceProxy(caller, remote, remote.sliceId) as T;
}

function statelessOpener(sliceId: string): (login: Login) => Promise<ProxyRef | null> {
  if (sliceId === FACTORY) return async (login) => login.factoryProxy;
  const getter = factoryGetter(sliceId);
  if (!getter) throw notGiven(sliceId, "is not among the services of a session");
  if (!getter.stateless) throw notGiven(sliceId, "keeps a state and must be closed; use openStateful()");
  return (login) => get(login, getter);
}

function get(login: Login, { name }: ServiceGetter): Promise<ProxyRef | null> {
  const factory = login.factory as unknown as Record<string, () => Promise<ProxyRef | null>>;
  return factory[name]!();
}

function notGiven(sliceId: string, why: string): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", `${sliceId} ${why}`);
}

export interface RemoteAccess {
  readonly services: SessionServices;
  /** The connection that this one is a view of. */
  readonly origin: object | undefined;
  /** A view of the connection, in its group. */
  view(): object;
  /** A remote object as an object with its operations, in the connection's group or with a context given. */
  service<T>(remote: RemoteObject, context?: Readonly<Record<string, string>> | undefined): T;
  /** Gets an object that will be called soon, meanwhile. If that fails, so will the call. */
  prepare(remote: RemoteObject): void;
  /**
   * Closes a remote object, after the calls before. Returns why that failed, if it did.
   * @param written whether its content was changed.
   */
  close(remote: RemoteObject, written?: boolean): Promise<unknown>;
}

const accesses = new WeakMap<object, RemoteAccess>();

export function grantRemoteAccess(connection: object, access: RemoteAccess): void {
  accesses.set(connection, access);
}

export function remoteAccess(connection: object): RemoteAccess {
  return accesses.get(connection)!;
}
