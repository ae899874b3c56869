/** A web server of this machine that answers as told, and keeps what it was asked. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { OmeroConnection } from "../../../src/connect/index.js";

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Status, headers and body; or a function that does what it likes with the answer. */
export type Answer =
  | { readonly status?: number; readonly headers?: Record<string, string | string[]>; readonly body?: string }
  | ((response: ServerResponse, request: IncomingMessage) => void);

export const JSON_TYPE = { "Content-Type": "application/json" };

export function json(content: unknown, status = 200, headers: Record<string, string | string[]> = {}): Answer {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(content) };
}

export class ScriptedWeb implements AsyncDisposable {
  readonly requests: RecordedRequest[] = [];
  /** Answers by method. */
  answers: { GET: Answer; POST: Answer } = {
    GET: json({ data: "csrf-token" }, 200, { "Set-Cookie": "csrftoken=csrf-cookie; Path=/" }),
    POST: json({ data: { file_annotation: 4711 } }),
  };
  readonly #server: ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>;
  readonly #scheme: "http" | "https";

  private constructor(certificate: { key: string; cert: string } | undefined) {
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    this.#scheme = certificate ? "https" : "http";
    this.#server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
    this.#server.on("tlsClientError", () => {});
  }

  /** Speaks TLS where a certificate is given. */
  static async start(certificate?: { key: string; cert: string }): Promise<ScriptedWeb> {
    const web = new ScriptedWeb(certificate);
    web.#server.listen(0, "127.0.0.1");
    await once(web.#server, "listening");
    return web;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** As the option `server`. */
  address(host = "127.0.0.1"): string {
    return `${this.#scheme}://${host}:${this.port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    request.setEncoding("utf8");
    for await (const text of request) body += text;
    const { method = "", url: target = "", headers } = request;
    this.requests.push({ method, target, headers: headers as Record<string, string>, body });
    const answer = this.answers[method as "GET" | "POST"];
    if (typeof answer === "function") answer(response, request);
    else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** What registering needs of a connection. */
export function connectionOf(host: string, uuid: string): OmeroConnection {
  return { server: { host }, session: { uuid } } as unknown as OmeroConnection;
}
