/** Calls to remote objects through whichever log-in there is. */
import { AbortError, ConnectionError, LoginError, type OmeroError, ServerError } from "../../errors.js";
import { unlessAborted } from "../../flow/abort.js";
import { inBackground } from "../../flow/failures.js";
import type { Turn, Turns } from "../../flow/turns.js";
import type { Call, CallOptions, RawReply } from "../ice/client/call.js";
import { CallDeadline, withinLimits } from "../ice/client/call-limits.js";
import { toOmeroError } from "../ice/client/server-exceptions.js";
import type { Caller } from "../ice/client/service-proxy.js";
import { decodeException } from "../ice/codec/codec.js";
import type { ProxyCodec } from "../ice/codec/proxy-ref.js";
import { isAlive } from "../keep-alive.js";
import type { Login } from "../login.js";
import { closedError, type ReconnectingLink } from "../reconnect.js";
import type { RemoteObject } from "./remote-object.js";

export interface RemoteCallsOptions {
  /** Reads and writes proxies; that of the log-in before where there is none now. */
  readonly proxyCodec: () => ProxyCodec;
  /** Told of what shows that a log-in is lost. */
  readonly onLost: (login: Login, cause: unknown) => void;
  /** Milliseconds for calls that have no time limit of their own; none if undefined. */
  readonly callTimeout: number | undefined;
}

/** Times a call is sent at most, unless it says otherwise. */
const MOST_ATTEMPTS = 5;
/**
 * Milliseconds for closing a remote object: one that was written to is finished by it, and its checksum taken; any other
 * also goes with the session.
 */
const FINISHING_TIMEOUT = 60_000;
const CLOSING_TIMEOUT = 2_000;

export class RemoteCalls implements Caller<RemoteObject> {
  readonly #link: ReconnectingLink<Login>;
  readonly #options: RemoteCallsOptions;

  constructor(link: ReconnectingLink<Login>, options: RemoteCallsOptions) {
    this.#link = link;
    this.#options = options;
  }

  get proxyCodec(): ProxyCodec {
    return this.#options.proxyCodec();
  }

  /**
   * Sends a call. After a loss it is sent again under the next log-in if the operation may be repeated; if not, it fails,
   * for it is not known whether the server did it. To a service with a state it is sent when those before it have been
   * answered, or the connection has ended; whoever gives up one that was sent does not let the next go sooner. The time
   * limit counts from now on.
   *
   * @throws ConnectionError `CONNECTION_LOST`, `CONNECTION_CLOSED`, and what reconnecting fails with
   * @throws LoginError `SESSION_EXPIRED` if the session has ended and cannot be replaced
   * @throws TimeoutError @throws AbortError @throws ServerError
   */
  async invoke(call: Call<RemoteObject>): Promise<RawReply> {
    const { target, label } = call;
    const { timeout = this.#options.callTimeout, attempts = MOST_ATTEMPTS } = call.limits;
    target.checkOpen(label);
    const deadline = new CallDeadline({ ...call.limits, timeout }, label);
    let turn: Turn | undefined;
    try {
      turn = target.turns && (await this.#takeTurn(target.turns, label, deadline.signal));
      return await this.#untilAnswered({ ...call, limits: { signal: deadline.signal, attempts } }, turn);
    } catch (error) {
      throw error instanceof AbortError && deadline.isOver ? deadline.error() : error;
    } finally {
      turn?.end();
      deadline.clear();
    }
  }

  /** Gets an object that will be called soon, meanwhile. If that fails, so will the call. */
  prepare(remote: RemoteObject): void {
    const login = this.#link.current;
    if (login) inBackground(remote.proxy(login));
  }

  /**
   * Closes a remote object if it is open under the present log-in, after the calls before. Returns why that failed, if it
   * did.
   * @param written whether its content was changed.
   */
  async close(remote: RemoteObject, written = false): Promise<unknown> {
    const { callTimeout = Number.POSITIVE_INFINITY } = this.#options;
    const timeout = Math.min(written ? FINISHING_TIMEOUT : CLOSING_TIMEOUT, callTimeout);
    try {
      // What is opened only after that is still closed.
      await withinLimits(this.#closeInTurn(remote, timeout), "close", { timeout });
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Who waits behind a call that was given up waits for its answer: the process stays alive, the connection watched. */
  async #takeTurn(turns: Turns, label: string, signal: AbortSignal | undefined): Promise<Turn> {
    const release = this.#link.current?.client.keepBusy();
    try {
      return await turns.take(label, signal);
    } finally {
      release?.();
    }
  }

  async #closeInTurn(remote: RemoteObject, timeout: number): Promise<void> {
    if (!remote.turns) return this.#closeOpened(remote, timeout);
    const turn = await this.#takeTurn(remote.turns, "close", undefined);
    try {
      await this.#closeOpened(remote, timeout);
    } finally {
      turn.end();
    }
  }

  async #closeOpened(remote: RemoteObject, timeout: number): Promise<void> {
    const login = this.#link.current;
    const opened = login && remote.openedUnder(login);
    if (!opened) return;
    remote.forget(login);
    const service = login.client.service<Closable>(await opened, remote.sliceId);
    await service.close({ timeout });
  }

  async #untilAnswered(call: Call<RemoteObject>, turn: Turn | undefined): Promise<RawReply> {
    for (let attempt = 1; ; attempt++) {
      if (this.#link.closed) throw closedError(call.label);
      const login = this.#link.current ?? (await this.#link.get(call.limits.signal));
      call.target.checkLogin(login, call.label);
      const progress = { sent: false };
      try {
        return await invokeOnce(login, call, progress, turn);
      } catch (error) {
        this.#afterFailure(login, call, error, progress.sent, attempt >= call.limits.attempts!);
      }
    }
  }

  /** Returns if the call is to be sent again; throws what it fails with if not. */
  #afterFailure(
    login: Login,
    { target, operation, label }: Call<RemoteObject>,
    error: unknown,
    sent: boolean,
    last: boolean,
  ): void {
    if (this.#link.closed) throw error instanceof ConnectionError ? closedError(label) : error;
    const noSuchObject = error instanceof ServerError && error.code === "NO_SUCH_OBJECT";
    // An object cannot be opened for want of another: that other is the session.
    const lost = error instanceof ConnectionError || isSessionGone(error) || (noSuchObject && !sent);
    if (lost) this.#options.onLost(login, error);
    else if (noSuchObject) target.forget(login);
    else throw error;
    const again = !sent || target.repeats(operation) || (noSuchObject && target.stateless);
    if (again && !last) return;
    throw lost && !again && !isSessionGone(error) ? unknownOutcome(login, label, error) : error;
  }
}

interface Closable {
  close(options: CallOptions): Promise<void>;
}

async function invokeOnce(
  login: Login,
  call: Call<RemoteObject>,
  progress: { sent: boolean },
  turn: Turn | undefined,
): Promise<RawReply> {
  const { target, limits, label } = call;
  const proxied = { ...call, target: await unlessAborted(target.proxy(login), limits.signal, label) };
  progress.sent = true;
  const reply = await (turn ? invokeInTurn(login, proxied, turn) : login.client.invoke(proxied));
  if (reply.kind === "ok") return reply;
  const error = toOmeroError(decodeException(reply.body, login.client.proxyCodec), { operation: label });
  // A call may be about another session that has ended.
  if (isSessionGone(error) && !(await isAlive(login))) throw error;
  return reply;
}

/** The turn lasts until the answer has come, even if nobody waits for it any more. */
function invokeInTurn(
  { client }: Login,
  call: Parameters<Login["client"]["invoke"]>[0],
  turn: Turn,
): Promise<RawReply> {
  const answer = client.invoke({ ...call, limits: { abandoned: call.limits.signal } });
  turn.lastsUntil(answer);
  return unlessAborted(answer, call.limits.signal, call.label);
}

/** Whether the server says that the session has ended. */
export function isSessionGone(error: unknown): error is LoginError {
  return error instanceof LoginError && error.code === "SESSION_EXPIRED";
}

function unknownOutcome(login: Login, label: string, cause: unknown): OmeroError {
  const { host, port } = login.client;
  const text = `${label}: the connection to ${host}:${port} was lost before the answer came; it is not known whether the server did it`;
  return new ConnectionError("CONNECTION_LOST", text, { host, port, operation: label, cause });
}
