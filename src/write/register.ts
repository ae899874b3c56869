/**
 * Registers a TileDB array, which the server can see at a path of its own, as a table of OMERO Plus. The exchange is that of
 * omero2pandas (`omero2pandas/remote.py`): a CSRF token, then one POST with it, the session and the array's secret token.
 */
import { isIPv6 } from "node:net";
import type { OmeroConnection } from "../connect/connection.js";
import { ArgumentError, LoginError, type OmeroError, ServerError, TableError } from "../errors.js";
import { exchange, type HttpAnswer } from "./http-exchange.js";

export interface RegisterOptions {
  readonly tableName: string;
  /** What the table is attached to, for example `[["Image", 101n]]`. */
  readonly links: readonly (readonly [type: string, id: number | bigint])[];
  /** The secret token `createTileDB` gave. */
  readonly token: string;
  /** Path under which the web server is mounted, for example `/omero`. Default none. */
  readonly prefix?: string | undefined;
  /** Address of the web server, with port if need be; the connection's host unless given. `http://` only if written out. */
  readonly server?: string | undefined;
  /** Certificate authorities (PEM) of a web server that has its own. */
  readonly ca?: string | Buffer | undefined;
  /** Milliseconds for each of the two requests. Default 30,000. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const CSRF_ENDPOINT = "/api/v0/token";
const REGISTER_ENDPOINT = "/omero_plus/api/v0/table";

/**
 * Registers the array at `remotePath`, a path as the server sees it, which is passed on untouched. Gives the id of the
 * FileAnnotation.
 *
 * @throws ArgumentError `INVALID_ARGUMENT`; ConnectionError; TimeoutError; LoginError `LOGIN_REFUSED` where the web server
 *   refuses the session; TableError `UPLOAD_FAILED` where OMERO Plus refuses the table or is not there.
 */
export async function registerTable(
  connection: OmeroConnection,
  remotePath: string,
  options: RegisterOptions,
): Promise<bigint> {
  const { tableName, links, token, prefix = "", ca, timeout = 30_000, signal } = options;
  check(remotePath, options);
  const web = webServer(options.server ?? connection.server.host);
  const base = `${web.origin}${normalisePrefix(prefix)}`;
  const common = { ca, timeout, signal };
  const csrf = await exchange({ url: new URL(base + CSRF_ENDPOINT), method: "GET", ...common });
  const secrets = [token, connection.session.uuid];
  const csrfToken = jsonOf(csrf, { what: "the request for a CSRF token", remotePath, secrets }).data;
  if (typeof csrfToken !== "string") throw notUnderstood("the request for a CSRF token");
  const url = new URL(base + REGISTER_ENDPOINT);
  url.searchParams.set("bsession", connection.session.uuid);
  const answer = await exchange({
    url,
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-SecretToken": token,
      "X-CSRFToken": csrfToken,
      Referer: web.origin,
      ...cookies(csrf),
    },
    body: JSON.stringify({ uri: remotePath, name: tableName, targets: links.map(([type, id]) => `${type}:${id}`) }),
    ...common,
  });
  const data = jsonOf(answer, { what: "the registration", remotePath, secrets }).data as
    | { file_annotation?: unknown }
    | undefined;
  const annotation = data?.file_annotation;
  if (!Number.isSafeInteger(annotation)) throw notUnderstood("the registration");
  return BigInt(annotation as number);
}

function check(remotePath: string, { tableName, token, links }: RegisterOptions): void {
  const complain = (message: string) => new ArgumentError("INVALID_ARGUMENT", `registerTable: ${message}`);
  if (remotePath === "") throw complain("the remote path is empty; give the array's path as the server sees it");
  if (tableName === "") throw complain("the table's name is empty");
  if (token === "") throw complain("the token is empty; createTileDB gives it");
  if (!/^[\x21-\x7e]+$/.test(token))
    throw complain("the token holds characters that cannot be sent; createTileDB gives it");
  for (const [type, id] of links) {
    if (!/^[A-Za-z]+$/.test(type)) throw complain(`"${type}" is no type of object; write for example ["Image", 101]`);
    if (typeof id === "number" && !Number.isSafeInteger(id)) throw complain(`${type}:${id} is no id`);
  }
}

/** @throws ArgumentError `INVALID_ARGUMENT` where `server` is no address. */
function webServer(server: string): URL {
  const host = isIPv6(server) ? `[${server}]` : server;
  const address = /^https?:\/\//.test(server) ? server : `https://${host}`;
  try {
    return new URL(address);
  } catch (cause) {
    throw new ArgumentError("INVALID_ARGUMENT", `registerTable: "${server}" is no web address`, { cause });
  }
}

function normalisePrefix(prefix: string): string {
  const trimmed = prefix.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

function cookies({ headers }: HttpAnswer): Record<string, string> {
  const pairs = (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";", 1)[0]!.trim());
  return pairs.length === 0 ? {} : { Cookie: pairs.join("; ") };
}

/** What was asked for, to tell of it when it is refused. */
interface Asked {
  readonly what: string;
  readonly remotePath: string;
  /** What no error may say, even where the server repeats it. */
  readonly secrets: readonly string[];
}

function jsonOf(answer: HttpAnswer, asked: Asked): { data?: unknown } {
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, asked);
  try {
    return JSON.parse(answer.body) as { data?: unknown };
  } catch {
    throw notUnderstood(asked.what);
  }
}

function notUnderstood(what: string): ServerError {
  const message = `the web server's answer to ${what} is not OMERO's; check "server" and "prefix"`;
  return new ServerError("SERVER_FAILURE", message);
}

/** What a refusal means and what to do about it. */
function refusal(answer: HttpAnswer, { what, remotePath, secrets }: Asked): OmeroError {
  const { status } = answer;
  const said = secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), serverMessage(answer));
  const message = (advice: string) =>
    `the web server refused ${what} (HTTP ${status}${said ? `: ${said}` : ""}); ${advice}`;
  if (status >= 300 && status < 400) {
    return new ServerError(
      "SERVER_FAILURE",
      message('redirects are not followed; give the address it names as "server"'),
    );
  }
  if (status === 401) return new LoginError("LOGIN_REFUSED", message("the session may have ended; log in again"));
  if (status === 403) {
    const advice = "the session may not write to what the table is linked to, or the token is not that of the array";
    return new TableError("UPLOAD_FAILED", message(advice), { path: remotePath });
  }
  if (status === 404) {
    const advice = 'only OMERO Plus can register tables: check that it is installed there, and "server" and "prefix"';
    return new TableError("UPLOAD_FAILED", message(advice), { path: remotePath });
  }
  const advice = `check that the server can read the array at ${remotePath} and that the token is that of the array`;
  return new TableError("UPLOAD_FAILED", message(advice), { path: remotePath });
}

function serverMessage({ headers, body }: HttpAnswer): string {
  if (!headers["content-type"]?.startsWith("application/json")) return "";
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? message.slice(0, 500) : "";
  } catch {
    return "";
  }
}
