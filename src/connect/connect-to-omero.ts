import { ConnectionError, invalidArgument, LoginError, ServerError } from "../errors.js";
import { unlessAborted } from "../flow/abort.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { Secret } from "../flow/secret.js";
import { OmeroConnection, type OpenUserSession } from "./connection.js";
import {
  type CredentialOptions,
  type LoginCandidate,
  type LoginMethod,
  loginCandidates,
  processSurroundings,
  type Surroundings,
} from "./credentials/credentials.js";
import type { GroupRef } from "./groups.js";
import type { TlsMode } from "./ice/transport/tls-mode.js";
import { DEFAULT_KEEP_ALIVE } from "./keep-alive.js";
import { LiveSession } from "./live-session.js";
import { endedSession, isSessionEnding, type Login, type LoginTarget, logIn } from "./login.js";
import { formatAddress, type ServerAddress } from "./server-address.js";

/** Where the server is, who logs in, and how. */
export interface ConnectOptions extends Omit<CredentialOptions, "plain"> {
  /**
   * How much encryption is to prove: `"encrypt"` (default, as OMERO's own clients), `"verify"`, `{ ca }` or
   * `{ fingerprint }`; false for plain tcp, port 4063.
   */
  readonly tls?: TlsMode | false | undefined;
  /** Seconds between signs of life, which keep the session from ending for idleness; true is 60, false none. */
  readonly keepAlive?: boolean | number | undefined;
  /** Milliseconds for connecting and, again, for logging in. Default 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds during which a lost connection is tried for. Default 180,000. */
  readonly reconnectTimeout?: number | undefined;
  /**
   * Milliseconds without a sign of life from the server, while an answer is awaited or a message is half-way, after which
   * the connection counts as lost: no answer, and of a large one hardly a byte, 200 a second or fewer; what was sent just before has its time on a slow link besides. Default 60,000. Calls may take any time as long as the server can be reached.
   */
  readonly stallTimeout?: number | undefined;
  /** Milliseconds for each call that has no time limit of its own. Default none: large reads take their time. */
  readonly timeout?: number | undefined;
  /** What the server's list of sessions shows as the client. Default `omero2frame`. */
  readonly agent?: string | undefined;
  /** Gives up connecting. */
  readonly signal?: AbortSignal | undefined;
}

/** The names of {@link ConnectOptions}. */
export const CONNECT_OPTIONS: OptionNames<ConnectOptions> = {
  server: true,
  port: true,
  username: true,
  password: true,
  sessionKey: true,
  group: true,
  allowToken: true,
  interactive: true,
  tls: true,
  keepAlive: true,
  connectTimeout: true,
  reconnectTimeout: true,
  stallTimeout: true,
  timeout: true,
  agent: true,
  signal: true,
};

const DEFAULT_CONNECT_TIMEOUT = 10_000;
const DEFAULT_RECONNECT_TIMEOUT = 180_000;

/**
 * Connects to an OMERO server and logs in. Where, who and with what is taken from the options, the environment, sessions
 * stored by `omero login`, the user token and a prompt, in this order; see {@link CredentialOptions}.
 *
 * The connection keeps itself alive and is re-established when lost: the session is joined again or, if it has ended and
 * was made here with a password, made anew. The password stays in memory for that, and nowhere else.
 *
 * @throws LoginError `MISSING_CREDENTIALS`, `WRONG_CREDENTIALS`, `SESSION_EXPIRED`, `LOGIN_REFUSED`
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `CONNECTION_TIMEOUT`, `TLS_FAILED`, `NOT_OMERO`
 * @throws ArgumentError `INVALID_ARGUMENT` @throws AbortError
 *
 * @example
 * ```ts
 * await using connection = await connectToOmero({ server: "omero.example.org", username: "ann", password });
 * console.log((await connection.getSessionInfo()).groupName);
 * ```
 */
export function connectToOmero(options: ConnectOptions = {}): Promise<OmeroConnection> {
  return connectFrom(processSurroundings(), options);
}

/** As {@link connectToOmero}, with what is looked up besides the options. */
export async function connectFrom(surroundings: Surroundings, options: ConnectOptions): Promise<OmeroConnection> {
  checkOptions(options, CONNECT_OPTIONS, "connectToOmero");
  const settings = checkSettings(options);
  const plain = options.tls === false;
  const { candidate, login } = await firstLogin({ ...options, plain }, settings, surroundings);
  const { address, method, group } = candidate;
  const renew = method.kind === "password" ? renewal(settings, address, method, group) : undefined;
  return openConnection(login, address, group, settings, { owned: renew !== undefined, renew }, options.signal);
}

/** Options with their defaults, checked. */
interface Settings {
  readonly tls: TlsMode | undefined;
  readonly agent: string;
  readonly connectTimeout: number;
  readonly stallTimeout: number | undefined;
  /** Milliseconds. */
  readonly keepAlive: number;
  readonly patience: number;
  readonly callTimeout: number | undefined;
}

interface Ownership {
  readonly owned: boolean;
  readonly renew: ((signal: AbortSignal) => Promise<Login>) | undefined;
}

function checkSettings(options: ConnectOptions): Settings {
  const { keepAlive = true, connectTimeout = DEFAULT_CONNECT_TIMEOUT, agent = "omero2frame" } = options;
  const { reconnectTimeout = DEFAULT_RECONNECT_TIMEOUT, stallTimeout, timeout, tls } = options;
  const seconds = typeof keepAlive === "number" ? keepAlive : keepAlive ? DEFAULT_KEEP_ALIVE : 0;
  if (!(seconds >= 0 && seconds < 2 ** 31 / 1000))
    throw invalidArgument(`keepAlive of ${seconds} seconds: give 0 or more`);
  if (!(connectTimeout > 0)) throw invalidArgument(`connectTimeout of ${connectTimeout} ms: give a positive number`);
  if (!(reconnectTimeout >= 0)) throw invalidArgument(`reconnectTimeout of ${reconnectTimeout} ms: give 0 or more`);
  if (stallTimeout !== undefined && !(stallTimeout > 0 && stallTimeout < 2 ** 31)) {
    throw invalidArgument(`stallTimeout of ${stallTimeout} ms: give a positive number`);
  }
  if (timeout !== undefined && !(timeout > 0))
    throw invalidArgument(`timeout of ${timeout} ms: give a positive number`);
  return {
    tls: tls || undefined,
    agent,
    connectTimeout,
    stallTimeout,
    keepAlive: seconds * 1000,
    patience: reconnectTimeout,
    callTimeout: timeout,
  };
}

async function firstLogin(
  options: CredentialOptions,
  settings: Settings,
  surroundings: Surroundings,
): Promise<{ candidate: LoginCandidate; login: Login }> {
  const candidates = loginCandidates(options, surroundings);
  let candidate = (await candidates.next()).value;
  for (;;) {
    const { address, method, group } = candidate;
    try {
      return {
        candidate,
        login: await logIn(targetOf(settings, address), method, loginGroup(method, group), options.signal),
      };
    } catch (error) {
      if (!mayPassOver(candidate, error)) throw error;
      candidate = (await candidates.next((error as Error).message)).value;
    }
  }
}

function mayPassOver({ passOver }: LoginCandidate, error: unknown): boolean {
  if (error instanceof LoginError) return passOver !== "never";
  return error instanceof ConnectionError && passOver === "refused or unreachable";
}

function openConnection(
  login: Login,
  address: ServerAddress,
  group: GroupRef | undefined,
  settings: Settings,
  { owned, renew }: Ownership,
  signal?: AbortSignal | undefined,
): Promise<OmeroConnection> {
  const { keepAlive, patience, callTimeout } = settings;
  const target = targetOf(settings, address);
  const rejoin = (sessionKey: Secret, signal: AbortSignal) =>
    logIn(target, { kind: "session", sessionKey }, undefined, signal);
  const live = new LiveSession(login, { rejoin, renew, owned, keepAlive, patience, callTimeout });
  const opening = OmeroConnection.open(live, address, group, userSessionOpener(settings, address));
  return orFail(opening, live, address, settings.connectTimeout, signal);
}

/** The connection once it is open; fails, rather than connect again, when something comes between. */
async function orFail(
  opening: Promise<OmeroConnection>,
  live: LiveSession,
  address: ServerAddress,
  connectTimeout: number,
  signal: AbortSignal | undefined,
): Promise<OmeroConnection> {
  const failing = new AbortController();
  const endListening = live.listeners.on("lost", ({ cause }) => failing.abort(cause));
  const timer = setTimeout(() => {
    const text = `the server accepted the log-in but did not say who is logged in within ${connectTimeout} ms`;
    failing.abort(new ConnectionError("CONNECTION_TIMEOUT", text, { host: address.host, port: address.port }));
  }, connectTimeout);
  try {
    return await unlessAborted(unlessAborted(opening, signal, "connecting"), failing.signal, "connecting");
  } catch (error) {
    const closing = live.close();
    // Whoever has given up is not kept until the session has ended.
    if (!signal?.aborted) await closing;
    throw openingFailure(failing.signal.aborted ? failing.signal.reason : error, address);
  } finally {
    clearTimeout(timer);
    endListening();
  }
}

/** What the first calls fail with after a log-in that a server should not have accepted, said as what it is. */
function openingFailure(error: unknown, address: ServerAddress): unknown {
  if (isSessionEnding(error)) return endedSession(address, error);
  if (!(error instanceof ServerError && error.code === "SECURITY_VIOLATION")) return error;
  const { host, port } = address;
  const text = `${formatAddress(address)} lets this user do nothing in the group asked for: the user is not in it; give another group, or none`;
  return new LoginError("LOGIN_REFUSED", text, { host, port, serverException: error.serverException, cause: error });
}

/** Connections as other users: the session is made anew by the administrator's connection when it has ended. */
function userSessionOpener(settings: Settings, address: ServerAddress): OpenUserSession {
  return async (create) => {
    const renew = async (signal?: AbortSignal) => {
      const method: LoginMethod = { kind: "session", sessionKey: new Secret(await create()) };
      return logIn(targetOf(settings, address), method, undefined, signal);
    };
    return openConnection(await renew(), address, undefined, settings, { owned: true, renew });
  };
}

function renewal(settings: Settings, address: ServerAddress, method: LoginMethod, group: string | undefined) {
  return (signal: AbortSignal) => logIn(targetOf(settings, address), method, loginGroup(method, group), signal);
}

/** The group to name when logging in: names only, and only for a new session; a joined one has its group. */
function loginGroup(method: LoginMethod, group: string | undefined): string | undefined {
  return method.kind === "password" && group !== undefined && !/^(-1|\d+)$/.test(group) ? group : undefined;
}

function targetOf({ tls, agent, connectTimeout, stallTimeout }: Settings, address: ServerAddress): LoginTarget {
  return { address, tls, agent, connectTimeout, stallTimeout };
}
