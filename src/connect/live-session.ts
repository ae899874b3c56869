import { LoginError } from "../errors.js";
import { inBackground } from "../flow/failures.js";
import { Listeners } from "../flow/listeners.js";
import type { Secret } from "../flow/secret.js";
import type { ProxyCodec } from "./ice/codec/proxy-ref.js";
import { KeepAlive, ping } from "./keep-alive.js";
import { type Login, logOut, logOutNow } from "./login.js";
import { ReconnectingLink } from "./reconnect.js";
import { isSessionGone, RemoteCalls } from "./remote/remote-calls.js";

/** What a connection tells of its session. */
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

/**
 * The session behind a connection and all its views: one log-in at a time, replaced when it is lost. Calls go to
 * whichever log-in there is; those that may be repeated survive a loss.
 */
export class LiveSession {
  readonly listeners = new Listeners<SessionEvents>();
  readonly calls: RemoteCalls;
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
      release: (lost) => inBackground(lost.client.destroy()),
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
    this.calls = new RemoteCalls(this.#link, {
      proxyCodec: () => this.#proxyCodec,
      onLost: (lost, cause) => this.#lost(lost, cause),
      callTimeout: options.callTimeout,
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

  /** Logs out. Calls in flight fail with `CONNECTION_CLOSED`. May be called again. @param session default: ends if it was made here */
  close(session?: "keep" | "end"): Promise<void> {
    this.#closing ??= this.#close(session === undefined ? this.#options.owned : session === "end");
    return this.#closing;
  }

  /** Sends the farewell without waiting; for the exit of the process. */
  closeNow(): void {
    if (this.#closing) return;
    this.#closing = Promise.resolve();
    const login = this.#link.close();
    if (login) logOutNow(login, this.#options.owned);
  }

  async #close(endSession: boolean): Promise<void> {
    this.#keepAlive?.stop();
    const login = this.#link.close();
    if (login) await logOut(login, endSession);
    this.listeners.tell("closed", {});
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

/** Whether a server that works does not take the credentials; one that is starting refuses in other words. */
function isRefused(error: unknown): boolean {
  return isSessionGone(error) || (error instanceof LoginError && error.code === "WRONG_CREDENTIALS");
}
