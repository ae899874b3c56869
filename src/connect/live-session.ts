import { AbortError, ConnectionError, LoginError, ServerError, TimeoutError } from "../errors.js";
import { Listeners } from "../flow/listeners.js";
import type { Secret } from "../flow/secret.js";
import type { Turn } from "../flow/turns.js";
import type { CallOptions, RawReply } from "./ice/client/invoke.js";
import { withinLimits } from "./ice/client/invoke.js";
import type { ProxyCodec } from "./ice/codec/proxy-ref.js";
import { KeepAlive, ping } from "./keep-alive.js";
import { type Login, logOut, logOutNow } from "./login.js";
import { closedError, ReconnectingLink } from "./reconnect.js";
import { invokeOnce, isSessionGone, type RemoteCall, type RemoteCallOptions, unknownOutcome } from "./remote-call.js";
import type { RemoteObject } from "./remote-object.js";

export interface SessionEvents {
  /** The connection was lost and is being re-established; `cause` says what happened. */
  lost: { readonly cause: unknown };
  /** The session has been joined again or, where it had ended, replaced by a new one. */
  reconnected: { readonly newSession: boolean };
  /** The connection was closed by {@link LiveSession.close}. */
  closed: Record<never, never>;
}

export interface LiveSessionOptions {
  /** Joins a session again. */
  readonly rejoin: (sessionKey: Secret, signal: AbortSignal) => Promise<Login>;
  /** Makes a new session in place of one that has ended; undefined where there are no credentials to do so. */
  readonly renew: ((signal: AbortSignal) => Promise<Login>) | undefined;
  /** Whether the session ends with {@link LiveSession.close}. */
  readonly owned: boolean;
  /** Milliseconds between pings; 0 for none. */
  readonly keepAlive: number;
  /** Milliseconds during which a lost connection is tried for. */
  readonly patience: number;
  /** Milliseconds for calls that have no time limit of their own; none if undefined. */
  readonly callTimeout?: number | undefined;
}

/** Times a call is sent at most. */
const MOST_ATTEMPTS = 5;
/**
 * Milliseconds for closing a remote object: one that was written to is finished by it, and its checksum taken; any other
 * also goes with the session.
 */
const FINISHING_TIMEOUT = 60_000;
const CLOSING_TIMEOUT = 2_000;

/**
 * The session behind a connection and all its views: one log-in at a time, replaced when it is lost. Calls go to
 * whichever log-in there is; those that may be repeated survive a loss.
 */
export class LiveSession {
  readonly listeners = new Listeners<SessionEvents>();
  readonly #options: LiveSessionOptions;
  readonly #link: ReconnectingLink<Login>;
  #sessionKey!: Secret;
  #proxyCodec!: ProxyCodec;
  #keepAlive: KeepAlive | undefined;
  /** That the present session has ended, once the server has said so. */
  #expired: LoginError | undefined;
  #closing: Promise<void> | undefined;

  constructor(login: Login, options: LiveSessionOptions) {
    this.#options = options;
    this.#link = new ReconnectingLink(login, {
      connect: (signal) => this.#logInAgain(signal),
      release: (lost) => void lost.client.destroy().catch(() => {}),
      patience: options.patience,
      isFinal: isRefused,
      onLost: (cause) => {
        this.#keepAlive?.stop();
        this.listeners.tell("lost", { cause });
      },
      onReconnected: (found) => {
        const newSession = found.sessionKey !== this.#sessionKey;
        this.#take(found);
        this.listeners.tell("reconnected", { newSession });
      },
    });
    this.#take(login);
  }

  get state(): "connected" | "reconnecting" | "closed" {
    if (this.#link.closed) return "closed";
    return this.#link.current ? "connected" : "reconnecting";
  }

  get sessionKey(): Secret {
    return this.#sessionKey;
  }

  /** Reads and writes proxies; that of the log-in before where there is none now. */
  get proxyCodec(): ProxyCodec {
    return this.#proxyCodec;
  }

  /**
   * Sends a request to a remote object. After a loss it is sent again under the next log-in if the operation may be
   * repeated; if not, it fails, for it is not known whether the server did it. To a service with a state it is sent when
   * those before it have been answered, or the connection has ended; whoever gives up one that was sent does not let the
   * next go sooner. The time limit counts from now on.
   *
   * @throws ConnectionError `CONNECTION_LOST`, `CONNECTION_CLOSED`, and what reconnecting fails with
   * @throws LoginError `SESSION_EXPIRED` if the session has ended and cannot be replaced
   * @throws TimeoutError @throws AbortError @throws ServerError
   */
  async invoke(
    remote: RemoteObject,
    operation: string,
    mode: number,
    params: Uint8Array,
    options: RemoteCallOptions = {},
  ): Promise<RawReply> {
    const {
      signal,
      timeout = this.#options.callTimeout,
      context,
      label = operation,
      attempts = MOST_ATTEMPTS,
    } = options;
    remote.checkOpen(label);
    const expiry = timeout === undefined ? undefined : expireAfter(timeout);
    const ending = signal && expiry ? AbortSignal.any([signal, expiry.signal]) : (signal ?? expiry?.signal);
    const call = { remote, operation, mode, params, label, attempts, options: { signal: ending, context, label } };
    let turn: Turn | undefined;
    try {
      turn = await remote.turns?.take(label, ending);
      return await this.#invokeUntilAnswered(call, turn);
    } catch (error) {
      if (!(error instanceof AbortError) || !expiry?.signal.aborted || signal?.aborted) throw error;
      throw new TimeoutError("TIMEOUT", `${label}: no answer within ${timeout} ms`, { operation: label });
    } finally {
      turn?.end();
      expiry?.clear();
    }
  }

  /** Gets an object that will be called soon, meanwhile. If that fails, so will the call. */
  prepare(remote: RemoteObject): void {
    const login = this.#link.current;
    if (login) remote.proxy(login).catch(() => {});
  }

  /**
   * Closes a remote object if it is open under the present log-in, after the calls before. Returns why that failed, if it
   * did.
   * @param written whether its content was changed.
   */
  async closeRemote(remote: RemoteObject, written = false): Promise<unknown> {
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

  async #closeInTurn(remote: RemoteObject, timeout: number): Promise<void> {
    if (!remote.turns) return this.#closeOpened(remote, timeout);
    const turn = await remote.turns.take("close");
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
    const proxy = await opened;
    await login.client
      .service<{ close(options: CallOptions): Promise<void> }>(proxy, remote.sliceId)
      .close({ timeout });
  }

  /** Asks the server for a sign of life, which also keeps the session from ending for idleness. */
  async ping(): Promise<void> {
    const login = await this.#link.get();
    try {
      await ping(login);
    } catch (error) {
      this.#lost(login, error);
      throw error;
    }
  }

  /** Logs out. Calls in flight fail with `CONNECTION_CLOSED`. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Sends the farewell without waiting; for the exit of the process. */
  closeNow(): void {
    if (this.#closing) return;
    this.#closing = Promise.resolve();
    const login = this.#link.close();
    if (login) logOutNow(login, this.#options.owned);
  }

  async #close(): Promise<void> {
    this.#keepAlive?.stop();
    const login = this.#link.close();
    if (login) await logOut(login, this.#options.owned);
    this.listeners.tell("closed", {});
  }

  async #invokeUntilAnswered(call: RemoteCall, turn: Turn | undefined): Promise<RawReply> {
    for (let attempt = 1; ; attempt++) {
      if (this.#link.closed) throw closedError(call.label);
      const login = this.#link.current ?? (await this.#link.get(call.options.signal));
      call.remote.checkLogin(login, call.label);
      const progress = { sent: false };
      try {
        return await invokeOnce(login, call, progress, turn);
      } catch (error) {
        this.#afterFailure(login, call, error, progress.sent, attempt >= call.attempts);
      }
    }
  }

  /** Returns if the call is to be sent again; throws what it fails with if not. */
  #afterFailure(
    login: Login,
    { remote, operation, mode, label }: RemoteCall,
    error: unknown,
    sent: boolean,
    last: boolean,
  ) {
    if (this.#link.closed) throw error instanceof ConnectionError ? closedError(label) : error;
    const noSuchObject = error instanceof ServerError && error.code === "NO_SUCH_OBJECT";
    // An object cannot be opened for want of another: that other is the session.
    const lost = error instanceof ConnectionError || isSessionGone(error) || (noSuchObject && !sent);
    if (lost) this.#lost(login, error);
    else if (noSuchObject) remote.forget(login);
    else throw error;
    const again = !sent || remote.repeats(operation, mode) || (noSuchObject && remote.stateless);
    if (again && !last) return;
    throw lost && !again && !isSessionGone(error) ? unknownOutcome(login, label, error) : error;
  }

  #lost(login: Login, cause: unknown): void {
    if (isSessionGone(cause) && this.#link.current === login) this.#expired = cause;
    this.#link.lost(login, cause);
  }

  /** Joins the session, or makes a new one in its place where it has ended. */
  async #logInAgain(signal: AbortSignal): Promise<Login> {
    const key = this.#sessionKey;
    try {
      if (this.#expired) throw this.#expired;
      return { ...(await this.#options.rejoin(key, signal)), sessionKey: key };
    } catch (error) {
      if (!isSessionGone(error)) throw error;
      this.#expired = error;
      if (!this.#options.renew) throw error;
      return this.#options.renew(signal);
    }
  }

  /** Makes a log-in the one that is used, watched and kept alive. */
  #take(login: Login): void {
    this.#expired = undefined;
    this.#sessionKey = login.sessionKey;
    this.#proxyCodec = login.client.proxyCodec;
    login.client.onClose((cause) => this.#lost(login, cause));
    const { keepAlive } = this.#options;
    if (keepAlive === 0) return;
    this.#keepAlive = new KeepAlive({
      interval: keepAlive,
      ping: () => ping(login),
      onFailure: (cause) => this.#lost(login, cause),
    });
  }
}

/** As `AbortSignal.timeout`, which cannot be cleared: of many short calls with a long limit each would leave a timer. */
function expireAfter(milliseconds: number): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds).unref();
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** Whether a server that works does not take the credentials; one that is starting refuses in other words. */
function isRefused(error: unknown): boolean {
  return isSessionGone(error) || (error instanceof LoginError && error.code === "WRONG_CREDENTIALS");
}
