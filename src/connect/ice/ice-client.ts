/**
 * The client's end of one connection to a Glacier2 router. Every request goes through that connection, whatever
 * endpoints a proxy carries, and nothing is ever connected again behind the caller's back: once the connection is
 * lost the client is of no more use.
 */
import {
  ArgumentError,
  abortError,
  ConnectionError,
  type OmeroError,
  ServerError,
  throwIfAborted,
} from "../../errors.js";
import type { ByteChannel, Transport } from "./byte-channel.js";
import { greet } from "./client-connection.js";
import { createCommunicator, DEFAULT_MESSAGE_SIZE_MAX } from "./communicator.js";
import { type Address, at, lossError, timeoutError } from "./connection-errors.js";
import { closeConnection } from "./guarded-connection.js";
import {
  type IceCommunicator,
  type IceConnection,
  type IceLocalException,
  type IceProxy,
  type IceRuntime,
  loadIce,
} from "./ice-runtime.js";
import { type CallOptions, type RawReply, type RequestSetting, sendRequest } from "./invoke.js";
import { openChannel } from "./open-channel.js";
import { createProxyCodec, icePrx, proxyRef } from "./proxy-codec.js";
import type { ProxyCodec, ProxyRef } from "./proxy-ref.js";
import { isUnknownToRouter } from "./reply-failures.js";
import { RoutingTable } from "./routing-table.js";
import { serviceProxy } from "./service-proxy.js";
import type { TlsMode } from "./tls-mode.js";

export interface IceClientOptions {
  /** Name or address of the server. */
  host: string;
  port: number;
  /** `ssl` unless given. Nothing ever falls back to a plainer one. */
  transport?: Transport;
  /** For `ssl`; `"encrypt"` unless given. */
  tls?: TlsMode;
  /** Resource of a `ws` or `wss` address; `/` unless given. */
  path?: string;
  /** Largest message sent or taken, in bytes; 250,000 KiB, an OMERO server's own limit, unless given. */
  messageSizeMax?: number;
  /** Milliseconds until the server must have greeted; 10,000 unless given. */
  connectTimeout?: number;
  signal?: AbortSignal;
}

export interface IceClient {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  /** The router's `Glacier2::Router`. */
  readonly router: ProxyRef;
  readonly proxyCodec: ProxyCodec;
  /** False once the connection is lost or destroyed. */
  readonly connected: boolean;
  /** Bytes that have come from the server so far, and bytes of requests that have not gone out yet. */
  readonly bytesReceived: number;
  readonly bytesUnsent: number;
  /** The proxy of an Ice proxy string. @throws ArgumentError `INVALID_ARGUMENT` if it is none. */
  proxy(text: string): ProxyRef;
  /** Sets, or with undefined removes, an entry of the context that goes with every request. */
  setContext(key: string, value: string | undefined): void;
  /**
   * Tells `listener` once when the connection is lost, at once if it is already; not when it is destroyed. Returns a
   * function that takes the listener away.
   */
  onClose(listener: (cause: OmeroError) => void): () => void;
  /** A typed proxy of a service, for example `client.service<IQuery>(proxy, "::omero::api::IQuery")`. */
  service<T>(proxy: ProxyRef, sliceId: string): T;
  /**
   * Sends a request whose parameters are encoded already.
   *
   * @param mode 0 normal, 1 nonmutating, 2 idempotent; a server refuses any but the operation's own.
   * @throws ServerError, ConnectionError, TimeoutError, AbortError, WireError
   */
  invokeRaw(
    proxy: ProxyRef,
    operation: string,
    mode: number,
    params: Uint8Array,
    options?: CallOptions & { label?: string },
  ): Promise<RawReply>;
  /** Closes the connection. Requests in flight fail with `CONNECTION_CLOSED`. May be called again. */
  destroy(): Promise<void>;
}

/** Milliseconds between heartbeats on a connection, so that nothing on the way takes it for abandoned. */
const HEARTBEAT_INTERVAL = 30_000;
/** Milliseconds that the server has to close the connection when asked. */
const CLOSE_PATIENCE = 500;
const ROUTER = "OMERO.Glacier2/router";
const IDEMPOTENT = 2;

/**
 * Connects to the Glacier2 router of an OMERO server. This is no log-in: that is `Glacier2::Router.createSession`.
 *
 * @throws ArgumentError `INVALID_ARGUMENT`
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `CONNECTION_TIMEOUT`, `CONNECTION_LOST`, `TLS_FAILED`,
 *   `NOT_OMERO`
 * @throws AbortError
 */
export async function createIceClient(options: IceClientOptions): Promise<IceClient> {
  checkOptions(options);
  const address: Address = { host: plainHost(options.host), port: options.port, transport: options.transport ?? "ssl" };
  throwIfAborted(options.signal, `connecting to ${at(address)}`);
  const ice = await loadIce();
  const deadline = new Deadline(address, options.connectTimeout ?? 10_000, options.signal);
  try {
    const channel = await openChannel({ ...options, ...address }, deadline.signal);
    deadline.phase = "greeting";
    const messageSizeMax = options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX;
    const communicator = createCommunicator(ice, messageSizeMax);
    const connection = await greet(ice, communicator, channel, address, deadline.signal);
    return new RouterClient(ice, communicator, connection, channel, address, messageSizeMax);
  } finally {
    deadline.clear();
  }
}

/** Ends an attempt to connect when its time is over or its caller gives up. */
class Deadline {
  phase: "connecting" | "greeting" = "connecting";
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #aborted: () => void;

  constructor(address: Address, milliseconds: number, caller: AbortSignal | undefined) {
    this.#caller = caller;
    this.#aborted = () => this.#controller.abort(abortError(caller!, `connecting to ${at(address)}`));
    this.#timer = setTimeout(
      () => this.#controller.abort(timeoutError(address, this.phase, milliseconds)),
      milliseconds,
    );
    caller?.addEventListener("abort", this.#aborted, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#aborted);
  }
}

class RouterClient implements IceClient {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  readonly router: ProxyRef;
  readonly proxyCodec: ProxyCodec;
  readonly #ice: IceRuntime;
  readonly #communicator: IceCommunicator;
  readonly #connection: IceConnection;
  readonly #channel: ByteChannel;
  readonly #context = new Map<string, string>();
  readonly #request: RequestSetting;
  readonly #routing: RoutingTable;
  readonly #fixed = new WeakMap<ProxyRef, IceProxy>();
  readonly #closeListeners = new Set<(cause: OmeroError) => void>();
  readonly #heartbeat: NodeJS.Timeout;
  #inFlight = 0;
  /** Why the client is of no more use. */
  #ended: OmeroError | undefined;
  #destroyed: Promise<void> | undefined;

  constructor(
    ice: IceRuntime,
    communicator: IceCommunicator,
    connection: IceConnection,
    channel: ByteChannel,
    address: Address,
    messageSizeMax: number,
  ) {
    this.host = address.host;
    this.port = address.port;
    this.transport = address.transport;
    this.#ice = ice;
    this.#communicator = communicator;
    this.#connection = connection;
    this.#channel = channel;
    this.proxyCodec = createProxyCodec(ice, communicator.instance);
    this.router = this.proxy(ROUTER);
    this.#request = {
      ice,
      messageSizeMax,
      context: this.#context,
      connectionError: (exception, label) => this.#failureOf(exception, label),
    };
    this.#routing = new RoutingTable(this.proxyCodec, (params) => this.#addProxies(params));
    connection.setCloseCallback(() => this.#lost(connection._exception));
    this.#heartbeat = setInterval(() => connection.heartbeat().catch(() => {}), HEARTBEAT_INTERVAL).unref();
    channel.keepProcessAlive(false);
  }

  get connected(): boolean {
    return this.#ended === undefined;
  }

  get bytesReceived(): number {
    return this.#channel.bytesReceived;
  }

  get bytesUnsent(): number {
    return this.#channel.bytesUnsent;
  }

  proxy(text: string): ProxyRef {
    let prx: IceProxy | null = null;
    try {
      prx = this.#communicator.stringToProxy(text);
    } catch (cause) {
      throw new ArgumentError("INVALID_ARGUMENT", `"${text}" is no Ice proxy`, { cause });
    }
    if (prx === null) throw new ArgumentError("INVALID_ARGUMENT", "an Ice proxy cannot be empty");
    return proxyRef(prx);
  }

  setContext(key: string, value: string | undefined): void {
    if (value === undefined) this.#context.delete(key);
    else this.#context.set(key, value);
  }

  onClose(listener: (cause: OmeroError) => void): () => void {
    if (this.#ended && !this.#destroyed) {
      const cause = this.#ended;
      queueMicrotask(() => listener(cause));
    } else {
      this.#closeListeners.add(listener);
    }
    return () => void this.#closeListeners.delete(listener);
  }

  service<T>(proxy: ProxyRef, sliceId: string): T {
    return serviceProxy<T>(this, proxy, sliceId);
  }

  async invokeRaw(
    proxy: ProxyRef,
    operation: string,
    mode: number,
    params: Uint8Array,
    options: CallOptions & { label?: string } = {},
  ): Promise<RawReply> {
    const label = options.label ?? operation;
    if (this.#ended) throw this.#endedError(label);
    this.#busy(1);
    try {
      return await this.#invokeRouted(proxy, operation, mode, params, label, options);
    } finally {
      this.#busy(-1);
    }
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async #invokeRouted(
    proxy: ProxyRef,
    operation: string,
    mode: number,
    params: Uint8Array,
    label: string,
    options: CallOptions,
  ): Promise<RawReply> {
    const send = () => sendRequest(this.#request, this.#fixedProxy(proxy), operation, mode, params, label, options);
    if (isRouter(proxy)) return send();
    // Without a pause where the router knows the object, so that a last request can go out when the process exits.
    if (!this.#routing.knows(proxy)) await this.#routing.add(proxy);
    try {
      return await send();
    } catch (error) {
      if (!isUnknownToRouter(error)) throw error;
      // The router forgot the object meanwhile; it has not passed the request on, so it may be sent again.
      this.#routing.forget(proxy);
      await this.#routing.add(proxy);
      return send();
    }
  }

  async #addProxies(params: Uint8Array): Promise<Uint8Array> {
    const router = this.#fixedProxy(this.router);
    const label = "Router.addProxies";
    return (await sendRequest(this.#request, router, "addProxies", IDEMPOTENT, params, label, {})).body;
  }

  /** A proxy that sends through our connection, whatever endpoints the original carries. */
  #fixedProxy(proxy: ProxyRef): IceProxy {
    let fixed = this.#fixed.get(proxy);
    if (!fixed) {
      const prx = icePrx(proxy);
      fixed = this.#connection.createProxy(prx.ice_getIdentity()).ice_facet(prx.ice_getFacet());
      this.#fixed.set(proxy, fixed);
    }
    return fixed;
  }

  /** An idle connection does not keep the process alive; one with requests in flight does. */
  #busy(change: 1 | -1): void {
    this.#inFlight += change;
    if (this.#inFlight === 0 && !this.#destroyed) this.#channel.keepProcessAlive(false);
    else if (this.#inFlight === 1 && change === 1) this.#channel.keepProcessAlive(true);
  }

  #failureOf(exception: IceLocalException, label: string): OmeroError {
    return this.#ended ? this.#endedError(label) : lossError(this, exception, label);
  }

  #endedError(operation: string): OmeroError {
    const { code, message, host, port, cause } = this.#ended!;
    const details = { host, port, operation, cause };
    if (this.#ended instanceof ServerError) return new ServerError(this.#ended.code, message, details);
    return new ConnectionError(code as ConnectionError["code"], message, details);
  }

  #lost(exception: IceLocalException | null): void {
    clearInterval(this.#heartbeat);
    if (this.#ended) return;
    this.#ended = lossError(this, exception);
    for (const listener of this.#closeListeners) listener(this.#ended);
    this.#closeListeners.clear();
  }

  async #destroy(): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#closeListeners.clear();
    this.#ended ??= new ConnectionError(
      "CONNECTION_CLOSED",
      `the connection to ${at(this)} was closed by this program`,
      {
        host: this.host,
        port: this.port,
      },
    );
    this.#channel.keepProcessAlive(true);
    const patience = setTimeout(() => this.#closeAtOnce(), CLOSE_PATIENCE);
    this.#connection.close(this.#ice.ConnectionClose.Gracefully).catch(() => {});
    await this.#connection.waitUntilFinished();
    clearTimeout(patience);
    await this.#communicator.destroy();
  }

  #closeAtOnce(): void {
    closeConnection(this.#ice, this.#connection, new this.#ice.ConnectionTimeoutException());
  }
}

function isRouter({ identity }: ProxyRef): boolean {
  return `${identity.category}/${identity.name}` === ROUTER;
}

function checkOptions({ host, port, transport, messageSizeMax, connectTimeout }: IceClientOptions): void {
  const refuse = (text: string) => {
    throw new ArgumentError("INVALID_ARGUMENT", text);
  };
  if (typeof host !== "string" || !/^[^\s/@"'\\]+$/.test(host)) refuse(`"${host}" is no host name or address`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) refuse(`${port} is no port: give 1 to 65535`);
  if (transport !== undefined && !["tcp", "ssl", "ws", "wss"].includes(transport)) {
    refuse(`"${transport}" is no transport: give ssl, tcp, ws or wss`);
  }
  if (messageSizeMax !== undefined && !(messageSizeMax >= 1024 && messageSizeMax < 2 ** 31)) {
    refuse(`messageSizeMax of ${messageSizeMax} bytes: give 1024 to ${2 ** 31 - 1}`);
  }
  if (connectTimeout !== undefined && !(connectTimeout > 0 && connectTimeout < 2 ** 31)) {
    refuse(`connectTimeout of ${connectTimeout} ms: give a positive number`);
  }
}

/** A host without the brackets of an IPv6 address in a URL. */
function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
