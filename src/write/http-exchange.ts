/** One HTTP request and its whole answer: no redirects are followed, and sizes and time are limited. */
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { abortError, ConnectionError, ServerError, TimeoutError } from "../errors.js";

export interface HttpRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificate authorities (PEM) beside the system's own. */
  readonly ca?: string | Buffer | undefined;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Longest answer that is read; these endpoints answer with a few hundred bytes. */
const ANSWER_LIMIT = 1 << 20;

/**
 * @throws ConnectionError `UNKNOWN_HOST`, `CONNECTION_REFUSED`, `TLS_FAILED`, `CONNECTION_LOST`; TimeoutError; AbortError;
 *   ServerError `SERVER_FAILURE` for an answer beyond a mebibyte.
 */
export async function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, headers, body, ca, timeout, signal } = request;
  const { request: send } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions & { ca?: string | Buffer } = {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }) },
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = send(url, options, (answer) => readAnswer(answer, url).then(resolve, fail));
    const timer = setTimeout(() => fail(timedOut(url, timeout)), timeout);
    const onAbort = () => fail(abortError(signal as AbortSignal, "the request"));
    signal?.addEventListener("abort", onAbort, { once: true });
    outgoing.on("error", (cause) => fail(connectionError(cause, url)));
    outgoing.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
    if (signal?.aborted) onAbort();
    else outgoing.end(body);

    function fail(error: unknown): void {
      reject(error);
      outgoing.destroy();
    }
  });
}

async function readAnswer(answer: IncomingMessage, url: URL): Promise<HttpAnswer> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > ANSWER_LIMIT)
        throw new ServerError("SERVER_FAILURE", `${url.host} answered with more than a mebibyte`);
      pieces.push(piece);
    }
  } catch (cause) {
    throw cause instanceof ServerError ? cause : connectionError(cause, url);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces).toString("utf8") };
}

function timedOut(url: URL, timeout: number): TimeoutError {
  return new TimeoutError("TIMEOUT", `${url.host} did not answer within ${timeout} ms`, { host: url.hostname });
}

function connectionError(failure: unknown, url: URL): ConnectionError {
  const code = (failure as NodeJS.ErrnoException).code ?? "";
  // Of what is no HTTP, the bytes: they may repeat the request.
  const cause = code.startsWith("HPE_") ? undefined : failure;
  const about = { host: url.hostname, port: portOf(url), cause };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new ConnectionError(
      "UNKNOWN_HOST",
      `there is no host "${url.hostname}"; check the web server's name`,
      about,
    );
  }
  if (code === "ECONNREFUSED") {
    const message = `nothing listens at ${url.host}; check the web server's name and port`;
    return new ConnectionError("CONNECTION_REFUSED", message, about);
  }
  if (/CERT|TLS|SSL|SELF_SIGNED|ALTNAME|UNABLE_TO/.test(code) || code === "EPROTO") {
    const message = `${url.host} cannot be trusted (${code}); give its certificate authority as "ca" if it has one of its own`;
    return new ConnectionError("TLS_FAILED", message, about);
  }
  return new ConnectionError("CONNECTION_LOST", `the connection to ${url.host} was lost (${code || "closed"})`, about);
}

function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}
