/** What the web server's answers to a registration mean. */
import { LoginError, type OmeroError, ServerError, TableError } from "../../errors.js";
import { type Secret, withoutSecrets } from "../../flow/secret.js";
import type { HttpAnswer } from "./http-exchange.js";

/** What was asked for, to tell of it when it is refused. */
export interface Asked {
  /** The request that gets the CSRF token, or the one that registers. */
  readonly step: "token" | "registration";
  readonly remotePath: string | undefined;
  /** What no error may say, even where the server repeats it. */
  readonly secrets: readonly Secret[];
}

const NAMES = { token: "the request for a CSRF token", registration: "the registration" };

/** What is said where the table may have been registered all the same. */
export const UNKNOWN_OUTCOME =
  "it is not known whether the table is registered: look at what it was to be attached to before registering it again";

/** The `data` of OMERO's answer. @throws the error that an answer of another kind means */
export function answerData(answer: HttpAnswer, asked: Asked): unknown {
  if (answer.status < 200 || answer.status >= 300) throw refusal(answer, asked);
  const content = parsed(answer.body);
  if (typeof content === "object" && content !== null && "data" in content) return content.data;
  throw notUnderstood(answer, asked.step);
}

export function notUnderstood({ headers, status, body }: HttpAnswer, step: Asked["step"]): ServerError {
  const isPage = /^text\/html\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)\b/i.test(body);
  const found = isPage ? "a web page" : "not OMERO's";
  const rest = step === "registration" ? `; ${UNKNOWN_OUTCOME}` : "";
  const message = `the web server's answer to ${NAMES[step]} is ${found} (HTTP ${status}); check "server" and "prefix"${rest}`;
  return new ServerError("SERVER_FAILURE", message);
}

/** What a refusal means and what to do about it. */
function refusal(answer: HttpAnswer, asked: Asked): OmeroError {
  const { status } = answer;
  const { step, remotePath: path } = asked;
  const said = whatItSaid(answer, asked);
  const message = (advice: string) =>
    `the web server refused ${NAMES[step]} (HTTP ${status}${said === "" ? "" : `: ${said}`}); ${advice}`;
  if (status >= 300 && status < 400) return redirect(answer, asked, message);
  if (status === 401 || (status === 403 && /not logged in/i.test(said))) {
    return new LoginError("LOGIN_REFUSED", message(LOG_IN_AGAIN));
  }
  if (status >= 500) {
    const advice =
      status === 502 || status === 503 || status === 504
        ? "what it stands for does not answer; try again later"
        : "its own log tells more";
    const rest = step === "registration" ? `${atFault(path)}; ${advice}; ${UNKNOWN_OUTCOME}` : advice;
    return new ServerError("SERVER_FAILURE", message(rest), { path });
  }
  if (step === "token") return new ServerError("SERVER_FAILURE", message(NO_OMERO_WEB));
  if (status === 403) return new TableError("UPLOAD_FAILED", message(FORBIDDEN), { path });
  if (status === 404 || status === 405) {
    const advice = said === "" ? NO_OMERO_PLUS : `${atFault(path)}; ${NO_OMERO_PLUS}`;
    return new TableError("UPLOAD_FAILED", message(advice), { path });
  }
  return new TableError("UPLOAD_FAILED", message(atFault(path)), { path });
}

const LOG_IN_AGAIN =
  'the session may have ended, or "server" may be the web server of another OMERO server; log in again or correct it';
const NO_OMERO_WEB = 'check that OMERO.web is there: "server" and "prefix"';
const NO_OMERO_PLUS =
  'only OMERO Plus can register tables: check that it is installed there, and "server" and "prefix"';
const FORBIDDEN =
  "this user may not annotate what the table is linked to, or the token is not that of the array at that path";

function atFault(remotePath: string | undefined): string {
  return `check that the server can read the array at ${remotePath} and that the token is that of the array`;
}

/** Redirects are not followed: the secret token is for the server that was named. */
function redirect({ headers }: HttpAnswer, { secrets }: Asked, message: (advice: string) => string): OmeroError {
  // Without its query, which may repeat what was asked.
  const target = repeated((headers.location ?? "").split(/[?#]/, 1)[0]!, secrets);
  if (/\blog-?in\b|\bsso\b|\bauth\b/i.test(target)) {
    return new LoginError("LOGIN_REFUSED", message(`it asks to log in at ${target}: ${LOG_IN_AGAIN}`));
  }
  const where = target === "" ? "another address" : target;
  const advice = `it redirects to ${where}, which is not followed; give the right address as "server" and "prefix"`;
  return new ServerError("SERVER_FAILURE", message(advice));
}

/** Longest part of a server's message that is repeated. */
const LONGEST_MESSAGE = 500;

/** OMERO.web and Django describe errors as JSON with a `message` (`omeroweb.api.decorators.json_response`). */
function whatItSaid({ headers, body }: HttpAnswer, { secrets }: Asked): string {
  if (!/^application\/json\b/i.test(headers["content-type"] ?? "")) return "";
  const content = parsed(body);
  const message = typeof content === "object" && content !== null && "message" in content ? content.message : undefined;
  if (typeof message !== "string") return "";
  return repeated(message, secrets).slice(0, LONGEST_MESSAGE);
}

function repeated(text: string, secrets: readonly Secret[]): string {
  // Control characters could steer a terminal.
  return withoutSecrets(text, secrets)
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
