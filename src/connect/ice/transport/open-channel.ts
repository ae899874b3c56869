/**
 * Opens the byte channel to a server: TCP, TLS or WebSocket. Failures are {@link ConnectionError}s.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { ArgumentError, ConnectionError, OmeroError } from "../../../errors.js";
import { onAbort } from "../../../flow/abort.js";
import { type ByteChannel, DirectReader, socketChannel } from "./byte-channel.js";
import { type Address, at, errorCode, openingError } from "./connection-errors.js";
import { isNode, openNodeWebSocket } from "./node-websocket.js";
import { type TlsMode, tlsHandshakes, wrongFingerprint } from "./tls-mode.js";
import { openWebSocket } from "./websocket-channel.js";

export interface ChannelOptions extends Address {
  /** For `ssl`, where it is `"encrypt"` unless given, and `wss`, where it is `"verify"`. */
  readonly tls?: TlsMode;
  /** Resource of a WebSocket address; `/` unless given. */
  readonly path?: string;
}

/** Silence after which TCP itself asks whether the peer is there. */
const KEEP_ALIVE_DELAY = 60_000;

/** Has a socket's bytes go straight to where they are wanted. */
interface ReadingOptions {
  readonly onread?: DirectReader;
}

const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY };

/**
 * @param signal gives up when it fires: the promise rejects with its reason.
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `CONNECTION_TIMEOUT` or `TLS_FAILED`.
 */
export async function openChannel(options: ChannelOptions, signal: AbortSignal): Promise<ByteChannel> {
  switch (options.transport) {
    case "tcp":
      return openTcp(options, signal);
    case "ssl":
      return openTls(options, signal);
    default:
      return openWs(options, options.transport, signal);
  }
}

async function openWs(options: ChannelOptions, transport: "ws" | "wss", signal: AbortSignal): Promise<ByteChannel> {
  return isNode() ? openWsOnNode(options, transport, signal) : openWsElsewhere(options, transport, signal);
}

async function openWsOnNode(
  options: ChannelOptions,
  transport: "ws" | "wss",
  signal: AbortSignal,
): Promise<ByteChannel> {
  const socket = await (transport === "ws" ? connectedTcp(options, signal) : connectedTls(withProof(options), signal));
  try {
    return await openNodeWebSocket(socket, transport, webSocketUrl(options, transport), signal);
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? signal.reason : noWebSocket(options, error);
  }
}

/** As in browsers, a `wss` server proves who it is unless told otherwise. */
function withProof(options: ChannelOptions): ChannelOptions {
  return { ...options, tls: options.tls ?? "verify" };
}

async function openWsElsewhere(
  options: ChannelOptions,
  transport: "ws" | "wss",
  signal: AbortSignal,
): Promise<ByteChannel> {
  if (typeof options.tls === "object" || options.tls === "encrypt") {
    const text = `wss:// trusts what this runtime trusts; other than tls: "verify" is for its TLS port, and for Node.js`;
    throw new ArgumentError("INVALID_ARGUMENT", text, { host: options.host, port: options.port });
  }
  try {
    return await openWebSocket(webSocketUrl(options, transport), transport, signal);
  } catch (error) {
    if (error instanceof OmeroError) throw error;
    throw await whyNoWebSocket(options, transport, error, signal);
  }
}

function webSocketUrl({ host, port, path = "/" }: ChannelOptions, transport: "ws" | "wss"): string {
  return `${transport}://${host.includes(":") ? `[${host}]` : host}:${port}${path.startsWith("/") ? "" : "/"}${path}`;
}

function noWebSocket(address: Address, cause: unknown): ConnectionError {
  const { host, port } = address;
  const text = `${at(address)} is reached but offers no Ice WebSocket: check the port, and the path after it`;
  return new ConnectionError("NOT_OMERO", text, { host, port, cause });
}

/** A WebSocket does not say why it failed; a plain connection to the same port does. */
async function whyNoWebSocket(
  options: ChannelOptions,
  transport: "ws" | "wss",
  cause: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    const probe = await openChannel(
      { ...options, transport: transport === "ws" ? "tcp" : "ssl", tls: "verify" },
      signal,
    );
    probe.destroy();
  } catch (error) {
    return error;
  }
  return noWebSocket(options, cause);
}

async function openTcp(options: ChannelOptions, signal: AbortSignal): Promise<ByteChannel> {
  const onread = new DirectReader();
  return socketChannel(await connectedTcp(options, signal, { onread }), "tcp", onread);
}

async function connectedTcp(
  { host, port, transport }: ChannelOptions,
  signal: AbortSignal,
  reading: ReadingOptions = {},
): Promise<Socket> {
  const socket = connectTcp({ ...SOCKET_OPTIONS, host, port, ...reading });
  try {
    await opened(socket, "connect", signal);
    return socket;
  } catch (error) {
    throw signal.aborted ? signal.reason : openingError({ host, port, transport }, error);
  }
}

async function openTls(options: ChannelOptions, signal: AbortSignal): Promise<ByteChannel> {
  let onread = new DirectReader();
  const socket = await connectedTls(options, signal, () => {
    onread = new DirectReader();
    return { onread };
  });
  return socketChannel(socket, "ssl", onread);
}

/** @param reading how each socket that is tried is read; by its events unless given. */
async function connectedTls(
  options: ChannelOptions,
  signal: AbortSignal,
  reading: () => ReadingOptions = () => ({}),
): Promise<TLSSocket> {
  const { host, port } = options;
  const mode = options.tls ?? "encrypt";
  const handshakes = tlsHandshakes(mode, host);
  for (const [index, handshake] of handshakes.entries()) {
    const socket = connectTls({ ...SOCKET_OPTIONS, ...handshake, host, port, ...reading() } as ConnectionOptions);
    try {
      await opened(socket, "secureConnect", signal);
      checkFingerprint(options, mode, socket);
      return socket;
    } catch (error) {
      socket.destroy();
      if (signal.aborted) throw signal.reason;
      if (error instanceof ConnectionError) throw error;
      if (index + 1 === handshakes.length || !mayNeedAnotherHandshake(error)) throw openingError(options, error);
    }
  }
  throw new RangeError("no TLS handshake to try");
}

function checkFingerprint(address: Address, mode: TlsMode, socket: TLSSocket): void {
  const found = wrongFingerprint(mode, socket);
  if (found === undefined) return;
  throw new ConnectionError(
    "TLS_FAILED",
    `no secure connection to ${at(address)}: the fingerprint of its certificate is ${found}, not the one given: ` +
      "if the certificate was renewed, give the new fingerprint; if not, someone else answers",
    { host: address.host, port: address.port },
  );
}

/** Only the server's refusal of what was offered: other failures would be the same again. */
function mayNeedAnotherHandshake(error: unknown): boolean {
  return /ALERT_HANDSHAKE_FAILURE|ALERT_PROTOCOL_VERSION|ALERT_INTERNAL_ERROR|^ECONNRESET$/.test(errorCode(error));
}

/** Waits for a socket to be ready; on failure it is destroyed. */
function opened(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: unknown) => {
      release();
      socket.off(event, ready).off("close", closed);
      // Errors of a destroyed socket may still come; they have been reported.
      if (error !== undefined) socket.destroy();
      else socket.off("error", finish);
      if (error === undefined) resolve();
      else reject(error);
    };
    const ready = () => finish();
    const closed = () => finish(Object.assign(new Error("closed while connecting"), { code: "ECONNRESET" }));
    socket.on("error", finish).once(event, ready).once("close", closed);
    const release = onAbort(signal, () => finish(signal.reason));
  });
}
