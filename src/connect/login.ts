/**
 * One log-in: a connection to the Glacier2 router and a session on it. A lost one is never repaired; another takes its
 * place.
 */
import { randomUUID } from "node:crypto";
import { ConnectionError, LoginError, ServerError, TimeoutError } from "../errors.js";
import { sleepUnlessAborted } from "../flow/abort.js";
import { clearUp, ifPossible, inBackground } from "../flow/failures.js";
import { beginCleaning } from "../flow/process/cleaning.js";
import { Secret } from "../flow/secret.js";
import type { LoginMethod } from "./credentials/credentials.js";
import { withinLimits } from "./ice/client/call-limits.js";
import { createIceClient, type IceClient } from "./ice/client/ice-client.js";
import { IceUserException } from "./ice/codec/ice-exception.js";
import type { ProxyRef } from "./ice/codec/proxy-ref.js";
import type { Router, ServiceFactory } from "./ice/schema/omero.js";
import type { TlsMode } from "./ice/transport/tls-mode.js";
import { formatAddress, type ServerAddress } from "./server-address.js";

export interface LoginTarget {
  readonly address: ServerAddress;
  readonly tls: TlsMode | undefined;
  /** Milliseconds for the connection and, again, for the session. */
  readonly connectTimeout: number;
  /** Milliseconds without a sign of life, where one is due, after which the connection is lost. */
  readonly stallTimeout: number | undefined;
  /** What the server's list of sessions shows as the client. */
  readonly agent: string;
}

export interface Login {
  readonly client: IceClient;
  readonly factory: ServiceFactory;
  readonly factoryProxy: ProxyRef;
  /** Names the session; whoever knows it can join. */
  readonly sessionKey: Secret;
}

const ATTEMPTS = 3;
/** Times as long as a log-in may take is a session waited for that nobody wants any more, so that it can be ended. */
const PATIENCE = 3;
/** Milliseconds to wait at most when the server asks to come back later. */
const LONGEST_BACK_OFF = 5_000;
/** Milliseconds for the farewell of a session. */
const CLOSING_TIMEOUT = 3_000;

/**
 * Connects and logs in. As OMERO's own clients do, it tries up to three times, but only when the server says that it
 * was a matter of concurrency (`WrappedCreateSessionException`), and when connecting takes too long.
 *
 * The session is detached from the connection, so that it can be joined again after a loss: OMERO would close it
 * together with the connection otherwise. {@link logOut} says whether it is to be closed.
 *
 * @param groupName group to work in; a server takes a name here, not an id.
 * @throws LoginError `WRONG_CREDENTIALS`, `SESSION_EXPIRED`, `LOGIN_REFUSED`
 * @throws ConnectionError @throws AbortError
 */
export async function logIn(
  target: LoginTarget,
  method: LoginMethod,
  groupName: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Login> {
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await logInOnce(target, method, groupName, signal);
    } catch (error) {
      const pause = attempt < ATTEMPTS ? pauseBeforeRetry(error) : undefined;
      if (pause === undefined) throw attempt > 1 ? afterAttempts(error, attempt, performance.now() - began) : error;
      await sleepUnlessAborted(pause, signal, "log-in");
    }
  }
}

/** A host that keeps silent is tried several times, each as long as the error says. */
function afterAttempts(error: unknown, attempts: number, milliseconds: number): unknown {
  if (!(error instanceof ConnectionError && error.code === "CONNECTION_TIMEOUT")) return error;
  const { code, message, host, port, cause } = error;
  const text = `${message}. Given up after ${attempts} attempts, ${Math.round(milliseconds)} ms in all`;
  return new ConnectionError(code, text, { host, port, cause });
}

/** Ends a log-in: closes the session, or leaves it alive for others. Never throws; a server that is gone is no obstacle. */
export async function logOut(login: Login, closeSession: boolean): Promise<void> {
  const options = { timeout: CLOSING_TIMEOUT };
  const endSession = async () => {
    if (closeSession) await login.factory.closeOnDestroy(options);
    // The router ends the connection as its answer.
    await routerOf(login.client).destroySession(options);
  };
  await clearUp(endSession, () => login.client.destroy());
}

/** As {@link logOut}, in what time is left when a process exits: requests go out, answers are not waited for. */
export function logOutNow(login: Login, closeSession: boolean): void {
  if (closeSession) inBackground(login.factory.closeOnDestroy());
  inBackground(routerOf(login.client).destroySession());
}

async function logInOnce(
  { address, tls, connectTimeout, stallTimeout, agent }: LoginTarget,
  method: LoginMethod,
  groupName: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Login> {
  const { host, port, protocol, path } = address;
  const client = await createIceClient({
    host,
    port,
    transport: protocol,
    path: path || "/",
    tls,
    connectTimeout,
    stallTimeout,
    signal,
  });
  client.setContext("omero.client.uuid", randomUUID());
  const context = { "omero.agent": agent, ...(groupName === undefined ? {} : { "omero.group": groupName }) };
  const [user, password] = credentialsOf(method);
  const creating = routerOf(client).createSession(user, password, { context, timeout: PATIENCE * connectTimeout });
  const limits = { signal, timeout: connectTimeout };
  try {
    const proxy = await withinLimits(creating, "Router.createSession", limits);
    return await takeSession(client, proxy, limits);
  } catch (error) {
    const closing = endBegun(client, creating, method);
    // Whoever has given up is not kept until the server closes its end.
    if (!signal?.aborted && !(error instanceof TimeoutError)) await closing;
    throw refusalOf(error, address, method);
  }
}

/** Ends what there is of a log-in that failed or was given up: the session, once the server has made it, and the connection. */
async function endBegun(client: IceClient, creating: Promise<ProxyRef | null>, method: LoginMethod): Promise<void> {
  const endCleaning = beginCleaning();
  try {
    const proxy = await ifPossible(creating);
    if (proxy && client.connected) await endSession(sessionOf(client, proxy), method);
  } finally {
    await clearUp(() => client.destroy());
    endCleaning();
  }
}

/** A session that was joined stays for the others who are in it. */
async function endSession(login: Login, { kind }: LoginMethod): Promise<void> {
  if (kind === "session") await clearUp(() => login.factory.detachOnDestroy({ timeout: CLOSING_TIMEOUT }));
  await logOut(login, kind === "password");
}

function refusalOf(error: unknown, address: ServerAddress, method: LoginMethod): unknown {
  if (error instanceof LoginError) return refusal(error, address, method);
  return method.kind === "session" && isSessionEnding(error) ? endedSession(address, error) : error;
}

/** Whether a session that was joined had just been closed: a server still lets it be joined for a moment. */
export function isSessionEnding(error: unknown): boolean {
  return error instanceof ServerError && error.code === "NO_SUCH_OBJECT";
}

/** The error for a session that cannot be joined any more. */
export function endedSession(address: ServerAddress, cause: unknown): LoginError {
  const text = `${formatAddress(address)} has just ended this session, which could still be joined: log in again`;
  return new LoginError("SESSION_EXPIRED", text, { host: address.host, port: address.port, cause });
}

async function takeSession(
  client: IceClient,
  proxy: ProxyRef | null,
  options: { signal: AbortSignal | undefined; timeout: number },
): Promise<Login> {
  if (!proxy) throw new ConnectionError("NOT_OMERO", "the server accepted the log-in but gave no session");
  const login = sessionOf(client, proxy);
  await login.factory.detachOnDestroy(options);
  return login;
}

function sessionOf(client: IceClient, factoryProxy: ProxyRef): Login {
  const factory = client.service<ServiceFactory>(factoryProxy, "::omero::api::ServiceFactory");
  const sessionKey = new Secret(factoryProxy.identity.name);
  client.setContext("omero.session.uuid", sessionKey.reveal());
  return { client, factory, factoryProxy, sessionKey };
}

function routerOf(client: IceClient): Router {
  return client.service<Router>(client.router, "::Glacier2::Router");
}

/** A session is joined with its key as user and as password. */
function credentialsOf(method: LoginMethod): [string, string] {
  if (method.kind === "password") return [method.username, method.password.reveal()];
  return [method.sessionKey.reveal(), method.sessionKey.reveal()];
}

/** The same refusal, saying who was refused where. */
function refusal(error: LoginError, address: ServerAddress, method: LoginMethod): LoginError {
  const { code, message, serverException, cause } = error;
  const details = { host: address.host, port: address.port, serverException, cause };
  const server = formatAddress(address);
  if (code === "WRONG_CREDENTIALS" && isVerifierDown(cause)) {
    const text = `${server} cannot check log-ins at the moment: it may be starting`;
    return new LoginError("LOGIN_REFUSED", text, details);
  }
  if (code !== "WRONG_CREDENTIALS" && !(method.kind === "session" && isUnknownSession(cause))) {
    return new LoginError(code, `${server} refuses the log-in: ${message}`, details);
  }
  if (method.kind === "session") {
    const text = `${server} knows no such session: it has expired, was closed or is another server's; log in again`;
    return new LoginError("SESSION_EXPIRED", text, details);
  }
  const text = `${server} refuses user "${method.username}": check user name and password`;
  return new LoginError("WRONG_CREDENTIALS", text, details);
}

/** OMERO takes the key of a session that has idled out for the name of a user, whose group it cannot find. */
function isUnknownSession(cause: unknown): boolean {
  return cause instanceof IceUserException && /can't find default group for/i.test(String(cause.members.reason));
}

/** Glacier2 denies permission in these words when it cannot reach what checks passwords. */
function isVerifierDown(cause: unknown): boolean {
  return cause instanceof IceUserException && cause.members.reason === "internal server error";
}

/** Milliseconds to wait before another attempt; undefined where another would be in vain. */
function pauseBeforeRetry(error: unknown): number | undefined {
  if (error instanceof ConnectionError) return error.code === "CONNECTION_TIMEOUT" ? 0 : undefined;
  const exception = error instanceof LoginError ? error.cause : undefined;
  if (!(exception instanceof IceUserException) || exception.members.concurrency !== true) return undefined;
  return Math.min(LONGEST_BACK_OFF, Math.max(0, Number(exception.members.backOff)));
}
