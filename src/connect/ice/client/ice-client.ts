/**
 * The client's end of one connection to a Glacier2 router. Every request goes through that connection, whatever
 * endpoints a proxy carries, and nothing is ever connected again behind the caller's back: once the connection is
 * lost the client is of no more use.
 */
import { ArgumentError, abortError, type OmeroError, throwIfAborted } from "../../../errors.js";
import { onAbort } from "../../../flow/abort.js";
import type { ProxyCodec, ProxyRef } from "../codec/proxy-ref.js";
import type { Transport } from "../transport/byte-channel.js";
import { createCommunicator, DEFAULT_MESSAGE_SIZE_MAX, DEFAULT_STALL_TIMEOUT } from "../transport/communicator.js";
import { type Address, at, timeoutError } from "../transport/connection-errors.js";
import { loadIce } from "../transport/ice-runtime.js";
import { openChannel } from "../transport/open-channel.js";
import type { TlsMode } from "../transport/tls-mode.js";
import type { Call, RawReply } from "./call.js";
import { greet } from "./client-connection.js";
import { RouterClient } from "./router-client.js";

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
  /**
   * Milliseconds without a sign of life from the server, while a reply is awaited or a message is half-way, after which
   * the connection is lost; 60,000 unless given.
   */
  stallTimeout?: number;
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
  /** Bytes that have come from the server and gone to it so far, and bytes of requests that have not gone out yet. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
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
  /** Sends a call. @throws ServerError, ConnectionError, TimeoutError, AbortError, WireError */
  invoke(call: Call<ProxyRef>): Promise<RawReply>;
  /** Has the connection watched, and the process kept alive, as while calls are in work, until the function returned is called. */
  keepBusy(): () => void;
  /** Closes the connection. Requests in flight fail with `CONNECTION_CLOSED`. May be called again. */
  destroy(): Promise<void>;
}

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
    const messageSizeMax = options.messageSizeMax ?? DEFAULT_MESSAGE_SIZE_MAX;
    const communicator = createCommunicator(ice, messageSizeMax);
    const channel = await openChannel({ ...options, ...address }, deadline.signal);
    deadline.phase = "greeting";
    const { stallTimeout = DEFAULT_STALL_TIMEOUT } = options;
    const connection = await greet(ice, communicator, channel, address, stallTimeout, deadline.signal);
    return new RouterClient(ice, communicator, connection, channel, address, { messageSizeMax, stallTimeout });
  } finally {
    deadline.clear();
  }
}

/** Ends an attempt to connect when its time is over or its caller gives up. */
class Deadline {
  phase: "connecting" | "greeting" = "connecting";
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #release: () => void;

  constructor(address: Address, milliseconds: number, caller: AbortSignal | undefined) {
    this.#timer = setTimeout(
      () => this.#controller.abort(timeoutError(address, this.phase, milliseconds)),
      milliseconds,
    );
    this.#release = onAbort(caller, () => this.#controller.abort(abortError(caller!, `connecting to ${at(address)}`)));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#release();
  }
}

function checkOptions({
  host,
  port,
  transport,
  tls,
  messageSizeMax,
  connectTimeout,
  stallTimeout,
}: IceClientOptions): void {
  const refuse = (text: string) => {
    throw new ArgumentError("INVALID_ARGUMENT", text);
  };
  if (typeof host !== "string" || !/^[^\s/@"'\\]+$/.test(host)) refuse(`"${host}" is no host name or address`);
  if (!Number.isInteger(port) || port < 1 || port > 65535) refuse(`${port} is no port: give 1 to 65535`);
  if (transport !== undefined && !["tcp", "ssl", "ws", "wss"].includes(transport)) {
    refuse(`"${transport}" is no transport: give ssl, tcp, ws or wss`);
  }
  if (tls !== undefined && (transport === "tcp" || transport === "ws")) {
    refuse(`tls is given, but ${transport} does not encrypt: leave tls out, or use ssl or wss`);
  }
  if (messageSizeMax !== undefined && !(messageSizeMax >= 1024 && messageSizeMax < 2 ** 31)) {
    refuse(`messageSizeMax of ${messageSizeMax} bytes: give 1024 to ${2 ** 31 - 1}`);
  }
  if (connectTimeout !== undefined && !(connectTimeout > 0 && connectTimeout < 2 ** 31)) {
    refuse(`connectTimeout of ${connectTimeout} ms: give a positive number`);
  }
  if (stallTimeout !== undefined && !(stallTimeout > 0 && stallTimeout < 2 ** 31)) {
    refuse(`stallTimeout of ${stallTimeout} ms: give a positive number`);
  }
}

/** A host without the brackets of an IPv6 address in a URL. */
function plainHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
