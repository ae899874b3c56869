/** One call of a remote object under one log-in. */
import { ConnectionError, LoginError, type OmeroError } from "../errors.js";
import type { Turn } from "../flow/turns.js";
import type { CallOptions, RawReply } from "./ice/client/invoke.js";
import { toOmeroError } from "./ice/client/server-exceptions.js";
import { decodeException } from "./ice/codec/codec.js";
import type { ProxyRef } from "./ice/codec/proxy-ref.js";
import { ping } from "./keep-alive.js";
import type { Login } from "./login.js";
import { unlessAborted } from "./reconnect.js";
import type { RemoteObject } from "./remote-object.js";

export interface RemoteCallOptions extends CallOptions {
  /** Names the call in errors, for example `IQuery.find`. */
  readonly label?: string;
  /** Times the call is sent at most; 5 unless given. */
  readonly attempts?: number | undefined;
}

export interface RemoteCall {
  readonly remote: RemoteObject;
  readonly operation: string;
  readonly mode: number;
  readonly params: Uint8Array;
  readonly label: string;
  readonly attempts: number;
  readonly options: RemoteCallOptions;
}

/** The answer of the server; `progress` tells whether the call was sent. @throws LoginError `SESSION_EXPIRED` */
export async function invokeOnce(
  login: Login,
  call: RemoteCall,
  progress: { sent: boolean },
  turn: Turn | undefined,
): Promise<RawReply> {
  const { remote, label, options } = call;
  const proxy = await unlessAborted(remote.proxy(login), options.signal, label);
  progress.sent = true;
  const reply = turn ? await send(login, call, proxy, turn) : await sendFreely(login, call, proxy);
  if (reply.kind === "ok") return reply;
  const error = toOmeroError(decodeException(reply.body, login.client.proxyCodec), { operation: label });
  // A call may be about another session that has ended.
  if (isSessionGone(error) && !(await isAlive(login))) throw error;
  return reply;
}

function sendFreely({ client }: Login, { operation, mode, params, options }: RemoteCall, proxy: ProxyRef) {
  return client.invokeRaw(proxy, operation, mode, params, options);
}

/** Sends what is in its turn, which lasts until the answer has come, even if nobody waits for it any more. */
function send(login: Login, call: RemoteCall, proxy: ProxyRef, turn: Turn): Promise<RawReply> {
  const { signal, ...options } = call.options;
  const answer = sendFreely(login, { ...call, options }, proxy);
  turn.lastsUntil(answer);
  return unlessAborted(answer, signal, call.label);
}

async function isAlive(login: Login): Promise<boolean> {
  try {
    await ping(login);
    return true;
  } catch {
    return false;
  }
}

/** Whether the server says that the session has ended. */
export function isSessionGone(error: unknown): error is LoginError {
  return error instanceof LoginError && error.code === "SESSION_EXPIRED";
}

export function unknownOutcome(login: Login, label: string, cause: unknown): OmeroError {
  const { host, port } = login.client;
  const text = `${label}: the connection to ${host}:${port} was lost before the answer came; it is not known whether the server did it`;
  return new ConnectionError("CONNECTION_LOST", text, { host, port, operation: label, cause });
}
