/** One HTTP request and its whole answer: no redirects are followed, and sizes and time are limited. */
import { AbortError, ConnectionError, type OmeroError, ServerError, TimeoutError } from "../../errors.js";
import { onAbort } from "../../flow/abort.js";
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
  /** By names in lower case; without cookies. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Values of the headers that set cookies. */
  readonly setCookies: readonly string[];
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
export async function exchange(asked: HttpRequest): Promise<HttpAnswer> {
  const { Agent, request } = await import("undici");
  const { url, method, headers, body, ca, timeout, signal } = asked;
  const agent = new Agent({
    connect: { rejectUnauthorized: true, timeout, ...(ca === undefined ? {} : { ca }) },
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: ANSWER_LIMIT,
  });
  let mayHaveArrived = false;
  // Told when the connection is there, with TLS where that is asked for.
  agent.on("connect", () => {
    mayHaveArrived = true;
  });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new TimedOut()), timeout);
  const release = onAbort(signal, () => stop.abort(new Aborted()));
  try {
    const answer = await request(url, {
      method,
      headers: { ...COMMON_HEADERS, ...headers },
      body: body ?? null,
      dispatcher: agent,
      signal: stop.signal,
    });
    return { status: answer.statusCode, ...headersOf(answer.headers), body: await answer.body.text() };
  } catch (error) {
    const cause = stop.signal.aborted ? stop.signal.reason : error;
    throw failure(cause, asked, mayHaveArrived && asked.unanswered !== undefined ? `; ${asked.unanswered}` : "");
  } finally {
    clearTimeout(timer);
    release();
    await agent.destroy();
  }
}

function headersOf({ "set-cookie": cookies = [], ...headers }: Record<string, string | string[] | undefined>) {
  const single = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return { headers: Object.fromEntries(single), setCookies: [cookies].flat() };
}

class TimedOut extends Error {}
class Aborted extends Error {}

function failure(cause: unknown, { url, timeout, signal }: HttpRequest, rest: string): OmeroError {
  const about = { host: url.hostname, port: portOf(url) };
  if (cause instanceof TimedOut) {
    return new TimeoutError("TIMEOUT", `${url.host} did not answer within ${timeout} ms${rest}`, about);
  }
  if (cause instanceof Aborted) {
    return new AbortError("ABORTED", `the request was aborted by the caller${rest}`, { cause: signal?.reason });
  }
  if (codeOf(cause) === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    const message = `${url.host} answered with more than a mebibyte, so it is not OMERO's answer; check "server" and "prefix"${rest}`;
    return new ServerError("SERVER_FAILURE", message, about);
  }
  return connectionError(cause, url, rest);
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? "";
}

const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "EHOSTDOWN", "ENETDOWN"]);

function connectionError(cause: unknown, url: URL, rest: string): ConnectionError {
  const code = codeOf(cause);
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
  if (code === "ETIMEDOUT" || code === "UND_ERR_CONNECT_TIMEOUT") {
    const message = `${url.host} did not answer; check the web server's name and port, and any firewall between`;
    return new ConnectionError("CONNECTION_TIMEOUT", message, about);
  }
  if (UNREACHABLE.has(code)) {
    const message = `${url.host} cannot be reached (${code}); check the web server's name and the network`;
    return new ConnectionError("CONNECTION_REFUSED", message, about);
  }
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    const message = `${url.host} does not answer as a web server does (${code}); check its name, port and http or https${rest}`;
    // Without the cause, which holds the bytes: they may repeat the request.
    return new ConnectionError("NOT_OMERO", message, { host: about.host, port: about.port });
  }
  const message = `the connection to ${url.host} was lost (${code === "" || code === "UND_ERR_SOCKET" ? "closed" : code})${rest}`;
  return new ConnectionError("CONNECTION_LOST", message, about);
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}
