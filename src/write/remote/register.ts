/**
 * Registers a TileDB array, which the server can see at a path of its own, as a table of OMERO Plus. The exchange is that of
 * omero2pandas (`omero2pandas/remote.py`): a CSRF token, then one POST with it, the session and the array's secret token.
 */

import type { OmeroConnection } from "../../connect/connection.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../../connect/connection-option.js";
import { invalidArgument, throwIfAborted } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { Secret } from "../../flow/secret.js";
import type { LinkTarget } from "../../gateway/links.js";
import { LINK_OPTIONS, type LinkOptions, linkTargets } from "../../gateway/links.js";
import { cookieHeader } from "./http-cookies.js";
import { exchange, type HttpAnswer } from "./http-exchange.js";
import { answerData, notUnderstood, UNKNOWN_OUTCOME } from "./register-answers.js";
import { type OmeroWeb, WEB_SERVER_OPTIONS, type WebServerOptions, webServer } from "./web-server.js";

/** What to register, and with what it is linked. */
export interface RegisterOptions extends LinkOptions, WebServerOptions {
  /** Name of the table. */
  readonly tableName: string;
  /** The secret token `createTileDB` gave. Needed unless `localPath` is given. */
  readonly token?: string | undefined;
  /** Path of the array on this machine, whose secret token is taken from there. */
  readonly localPath?: string | undefined;
  /** Path under which the web server has OMERO, for example `/omero`. Default none. */
  readonly prefix?: string | undefined;
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

/** All that registering takes, in one object. */
export interface RegisterTableOptions extends ConnectionOption, Omit<RegisterOptions, keyof WebServerOptions> {
  /** Path of the array as the server sees it, passed on untouched. */
  readonly remotePath: string;
  /** The web server, where it is not that of the OMERO server's host with a certificate that can be verified. */
  readonly web?: WebServerOptions | undefined;
}

const OPTIONS: OptionNames<Omit<RegisterOptions, keyof WebServerOptions>> = {
  ...LINK_OPTIONS,
  tableName: true,
  token: true,
  localPath: true,
  prefix: true,
  signal: true,
};
const REGISTER_OPTIONS: OptionNames<RegisterTableOptions> = {
  ...CONNECTION_OPTIONS,
  ...OPTIONS,
  remotePath: true,
  web: true,
};

const CSRF_ENDPOINT = "/api/v0/token";
const REGISTER_ENDPOINT = "/omero_plus/api/v0/table";

/**
 * Registers the array at `remotePath`, a path as the server sees it, which is passed on untouched. Gives the id of the
 * FileAnnotation that attaches it to `parentId` and `links`.
 *
 * Requests are never repeated. Where no clear answer came to the one that registers, the error says so.
 *
 * @throws ArgumentError `INVALID_ARGUMENT`; with `localPath` also FileError, TableError `NOT_A_TABLE` and DataError
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `CONNECTION_TIMEOUT`, `TLS_FAILED`, `NOT_OMERO`,
 *   `CONNECTION_LOST`; TimeoutError; AbortError
 * @throws LoginError `LOGIN_REFUSED` where the web server does not know the session; TableError `UPLOAD_FAILED` where
 *   OMERO Plus refuses the table or is not there; ServerError `SERVER_FAILURE` for what is not its answer
 *
 * @example
 * ```ts
 * const remotePath = "/data/tables/cells.tiledb";
 * await registerTable({ connection, remotePath, tableName: "Cells", parentId: 101, token });
 * ```
 */
export function registerTable(options: RegisterTableOptions): Promise<number>;
export function registerTable(
  connection: OmeroConnection,
  remotePath: string,
  options: RegisterOptions,
): Promise<number>;
export async function registerTable(
  first: OmeroConnection | RegisterTableOptions,
  remotePath?: string,
  options?: RegisterOptions,
): Promise<number> {
  if (remotePath !== undefined || options !== undefined) {
    const positional = options ?? ({} as RegisterOptions);
    checkOptions(positional, { ...OPTIONS, ...WEB_SERVER_OPTIONS }, "registerTable");
    return register(first as OmeroConnection, remotePath!, positional);
  }
  const given = first as RegisterTableOptions;
  checkOptions(given, REGISTER_OPTIONS, "registerTable");
  const { tableName, token, localPath, prefix, signal, parent, parentId, parentType, links, web = {} } = given;
  const asked = { tableName, token, localPath, prefix, signal, parent, parentId, parentType, links, ...web };
  checkOptions(web, WEB_SERVER_OPTIONS, "web of registerTable");
  checkRegistration(given.remotePath, asked);
  return withConnection(given, (connection) => register(connection, given.remotePath, asked));
}

async function register(connection: OmeroConnection, remotePath: string, options: RegisterOptions): Promise<number> {
  const { tableName, prefix, signal } = options;
  const targets = checkRegistration(remotePath, options);
  const web = webServer(connection.server.host, prefix, options);
  throwIfAborted(signal, "registerTable");
  const token = await tokenOf(options);
  return new Registration(connection, web, signal).register({ tableName, remotePath, targets, token });
}

/** What can be checked before there is a connection. @throws ArgumentError `INVALID_ARGUMENT` */
function checkRegistration(remotePath: string, options: RegisterOptions): LinkTarget[] {
  checkRemotePath(remotePath);
  const { tableName } = options;
  if (typeof tableName !== "string" || tableName.trim() === "") throw invalidArgument("The table needs a name");
  return linkTargets(options);
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkRemotePath(remotePath: string): void {
  if (typeof remotePath === "string" && remotePath.trim() !== "") return;
  throw invalidArgument("the remote path is empty; give the array's path as the server sees it");
}

async function tokenOf({ token, localPath }: RegisterOptions): Promise<Secret> {
  if ((token === undefined) === (localPath === undefined)) {
    throw invalidArgument("give either the token that createTileDB gave, or localPath, the array it is in");
  }
  const text = token ?? (await (await import("../../formats/tiledb/index.js")).readSecretToken(localPath!));
  if (typeof text === "string" && isHeaderText(text)) return new Secret(text);
  throw invalidArgument("the token is empty or holds characters that cannot be sent; createTileDB gives it");
}

/** A table to be registered. */
export interface RegisteredTable {
  readonly tableName: string;
  readonly remotePath: string;
  readonly targets: readonly LinkTarget[];
  readonly token: Secret;
}

/** The way to the web server, for the session that a connection has at the time. */
export class Registration {
  readonly #connection: OmeroConnection;
  readonly #web: OmeroWeb;
  readonly #signal: AbortSignal | undefined;

  constructor(connection: OmeroConnection, web: OmeroWeb, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#web = web;
    this.#signal = signal;
  }

  /** Finds out whether OMERO.web is there, before anything is done for it. Throws as {@link registerTable} does. */
  async check(): Promise<void> {
    await this.#csrf();
  }

  async register({ tableName, remotePath, targets, token }: RegisteredTable): Promise<number> {
    const csrf = await this.#csrf();
    const session = this.#session();
    const url = this.#url(REGISTER_ENDPOINT);
    url.searchParams.set("bsession", session.reveal());
    const cookies = await cookieHeader(csrf.cookies, this.#url(CSRF_ENDPOINT), url);
    const answer = await exchange({
      url,
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-SecretToken": token.reveal(),
        "X-CSRFToken": csrf.token.reveal(),
        Referer: this.#web.origin,
        ...(cookies === undefined ? {} : { Cookie: cookies }),
      },
      body: JSON.stringify({
        uri: remotePath,
        name: tableName,
        targets: targets.map(({ type, id }) => `${type}:${id}`),
      }),
      unanswered: UNKNOWN_OUTCOME,
      ...this.#common(),
    });
    const secrets = [token, session, csrf.token];
    const data = answerData(answer, { step: "registration", remotePath, secrets });
    const annotation = (data as { file_annotation?: unknown } | null)?.file_annotation;
    if (Number.isSafeInteger(annotation) && (annotation as number) >= 0) return annotation as number;
    throw notUnderstood(answer, "registration");
  }

  /** The token that Django asks for in requests that change something, and the cookies that go with it. */
  async #csrf(): Promise<{ token: Secret; cookies: readonly string[] }> {
    const answer: HttpAnswer = await exchange({ url: this.#url(CSRF_ENDPOINT), method: "GET", ...this.#common() });
    const data = answerData(answer, { step: "token", remotePath: undefined, secrets: [this.#session()] });
    if (typeof data !== "string" || !isHeaderText(data)) throw notUnderstood(answer, "token");
    return { token: new Secret(data), cookies: answer.setCookies };
  }

  /** A connection that was lost may have been made again with another session. */
  #session(): Secret {
    return new Secret(this.#connection.session.uuid);
  }

  #url(endpoint: string): URL {
    return new URL(`${this.#web.origin}${this.#web.prefix}${endpoint}`);
  }

  #common() {
    const { ca, timeout } = this.#web;
    return { ca, timeout, signal: this.#signal };
  }
}

/** Printable ASCII without blanks, as much as fits a header. */
function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}
