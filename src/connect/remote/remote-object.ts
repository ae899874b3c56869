import { ArgumentError, ConnectionError, ServerError } from "../../errors.js";
import { keepUnlessFailed } from "../../flow/failures.js";
import { Turns } from "../../flow/turns.js";
import type { Call } from "../ice/client/call.js";
import type { ProxyRef } from "../ice/codec/proxy-ref.js";
import { isStateful } from "../ice/schema/service-getters.js";
import type { Login } from "../login.js";

export interface RemoteObjectOptions {
  /** Slice id of its interface, for example `::omero::api::IQuery`. */
  readonly sliceId: string;
  /** Gets the object's proxy under a log-in. */
  readonly open: (login: Login) => Promise<ProxyRef | null>;
  /** Whether the object keeps nothing between calls, so that another one of its kind serves as well. */
  readonly stateless?: boolean;
  /** Whether what the object keeps cannot be had again under another log-in. */
  readonly ofOneLogin?: boolean;
  /** Operations that are never repeated although Slice calls them idempotent. */
  readonly unrepeatable?: readonly string[];
}

/**
 * Operations that only read although Slice does not call them idempotent: two of IMetadata, and what a session says of
 * itself.
 */
const ONLY_READING = new Set([
  "::omero::api::IMetadata.countSpecifiedAnnotations",
  "::omero::api::IMetadata.countAnnotationsUsedNotOwned",
  "::omero::api::ServiceFactory.getSecurityContexts",
  "::omero::api::ServiceFactory.activeServices",
  "::omero::api::ServiceFactory.keepAlive",
  "::omero::api::ServiceFactory.keepAllAlive",
]);

/** An object of a server that outlives log-ins: under each new one its proxy is got again when next needed. */
export class RemoteObject {
  readonly sliceId: string;
  readonly stateless: boolean;
  /** For services with a state, which break or never answer when a second call comes while one is in work. */
  readonly turns: Turns | undefined;
  readonly #open: RemoteObjectOptions["open"];
  readonly #unrepeatable: readonly string[];
  readonly #ofOneLogin: boolean;
  #login: Login | undefined;
  #ended = false;
  readonly #proxies = new WeakMap<Login, Promise<ProxyRef>>();

  constructor({ sliceId, open, stateless = false, ofOneLogin = false, unrepeatable = [] }: RemoteObjectOptions) {
    this.sliceId = sliceId;
    this.stateless = stateless;
    this.turns = isStateful(sliceId) ? new Turns() : undefined;
    this.#open = open;
    this.#unrepeatable = unrepeatable;
    this.#ofOneLogin = ofOneLogin;
  }

  /** Has later calls fail: the object is not opened again. */
  end(): void {
    this.#ended = true;
  }

  /** @throws ArgumentError `INVALID_ARGUMENT` after {@link end}. `label` names the call. */
  checkOpen(label: string): void {
    if (this.#ended) throw new ArgumentError("INVALID_ARGUMENT", `${label}: the service is closed: open another`);
  }

  /** @throws ConnectionError `CONNECTION_LOST` if the object was lost with a log-in before. `label` names the call. */
  checkLogin(login: Login, label: string): void {
    this.#login ??= login;
    if (!this.#ofOneLogin || this.#login === login) return;
    const { host, port } = login.client;
    const text = `${label}: the connection was lost, and with it what the object called kept on the server: open another`;
    throw new ConnectionError("CONNECTION_LOST", text, { host, port, operation: label });
  }

  /** The object's proxy under a log-in; got once, however many ask at the same time. */
  proxy(login: Login): Promise<ProxyRef> {
    return this.#proxies.get(login) ?? keepUnlessFailed(this.#proxies, login, this.#openUnder(login));
  }

  /** Has the proxy got again when it is next needed. */
  forget(login: Login): void {
    this.#proxies.delete(login);
  }

  /** The proxy under a log-in if it has been asked for. */
  openedUnder(login: Login): Promise<ProxyRef> | undefined {
    return this.#proxies.get(login);
  }

  /** Whether an operation may be called again when it is not known if the server got the call. */
  repeats({ name, mode }: Call<RemoteObject>["operation"]): boolean {
    if (this.#unrepeatable.includes(name)) return false;
    return mode !== 0 || ONLY_READING.has(`${this.sliceId}.${name}`);
  }

  async #openUnder(login: Login): Promise<ProxyRef> {
    const proxy = await this.#open(login);
    if (proxy) return proxy;
    throw new ServerError("SERVER_FAILURE", `the server gives no ${this.sliceId.slice(2).replaceAll("::", ".")}`);
  }
}
