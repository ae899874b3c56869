/**
 * Who logs in, where and with what. Sources in order: options, environment, sessions stored by `omero login`, the user
 * token, and a prompt on a terminal that asks only for what is missing.
 */
import { homedir } from "node:os";
import { ArgumentError, LoginError } from "../../errors.js";
import { Secret } from "../../flow/secret.js";
import {
  formatAddress,
  isPlain,
  parsePort,
  parseServerAddress,
  type ServerAddress,
  sameServer,
} from "../server-address.js";
import { type Ask, terminalAsk } from "./prompt.js";
import { findStoredSessions, sessionsDirectory } from "./session-store.js";
import { readUserToken, userTokenPath } from "./user-token.js";

export interface CredentialOptions {
  /** `host`, `host:port`, `[IPv6]:port`, `ssl://`, `tcp://` or `ws(s)://host:port/path`. */
  readonly server?: string | undefined;
  /** Default 4064; 4063 for plain tcp. */
  readonly port?: number | undefined;
  /** Log-in name. Default: from the environment, a stored session or a prompt. */
  readonly username?: string | undefined;
  /** Password. Default: from the environment or a prompt; it is in no error and no log. */
  readonly password?: string | undefined;
  /** Key of a running session to join; takes precedence over `username` and `password`. Default: from the environment. */
  readonly sessionKey?: string | undefined;
  /** Name or id; -1 for all groups. */
  readonly group?: string | number | bigint | undefined;
  /** Use plain tcp where `server` names no protocol. */
  readonly plain?: boolean | undefined;
  /** Look for the token of omero-user-token. Default true. */
  readonly allowToken?: boolean | undefined;
  /** Ask on the terminal for what is missing. Default true. */
  readonly interactive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What surrounds the process; replaced in tests. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Undefined where nobody can be asked. */
  readonly ask: Ask | undefined;
}

export type LoginSource = "options" | "environment" | "omero login" | "user token" | "prompt";

export type LoginMethod =
  | { readonly kind: "password"; readonly username: string; readonly password: Secret }
  | { readonly kind: "session"; readonly sessionKey: Secret };

/** One way to log in. */
export interface LoginCandidate {
  readonly source: LoginSource;
  readonly address: ServerAddress;
  readonly method: LoginMethod;
  /** Group to work in: name or id. */
  readonly group: string | undefined;
  /** When the next source may be tried: never for what was given, else by what went wrong. */
  readonly passOver: "never" | "refused" | "refused or unreachable";
}

/** What options and environment give together, before anything is looked for. */
interface Given {
  readonly address: ServerAddress | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly sessionKey: string | undefined;
  readonly group: string | undefined;
  readonly source: "options" | "environment";
  readonly remarks: readonly string[];
}

export function processSurroundings(): Surroundings {
  return { env: process.env, home: homedir(), platform: process.platform, ask: terminalAsk() };
}

/** Times a person may mistype the password, as with `omero login`. */
const PROMPT_ATTEMPTS = 3;

/**
 * The ways to log in, best first; each is looked for only when the one before was refused. A caller reports a refusal
 * by asking for the next candidate with the reason.
 *
 * The environment is `OMERO_HOST`, `OMERO_PORT`, `OMERO_USER`, `OMERO_PASSWORD` (or `OMERO_PASS`), `OMERO_SESSION_KEY`,
 * `OMERO_GROUP` and `OMERO_SECURE` (true: refuse unencrypted addresses that options did not ask for). Its user, password and
 * session belong to its host and are not sent to another server given as an option, nor its password for another user. Its
 * session is joined where options name no user.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` for options or environment variables that make no sense.
 * @throws LoginError `MISSING_CREDENTIALS` when no source is left; the message lists what was looked at.
 */
export async function* loginCandidates(
  options: CredentialOptions,
  surroundings: Surroundings,
): AsyncGenerator<LoginCandidate, never, string | undefined> {
  const given = combine(options, surroundings.env);
  const looked: string[] = [...given.remarks];
  const method = givenMethod(given);
  if (given.address && method) {
    yield { source: given.source, address: given.address, method, group: given.group, passOver: "never" };
  }
  const others = [storedCandidates(given, surroundings), tokenCandidates(given, options, surroundings)];
  for (const candidates of others) {
    let next = await candidates.next();
    while (!next.done) {
      const refusal = yield next.value;
      looked.push(`${describe(next.value)}: ${refusal ?? "refused"}`);
      next = await candidates.next();
    }
    looked.push(next.value);
  }
  const ask = options.interactive === false ? undefined : surroundings.ask;
  if (ask) yield* promptedCandidates(given, options, ask);
  looked.push(
    options.interactive === false ? "prompt (interactive: false)" : "prompt (stdin and stderr are no terminal)",
  );
  throw new LoginError(
    "MISSING_CREDENTIALS",
    `no way to log in was found. Looked at ${looked.join("; ")}. ` +
      "Give server with username and password, or server with sessionKey, or run `omero login`",
    given.address ? { host: given.address.host, port: given.address.port } : {},
  );
}

type AddressOptions = Pick<CredentialOptions, "server" | "port" | "plain">;

/**
 * The server that options name, else the environment; undefined where neither does.
 * @throws ArgumentError `INVALID_ARGUMENT` for options or environment variables that make no sense
 */
export function givenServer(options: AddressOptions, env: Surroundings["env"]): ServerAddress | undefined {
  const { optionAddress, envAddress } = givenAddresses(options, env);
  return optionAddress ?? envAddress;
}

function givenAddresses(options: AddressOptions, env: Surroundings["env"]) {
  const { server, port, plain } = options;
  const envAddress = env.OMERO_HOST ? environmentAddress(env, options) : undefined;
  const optionAddress = server
    ? parseServerAddress(server, { port, plain, fallbackPort: environmentPort(server, env, envAddress) })
    : undefined;
  return { optionAddress, envAddress };
}

function combine(options: CredentialOptions, env: Surroundings["env"]): Given {
  const { optionAddress, envAddress } = givenAddresses(options, env);
  const sameHost = !optionAddress || !envAddress || sameServer(optionAddress, envAddress);
  const envUser = sameHost ? env.OMERO_USER || undefined : undefined;
  const sameUser = !options.username || !envUser || options.username === envUser;
  const envPassword = sameHost && sameUser ? env.OMERO_PASSWORD || env.OMERO_PASS || undefined : undefined;
  const named = options.username !== undefined || options.password !== undefined;
  const envSession = sameHost && !named ? env.OMERO_SESSION_KEY?.trim() || undefined : undefined;
  const hasOptions = options.sessionKey !== undefined || options.password !== undefined;
  return {
    address: optionAddress ?? envAddress,
    username: options.username || envUser,
    password: options.password ?? envPassword,
    sessionKey: options.sessionKey || envSession,
    group: options.group === undefined ? env.OMERO_GROUP || undefined : String(options.group),
    source: hasOptions ? "options" : "environment",
    remarks: [
      `options (${listGiven(options)})`,
      sameHost ? `environment (${listSet(env)})` : "environment (OMERO_HOST names another server)",
    ],
  };
}

/** The port of an address that names one. */
const OWN_PORT = /:\d+(?:\/|$)/;

function environmentAddress(env: Surroundings["env"], options: AddressOptions): ServerAddress {
  const { server, plain } = options;
  try {
    const fallbackPort = env.OMERO_PORT ? parsePort(env.OMERO_PORT) : undefined;
    // A port given with a server is that server's.
    const port = server !== undefined && OWN_PORT.test(env.OMERO_HOST!) ? undefined : options.port;
    const address = parseServerAddress(env.OMERO_HOST!, { port, plain, fallbackPort });
    if (isPlain(address) && !plain && isTrue(env.OMERO_SECURE)) {
      throw new ArgumentError("INVALID_ARGUMENT", `${formatAddress(address)} is not encrypted but OMERO_SECURE is set`);
    }
    return address;
  } catch (error) {
    const message = `OMERO_HOST or OMERO_PORT: ${(error as Error).message}`;
    throw new ArgumentError("INVALID_ARGUMENT", message, { cause: error });
  }
}

/** `OMERO_PORT` for a server given as option: it counts unless `OMERO_HOST` is another host. */
function environmentPort(server: string, env: Surroundings["env"], envAddress: ServerAddress | undefined) {
  if (!env.OMERO_PORT) return undefined;
  const { host } = parseServerAddress(server);
  return !envAddress || envAddress.host.toLowerCase() === host.toLowerCase() ? parsePort(env.OMERO_PORT) : undefined;
}

function givenMethod(given: Given): LoginMethod | undefined {
  if (given.sessionKey) return { kind: "session", sessionKey: new Secret(given.sessionKey) };
  if (given.username === undefined || given.password === undefined) return undefined;
  return { kind: "password", username: given.username, password: new Secret(given.password) };
}

/** Sessions of `omero login`; returns what to say of them if none is left. */
async function* storedCandidates(
  given: Given,
  { env, home, platform }: Surroundings,
): AsyncGenerator<LoginCandidate, string> {
  if (given.sessionKey) return "stored sessions (not looked for: a session key is given)";
  const { address: server, username, group } = given;
  const found = await findStoredSessions(sessionsDirectory(env, home, platform), { server, username, group });
  for (const { address, sessionKey } of found.sessions) {
    yield foundCandidate("omero login", given, address, sessionKey);
  }
  return `stored sessions (${found.remarks.join(", ") || "all tried"})`;
}

/** The user token, unless it is for another server or somebody else may be asked for. */
async function* tokenCandidates(
  given: Given,
  options: CredentialOptions,
  { env, home }: Surroundings,
): AsyncGenerator<LoginCandidate, string> {
  if (options.allowToken === false) return "user token (allowToken: false)";
  if (given.sessionKey) return "user token (not looked for: a session key is given)";
  if (given.username) return "user token (not looked for: a user name is given)";
  const token = await readUserToken(userTokenPath(env, home));
  if (typeof token === "string") return `user token (${token})`;
  if (given.address && !sameServer(given.address, token.address)) {
    return `user token (it is for ${formatAddress(token.address)})`;
  }
  yield foundCandidate("user token", given, token.address, token.sessionKey);
  return "user token (tried)";
}

/** A session found for the server asked for, or for whichever server it names. */
function foundCandidate(source: LoginSource, given: Given, address: ServerAddress, sessionKey: Secret): LoginCandidate {
  return {
    source,
    address: given.address ?? address,
    method: { kind: "session", sessionKey },
    group: given.group,
    passOver: given.address ? "refused" : "refused or unreachable",
  };
}

/** What a person answers; three times, for passwords are mistyped. The last one is not passed over. */
async function* promptedCandidates(
  given: Given,
  options: CredentialOptions,
  ask: Ask,
): AsyncGenerator<LoginCandidate, void, string | undefined> {
  const { signal, port, plain } = options;
  const address = given.address ?? parseServerAddress(await ask({ text: "OMERO server" }, signal), { port, plain });
  const where = formatAddress(address);
  let { username, password } = given;
  let method = givenMethod(given);
  let notice: string | undefined;
  for (let attempt = 1; attempt <= PROMPT_ATTEMPTS; attempt++) {
    if (!method) {
      if (given.username === undefined) {
        username = await ask({ text: `User name on ${where}`, fallback: username, notice }, signal);
        notice = undefined;
      }
      password ??= await ask({ text: `Password of ${username} on ${where}`, hidden: true, notice }, signal);
      method = { kind: "password", username: username!, password: new Secret(password) };
    }
    const passOver = attempt < PROMPT_ATTEMPTS ? "refused" : "never";
    notice = yield { source: "prompt", address, method, group: given.group, passOver };
    method = undefined;
    password = undefined;
  }
}

function describe(candidate: LoginCandidate): string {
  return `${candidate.source} for ${formatAddress(candidate.address)}`;
}

function listGiven(options: CredentialOptions): string {
  const names = (["server", "username", "password", "sessionKey"] as const).filter((name) => options[name]);
  return names.length === 0 ? "none given" : `${names.join(", ")} given`;
}

function listSet(env: Surroundings["env"]): string {
  const names = ["OMERO_HOST", "OMERO_USER", "OMERO_PASSWORD", "OMERO_PASS", "OMERO_SESSION_KEY"].filter(
    (name) => env[name],
  );
  return names.length === 0 ? "OMERO_HOST, OMERO_USER and OMERO_PASSWORD are not set" : `${names.join(", ")} set`;
}

function isTrue(text: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(text ?? "");
}
