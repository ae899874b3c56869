/** One HTTP request and its whole answer: no redirects are followed, and sizes and time are limited. */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { AbortError, ConnectionError, type OmeroError, ServerError, TimeoutError } from "../../errors.js";
import { tlsProblem } from "./tls-problem.js";

export interface HttpRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificate authorities (PEM) in place of the usual ones. */
  readonly ca?: string | Buffer | undefined;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** What is said where the request may have been carried out, though no whole answer came. */
  readonly unanswered?: string | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Longest answer that is read; these endpoints answer with a few hundred bytes. */
const ANSWER_LIMIT = 1 << 20;

const COMMON_HEADERS = { Accept: "application/json", "Accept-Encoding": "identity", "User-Agent": "omero2frame" };

/**
 * Certificates are verified, whatever the environment says of that.
 *
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `CONNECTION_TIMEOUT`, `TLS_FAILED`, `NOT_OMERO` for what is
 *   no HTTP, `CONNECTION_LOST`; TimeoutError; AbortError; ServerError `SERVER_FAILURE` for an answer beyond a mebibyte.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, ca, timeout, signal } = request;
  const { request: send } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
  const options: RequestOptions & { ca?: string | Buffer; rejectUnauthorized: boolean } = {
    method,
    headers: { ...COMMON_HEADERS, ...headers, ...length },
    agent: false,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    let mayHaveArrived = false;
    const outgoing: ClientRequest = send(url, options, (answer) => readAnswer(answer).then(resolve, fail));
    outgoing.once("socket", (socket) => {
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => {
        mayHaveArrived = true;
      });
    });
    const timer = setTimeout(() => fail(new TimedOut()), timeout);
    const onAbort = () => fail(new Aborted());
    signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", fail);
    outgoing.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
    if (signal?.aborted) onAbort();
    else outgoing.end(body);

    function fail(cause: unknown): void {
      const rest = mayHaveArrived && request.unanswered !== undefined ? `; ${request.unanswered}` : "";
      reject(failure(cause, request, rest));
      outgoing.destroy();
    }
  });
}

class TimedOut extends Error {}
class Aborted extends Error {}
class TooLong extends Error {}

async function readAnswer(answer: IncomingMessage): Promise<HttpAnswer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > ANSWER_LIMIT) throw new TooLong();
    pieces.push(piece);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces).toString("utf8") };
}

function failure(cause: unknown, { url, timeout, signal }: HttpRequest, rest: string): OmeroError {
  const about = { host: url.hostname, port: portOf(url) };
  if (cause instanceof TimedOut) {
    return new TimeoutError("TIMEOUT", `${url.host} did not answer within ${timeout} ms${rest}`, about);
  }
  if (cause instanceof Aborted) {
    return new AbortError("ABORTED", `the request was aborted by the caller${rest}`, { cause: signal?.reason });
  }
  if (cause instanceof TooLong) {
    const message = `${url.host} answered with more than a mebibyte, so it is not OMERO's answer; check "server" and "prefix"${rest}`;
    return new ServerError("SERVER_FAILURE", message, about);
  }
  return connectionError(cause, url, rest);
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EHOSTDOWN", "ENETDOWN"]);

function connectionError(cause: unknown, url: URL, rest: string): ConnectionError {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const about = { host: url.hostname, port: portOf(url), cause };
  const tls = url.protocol === "https:" ? tlsProblem(code) : undefined;
  if (tls !== undefined) return new ConnectionError("TLS_FAILED", `no secure connection to ${url.host}: ${tls}`, about);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const message = `there is no host "${url.hostname}"; check the web server's name`;
    return new ConnectionError("UNKNOWN_HOST", message, about);
  }
  if (code === "ECONNREFUSED") {
    const message = `nothing listens at ${url.host}; check the web server's name and port`;
    return new ConnectionError("CONNECTION_REFUSED", message, about);
  }
  if (code === "ETIMEDOUT") {
    const message = `${url.host} did not answer; check the web server's name and port, and any firewall between`;
    return new ConnectionError("CONNECTION_TIMEOUT", message, about);
  }
  if (UNREACHABLE.has(code)) {
    const message = `${url.host} cannot be reached (${code}); check the web server's name and the network`;
    return new ConnectionError("CONNECTION_REFUSED", message, about);
  }
  if (code.startsWith("HPE_")) {
    const message = `${url.host} does not answer as a web server does (${code}); check its name, port and http or https${rest}`;
    // Without the cause, which holds the bytes: they may repeat the request.
    return new ConnectionError("NOT_OMERO", message, { host: about.host, port: about.port });
  }
  const message = `the connection to ${url.host} was lost (${code || "closed"})${rest}`;
  return new ConnectionError("CONNECTION_LOST", message, about);
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}
