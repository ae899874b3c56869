/**
 * Exceptions that operations declare, as errors of this package.
 */
import { LoginError, type OmeroError, ServerError } from "../../../errors.js";
import { withoutSecrets } from "../../../flow/secret.js";
import { IceUserException } from "../codec/ice-exception.js";
import { loadSchema } from "../schema/schema.js";
import { failureText, withoutUuids } from "./reply-failures.js";

type Kind = { login: LoginError["code"]; advice: string } | { server: ServerError["code"]; verb: string };

const LOGIN_EXPIRED: Kind = { login: "SESSION_EXPIRED", advice: "the session is gone: log in again" };

/** An exception is of the kind of the first of its classes, from the most derived up, that is here. */
const KINDS = new Map<string, Kind>([
  [
    "::Glacier2::PermissionDeniedException",
    { login: "WRONG_CREDENTIALS", advice: "check user name and password, or session key" },
  ],
  [
    "::omero::AuthenticationException",
    { login: "WRONG_CREDENTIALS", advice: "check user name and password, or session key" },
  ],
  [
    "::omero::ExpiredCredentialException",
    { login: "LOGIN_REFUSED", advice: "the password has expired: set a new one" },
  ],
  ["::Glacier2::CannotCreateSessionException", { login: "LOGIN_REFUSED", advice: "the server makes no session now" }],
  ["::Glacier2::SessionNotExistException", LOGIN_EXPIRED],
  ["::omero::SessionException", LOGIN_EXPIRED],
  ["::omero::RemovedSessionException", LOGIN_EXPIRED],
  ["::omero::SessionTimeoutException", LOGIN_EXPIRED],
  ["::omero::ValidationException", { server: "VALIDATION", verb: "is refused by the server's validation" }],
  ["::omero::ApiUsageException", { server: "API_USAGE", verb: "is refused" }],
  ["::omero::SecurityViolation", { server: "SECURITY_VIOLATION", verb: "is not allowed to this user" }],
  [
    "::omero::OptimisticLockException",
    { server: "OPTIMISTIC_LOCK", verb: "is refused, because the object changed meanwhile" },
  ],
]);

const OTHER: Kind = { server: "SERVER_FAILURE", verb: "failed on the server" };

/**
 * The error for an exception that the server threw in answer to a call. Its message holds what the server says, without
 * stack traces; `serverException` is the exception's Slice id, and `cause` the exception, an {@link IceUserException}.
 *
 * @param operation names the call, for example `Table.read`.
 */
export function toOmeroError(exception: IceUserException, { operation }: { operation: string }): OmeroError {
  const kind = kindOf(exception.iceId);
  const said = serverText(exception);
  const login = "login" in kind;
  // What the server says about a log-in may name a session, whose name is its key.
  const details = {
    operation,
    serverException: withoutSecrets(exception.receivedId),
    cause: causeOf(exception, login),
  };
  return login
    ? new LoginError(kind.login, `${operation}: ${kind.advice} (the server says: ${withoutUuids(said)})`, details)
    : new ServerError(kind.server, `${operation} ${kind.verb}: ${said}`, details);
}

function kindOf(iceId: string): Kind {
  const direct = KINDS.get(iceId);
  if (direct) return direct;
  for (let type = loadSchema().findException(iceId) ?? null; type; type = type.base) {
    const kind = KINDS.get(type.id);
    if (kind) return kind;
  }
  return OTHER;
}

function serverText({ members, receivedId }: IceUserException): string {
  const text = [members.message, members.reason].find((member) => typeof member === "string" && member.trim() !== "");
  const name = receivedId.slice(receivedId.lastIndexOf(":") + 1);
  return failureText(typeof text === "string" ? text : name);
}

/** What is kept as the cause: the exception without the server's stack trace, and without keys where there may be any. */
function causeOf(exception: IceUserException, mayNameSession: boolean): IceUserException {
  const { iceId, receivedId } = exception;
  const kept = Object.entries(exception.members).filter(([name]) => name !== "serverStackTrace");
  const clean = (text: string) => withoutSecrets(mayNameSession ? withoutUuids(text) : text);
  const members = kept.map(([name, value]) => [name, typeof value === "string" ? clean(value) : value]);
  return new IceUserException(clean(iceId), Object.fromEntries(members), clean(receivedId));
}
