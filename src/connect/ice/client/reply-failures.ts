/**
 * Failures that a server reports outside the operation's own exceptions, as {@link ServerError}s, and as
 * {@link LoginError}s where the session has ended.
 */
import { LoginError, ServerError } from "../../../errors.js";
import { withoutSecrets } from "../../../flow/secret.js";
import type { IceLocalException } from "../transport/ice-runtime.js";

/** The error for a server's failure to run a request; undefined if the exception is about the connection. */
export function requestFailure(exception: IceLocalException, label: string): ServerError | LoginError | undefined {
  const serverException = exception.ice_id();
  // No cause: the exception holds the identity of the object called, and that of a session is its key.
  const details = { operation: label, serverException };
  switch (serverException) {
    case "::Ice::ObjectNotExistException":
    case "::Ice::FacetNotExistException":
      return noSuchObject(exception, label, details);
    case "::Ice::OperationNotExistException":
      return new ServerError("NO_SUCH_OPERATION", `${label}: the server has no such operation`, details);
    case "::Ice::UnknownException":
    case "::Ice::UnknownLocalException":
    case "::Ice::UnknownUserException":
      return unknownFailure(exception.unknown ?? "", label, details);
    default:
      return undefined;
  }
}

const unknownToRouter = new WeakSet<ServerError>();

/** Whether Glacier2 refused a request, without passing it on, because the object is not in its routing table. */
export function isUnknownToRouter(error: unknown): boolean {
  return error instanceof ServerError && unknownToRouter.has(error);
}

function noSuchObject(exception: IceLocalException, label: string, details: object): ServerError {
  const text = `${label}: the server no longer has the object called: it was closed, or its session ended`;
  const error = new ServerError("NO_SUCH_OBJECT", text, details);
  if (exception.operation === "ice_add_proxy") unknownToRouter.add(error);
  return error;
}

function unknownFailure(unknown: string, label: string, details: object): ServerError | LoginError {
  // OMERO tells so where the session is looked for before the operation's own work begins.
  if (/\bome\.conditions\.(SessionTimeout|RemovedSession|Session)Exception\b/.test(unknown)) {
    const said = withoutUuids(failureText(unknown));
    const text = `${label}: the session is gone: log in again (the server says: ${said})`;
    return new LoginError("SESSION_EXPIRED", text, details);
  }
  if (unknown.includes("MemoryLimitException")) {
    const text = `${label}: the message exceeds the server's limit: ask for, or send, less at once`;
    return new ServerError("MESSAGE_TOO_LARGE", text, details);
  }
  // A router says so of the process behind it: one of several, with its objects gone.
  if (/::Ice::Connect(Failed|ionRefused|Timeout)Exception/.test(unknown)) {
    const text = `${label}: the process of the server that kept the object called cannot be reached: it has ended or is starting`;
    return new ServerError("NO_SUCH_OBJECT", text, details);
  }
  if (unknown.includes("::Ice::ConnectionLostException")) {
    const text = `${label}: the process of the server that worked on it ended before it answered; it is not known whether it did it`;
    return new ServerError("SERVER_FAILURE", text, details);
  }
  return new ServerError(
    "SERVER_FAILURE",
    `${label} failed on the server: ${withoutUuids(failureText(unknown))}`,
    details,
  );
}

/** Text without what might be the key of a session. */
export function withoutUuids(text: string): string {
  return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "...");
}

const LONGEST_TEXT = 500;

/**
 * What a server's failure says, without where in its code it happened: the last line of a Python traceback, the first
 * paragraph of a Java or C++ one. Secrets in use are left out.
 */
export function failureText(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const said = /^Traceback /.test(text.trimStart())
    ? lines.filter((line) => /^\S/.test(line)).slice(-1)
    : beforeFrames(lines);
  const joined = withoutSecrets(said.join(" ").replace(/\s+/g, " ").trim());
  if (joined === "") return "no reason given";
  return joined.length > LONGEST_TEXT ? `${joined.slice(0, LONGEST_TEXT)}...` : joined;
}

function beforeFrames(lines: readonly string[]): readonly string[] {
  const frame = lines.findIndex((line) => /^\s*(at |#?\d+[: ]+0x|\.\.\. \d+ more)|^\s+File "/.test(line));
  return frame < 0 ? lines : lines.slice(0, frame);
}
