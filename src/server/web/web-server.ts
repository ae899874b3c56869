/** The web server beside an embedded server: the two addresses of OMERO Plus by which omero2pandas registers tables. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, isIPv6, type Socket } from "node:net";
import { tlsServerOptions } from "../../connect/ice/serve/tls-server.js";
import type { LogEntry } from "../options.js";
import type { Session } from "../world/sessions.js";
import type { World } from "../world/world.js";
import { checkCsrf, csrfCookie, newCsrfToken } from "./csrf.js";
import { HttpRefusal } from "./http-refusal.js";
import { readJsonBody } from "./json-body.js";
import { registerArray, registrationRequest } from "./registration.js";
import type { WebSetting } from "./web-options.js";

/** Where the web server of a server is. */
export interface WebAddress {
  /** Port it listens on. */
  readonly port: number;
  /** Scheme, host and port, for example `https://127.0.0.1:8443`. */
  readonly url: string;
  /** Path that all others are below, without a slash at its end; empty if there is none. */
  readonly prefix: string;
}

export interface WebHooks {
  readonly log: (entry: LogEntry) => void;
  /** Connections at a time. */
  readonly maxConnections: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Endpoint {
  readonly method: "GET" | "POST";
  readonly answer: (request: IncomingMessage, query: URLSearchParams) => Answer | Promise<Answer>;
}

/** Sizes in bytes, times in milliseconds. */
const LIMITS: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
};
const IDLE_TIMEOUT = 60_000;

export class WebServer implements WebAddress {
  readonly url: string;
  readonly port: number;
  readonly prefix: string;
  readonly #http: Server;
  readonly #world: World;
  readonly #hooks: WebHooks;
  readonly #isSecure: boolean;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  /** All of them, those included that have not said anything yet. */
  readonly #sockets = new Set<Socket>();

  private constructor(http: Server, host: string, { prefix, tls }: WebSetting, world: World, hooks: WebHooks) {
    this.#http = http;
    this.#world = world;
    this.#hooks = hooks;
    this.#isSecure = tls !== undefined;
    this.port = (http.address() as AddressInfo).port;
    this.prefix = prefix;
    this.url = `${tls ? "https" : "http"}://${isIPv6(host) ? `[${host}]` : host}:${this.port}`;
    const token: Endpoint = { method: "GET", answer: () => this.#token() };
    const table: Endpoint = { method: "POST", answer: (request, query) => this.#register(request, query) };
    this.#endpoints = new Map([
      [`${prefix}/api/v0/token/`, token],
      [`${prefix}/api/v0/token`, token],
      [`${prefix}/omero_plus/api/v0/table/`, table],
      [`${prefix}/omero_plus/api/v0/table`, table],
    ]);
    http.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    http.on("request", (request, response) => void this.#serve(request, response));
  }

  /** @throws the system's error (`EADDRINUSE`) for a port. */
  static async listen(host: string, setting: WebSetting, world: World, hooks: WebHooks): Promise<WebServer> {
    const { tls, port } = setting;
    const http: Server = tls ? createSecureServer({ ...LIMITS, ...tlsServerOptions(tls) }) : createServer(LIMITS);
    http.maxConnections = hooks.maxConnections;
    http.setTimeout(IDLE_TIMEOUT);
    http.listen(port, host);
    await once(http, "listening");
    return new WebServer(http, host, setting, world, hooks);
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends all connections. May be called again. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.dropConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = addressOf(request);
    const answer = await this.#answer(request, path, query).catch((error: unknown) => refusalAnswer(error));
    const known = this.#endpoints.has(path) ? path : "unknown address";
    this.#hooks.log({ level: answer.status < 400 ? "debug" : "info", message: `web: ${known}: ${answer.status}` });
    if (response.destroyed) return;
    response.on("error", () => {});
    const body = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...answer.headers,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  async #answer(request: IncomingMessage, path: string, query: URLSearchParams): Promise<Answer> {
    const endpoint = this.#endpoints.get(path);
    if (!endpoint) throw new HttpRefusal(404, "there is nothing at this address");
    if (request.method !== endpoint.method) {
      throw new HttpRefusal(405, `this address takes ${endpoint.method} only`, { Allow: endpoint.method });
    }
    try {
      return await endpoint.answer(request, query);
    } catch (error) {
      if (!(error instanceof HttpRefusal)) this.#hooks.log({ level: "error", message: `web: ${path}: ${error}` });
      throw error;
    }
  }

  #token(): Answer {
    const token = newCsrfToken();
    return { status: 200, body: { data: token }, headers: { "Set-Cookie": csrfCookie(token, this.#isSecure) } };
  }

  async #register(request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
    checkCsrf(request.headers, this.#isSecure);
    const session = this.#session(query.get("bsession"));
    const wanted = registrationRequest(await readJsonBody(request));
    const token = request.headers["x-secrettoken"];
    const data = await registerArray(this.#world, session, wanted, typeof token === "string" ? token : "");
    await this.#world.file.save();
    return { status: 200, body: { data } };
  }

  /** @throws HttpRefusal 403 */
  #session(uuid: string | null): Session {
    const session = uuid === null ? undefined : this.#world.sessions.find(uuid);
    if (!session) throw new HttpRefusal(403, "Not logged in");
    this.#world.sessions.touch(session);
    return session;
  }
}

function addressOf({ url = "/" }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  return { path, query: new URLSearchParams(query) };
}

function refusalAnswer(error: unknown): Answer {
  if (!(error instanceof HttpRefusal)) return { status: 500, body: { message: "the server failed" } };
  return { status: error.status, body: { message: error.message }, headers: error.headers };
}
