/** Who has logged in: sessions of OMERO, each with a connection that all calls of its user share. */
import { createHash, randomBytes } from "node:crypto";
import { connectFrom } from "../../connect/connect-to-omero.js";
import type { Surroundings } from "../../connect/credentials/credentials.js";
import type { ConnectOptions, OmeroConnection } from "../../connect/index.js";
import { DataError, LoginError } from "../../errors.js";
import { inBackground, keepUnlessFailed } from "../../flow/failures.js";
import { Turns } from "../../flow/turns.js";
import type { Credentials } from "./credentials.js";

/** A user of this server. */
export interface FlightSession {
  readonly connection: OmeroConnection;
  /** Calls in work. */
  calls: number;
  /** Streams that have ended here, and of which the client has not taken all. */
  unread: number;
  /** When the last call ended, in milliseconds. */
  lastUsed: number;
}

export interface SessionsOptions {
  /** Where users log in; nobody does without it. */
  readonly login: Pick<ConnectOptions, "server" | "port" | "tls"> | undefined;
  /** Whoever has the token works in the session of the connection. */
  readonly shared: { readonly token: string; readonly connection: OmeroConnection } | undefined;
  /** Seconds without a call after which a user is logged out. */
  readonly idleTimeout: number;
}

/** Log-ins at a time: each wrong one takes an OMERO server three seconds. */
const LOGINS = 4;
const MOST_SESSIONS = 256;
const LOOK_EVERY = 10_000;
const TOKEN_BYTES = 32;
const OMERO_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A user brings all that is needed: nothing of this process's own is used for anybody. */
const NOWHERE: Surroundings = { env: {}, home: "/nonexistent", platform: process.platform, ask: undefined };

export class FlightSessions {
  readonly #options: SessionsOptions;
  /** By the hash of what they logged in with, so that comparing takes the same time whatever is sent. */
  readonly #sessions = new Map<string, Promise<FlightSession>>();
  /** Sessions' keys in the former, by the hash of the token that was given for them. */
  readonly #tokens = new Map<string, string>();
  readonly #logins = new Turns(LOGINS);
  readonly #timer: NodeJS.Timeout;
  readonly #shared: string | undefined;

  constructor(options: SessionsOptions) {
    this.#options = options;
    const { shared } = options;
    if (shared !== undefined) {
      this.#shared = hashOf(shared.token);
      this.#sessions.set(this.#shared, Promise.resolve(newSession(shared.connection)));
    }
    this.#timer = setInterval(() => inBackground(this.#endIdle()), LOOK_EVERY).unref();
  }

  /**
   * The session of whoever sends these credentials, which are checked by the OMERO server.
   * @throws LoginError; DataError `LIMIT_EXCEEDED` for too many sessions; what `connectToOmero` throws
   */
  async of(credentials: Credentials, signal?: AbortSignal): Promise<FlightSession> {
    if (credentials.kind === "password") return this.#passwordSession(credentials, signal);
    const { token } = credentials;
    const hash = hashOf(token);
    const known = this.#sessions.get(this.#tokens.get(hash) ?? hash);
    if (known !== undefined) return known;
    if (!OMERO_KEY.test(token)) throw unknownToken();
    return this.#open(hash, { sessionKey: token }, signal);
  }

  /** Logs in, and gives a token that stands for the session. @throws as {@link of} */
  async logIn(credentials: Credentials, signal?: AbortSignal): Promise<string> {
    await this.of(credentials, signal);
    if (credentials.kind === "token") return credentials.token;
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    this.#tokens.set(hashOf(token), proofOf(credentials));
    return token;
  }

  /** Ends a session: its tokens are worth nothing any more. One that is shared goes on. */
  async logOut(session: FlightSession): Promise<void> {
    for (const [key, kept] of this.#sessions) {
      if (key !== this.#shared && (await kept) === session) await this.#end(key, session);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const [key, kept] of this.#sessions) if (key !== this.#shared) await this.#end(key, await kept);
  }

  #passwordSession(credentials: Credentials & { kind: "password" }, signal?: AbortSignal): Promise<FlightSession> {
    const { username, password } = credentials;
    if (username === "" || password === "") {
      throw new LoginError("MISSING_CREDENTIALS", "A user name and a password are needed");
    }
    const key = proofOf(credentials);
    return this.#sessions.get(key) ?? this.#open(key, { username, password }, signal);
  }

  #open(key: string, who: ConnectOptions, signal?: AbortSignal): Promise<FlightSession> {
    if (this.#sessions.size >= MOST_SESSIONS) {
      throw new DataError("LIMIT_EXCEEDED", `${MOST_SESSIONS} users are logged in, which is all there may be`);
    }
    return keepUnlessFailed(this.#sessions, key, this.#connect(key, who, signal));
  }

  async #connect(key: string, who: ConnectOptions, signal?: AbortSignal): Promise<FlightSession> {
    const { login } = this.#options;
    if (login === undefined) throw unknownToken();
    const turn = await this.#logins.take("Logging in", signal);
    try {
      const options = { ...login, ...who, interactive: false, allowToken: false, agent: "omero2frame flight" };
      const session = newSession(await connectFrom(NOWHERE, options));
      session.connection.on("closed", () => this.#forget(key));
      return session;
    } finally {
      turn.end();
    }
  }

  #forget(key: string): void {
    this.#sessions.delete(key);
    for (const [token, of] of this.#tokens) if (of === key) this.#tokens.delete(token);
  }

  async #end(key: string, session: FlightSession): Promise<void> {
    this.#forget(key);
    await session.connection.close();
  }

  async #endIdle(): Promise<void> {
    const before = Date.now() - this.#options.idleTimeout * 1000;
    for (const [key, kept] of this.#sessions) {
      const session = await kept;
      const isIdle = session.calls === 0 && session.lastUsed < before;
      if (isIdle && key !== this.#shared) await this.#end(key, session);
    }
  }
}

function newSession(connection: OmeroConnection): FlightSession {
  return { connection, calls: 0, unread: 0, lastUsed: Date.now() };
}

function proofOf({ username, password }: Credentials & { kind: "password" }): string {
  return hashOf(JSON.stringify([username, password]));
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function unknownToken(): LoginError {
  return new LoginError("WRONG_CREDENTIALS", "This token is of no session: log in by Handshake with name and password");
}
