/**
 * Every error this package throws is an {@link OmeroError} with a `code`. The message says what was asked, what was
 * found and what to do; the query, table, column and so on are properties of the error. No error ever carries a
 * password, session key or token.
 */

/** What an error is about besides its message. Each given detail becomes a property of the error. */
export interface ErrorDetails {
  /** Server address asked for. */
  host?: string;
  /** Port asked for. */
  port?: number;
  /** OriginalFile or FileAnnotation the call was about; left out of the error if no number can hold it. */
  fileId?: bigint | number;
  /** FileAnnotation the call was about. */
  annotationId?: bigint | number;
  /** Column, row (0-based) and line (1-based, in a text file) at fault. */
  column?: string;
  /** Row at fault, from 0. */
  row?: number;
  /** Line of a text file at fault, from 1. */
  line?: number;
  /** Rows that were written, where they are not in one piece. */
  spans?: readonly WrittenSpan[];
  /** Condition at fault and the 0-based offset in it, in UTF-16 units. */
  query?: string;
  /** Offset in the condition, from 0, in UTF-16 units. */
  position?: number;
  /** Path of a local file. */
  path?: string;
  /** Operation that failed, for example `Table.read`. */
  operation?: string;
  /** Ice type id of the server's exception, for example `::omero::ApiUsageException`. */
  serverException?: string;
}

/** Rows `start ..< stop` of a table. */
export interface WrittenSpan {
  /** First row. */
  readonly start: number;
  /** Row after the last. */
  readonly stop: number;
}

/** Details and cause of an error. */
export interface OmeroErrorOptions extends ErrorDetails {
  /** The error behind this one. */
  cause?: unknown;
}

/** Base of all errors of this package. */
export class OmeroError<Code extends string = string> extends Error {
  /** What went wrong, for a program to decide by. */
  readonly code: Code;
  /** Server address asked for. */
  declare readonly host?: string;
  /** Port asked for. */
  declare readonly port?: number;
  /** OriginalFile the call was about. */
  declare readonly fileId?: number;
  /** FileAnnotation the call was about. */
  declare readonly annotationId?: number;
  /** Column at fault. */
  declare readonly column?: string;
  /** Row at fault, from 0. */
  declare readonly row?: number;
  /** Line of a text file at fault, from 1. */
  declare readonly line?: number;
  /** Rows that were written, where they are not in one piece. */
  declare readonly spans?: readonly WrittenSpan[];
  /** Condition at fault. */
  declare readonly query?: string;
  /** Offset in the condition, from 0, in UTF-16 units. */
  declare readonly position?: number;
  /** Path of a local file. */
  declare readonly path?: string;
  /** Operation that failed, for example `Table.read`. */
  declare readonly operation?: string;
  /** Ice type id of the server's exception. */
  declare readonly serverException?: string;

  /** @param code what went wrong. @param message what was asked, what was found, and what to do. */
  constructor(code: Code, message: string, options: OmeroErrorOptions = {}) {
    const { cause, ...details } = options;
    super(visibleText(message), cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    for (const [key, detail] of Object.entries(details)) {
      const value = typeof detail === "bigint" ? safeNumber(detail) : detail;
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: true });
    }
  }
}

/** What moves a terminal's cursor, changes its state or the order of what it shows; not line ends and tabs. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

/**
 * Text as it may be shown on a terminal, whoever wrote it: control characters, the escape sequences they begin, and marks
 * that turn the direction of writing appear as escapes, `\u001b`. Line ends and tabs stay. Messages of errors are of this form.
 *
 * @example
 * ```ts
 * console.log(visibleText(file.name)); // "\u001b[2J" clears no screen
 * ```
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function safeNumber(id: bigint): number | undefined {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The caller's arguments cannot work; nothing was sent or written. */
export class ArgumentError extends OmeroError<
  "INVALID_ARGUMENT" | "ROWS_WITH_QUERY" | "UNKNOWN_COLUMN" | "ROWS_OUT_OF_RANGE" | "FILE_EXISTS" | "MISSING_PACKAGE"
> {}

/** The commonest {@link ArgumentError}: `INVALID_ARGUMENT`. */
export function invalidArgument(message: string, options?: OmeroErrorOptions): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", message, options);
}

/** A condition is malformed, names something unknown or compares what cannot be compared. */
export class ConditionError extends OmeroError<"CONDITION_SYNTAX" | "CONDITION_NAME" | "CONDITION_TYPE"> {}

/** The server cannot be reached, or the connection to it ended. */
export class ConnectionError extends OmeroError<
  | "UNKNOWN_HOST"
  | "CONNECTION_REFUSED"
  | "CONNECTION_TIMEOUT"
  | "CONNECTION_LOST"
  | "CONNECTION_CLOSED"
  | "TLS_FAILED"
  | "NOT_OMERO"
> {}

/** The server refuses the credentials, or the session is gone. */
export class LoginError extends OmeroError<
  "WRONG_CREDENTIALS" | "MISSING_CREDENTIALS" | "SESSION_EXPIRED" | "LOGIN_REFUSED"
> {}

/** The server answered a call with an exception of its own. */
export class ServerError extends OmeroError<
  | "API_USAGE"
  | "VALIDATION"
  | "SECURITY_VIOLATION"
  | "OPTIMISTIC_LOCK"
  | "MESSAGE_TOO_LARGE"
  | "NO_SUCH_OBJECT"
  | "NO_SUCH_OPERATION"
  | "SERVER_FAILURE"
> {}

/** The file, table or object asked for does not exist, may not be read, is not a table, or changed meanwhile. */
export class TableError extends OmeroError<
  | "NOT_FOUND"
  | "NOT_PERMITTED"
  | "NOT_A_TABLE"
  | "NOT_INITIALIZED"
  | "TABLE_CHANGED"
  | "READ_ONLY"
  | "UPLOAD_FAILED"
  | "WRITE_FAILED"
> {}

/** Whether an error says that someone else changed a table while it was read. */
export function isTableChange(error: unknown): error is TableError {
  return error instanceof TableError && error.code === "TABLE_CHANGED";
}

/** Data cannot be represented, or a file's content is not what it claims to be. */
export class DataError extends OmeroError<
  | "VALUE_DOES_NOT_FIT"
  | "UNRESOLVED_NAMES"
  | "UNSAFE_INTEGER"
  | "UNSUPPORTED_TYPE"
  | "MALFORMED_CSV"
  | "MALFORMED_FILE"
  | "CHECKSUM_MISMATCH"
  | "LIMIT_EXCEEDED"
  | "INVALID_SCHEMA"
> {}

/** A local file cannot be read or written; `cause` is the system's error, `path` the file. */
export class FileError extends OmeroError<"CANNOT_READ_FILE" | "CANNOT_WRITE_FILE"> {}

/** A local store cannot be used as asked: it is on a network file system, closed, only to be read, or full. */
export class StoreError extends OmeroError<
  "NETWORK_FILE_SYSTEM" | "NO_SUCH_STORE" | "NO_SUCH_ENTRY" | "STORE_READ_ONLY" | "STORE_CLOSED" | "STORE_FAILED"
> {}

/** A queue of bulk jobs cannot be used as asked: it does not answer, others may write to it, or it is for another server. */
export class QueueError extends OmeroError<
  "QUEUE_UNREACHABLE" | "QUEUE_NOT_PRIVATE" | "NO_SUCH_QUEUE" | "OTHER_SERVER" | "QUEUE_FAILED"
> {}

/** Bytes from a peer do not follow the Ice protocol, or declare more than a limit allows. */
export class WireError extends OmeroError<"MALFORMED_MESSAGE" | "LIMIT_EXCEEDED" | "CANNOT_ENCODE"> {}

/** What the caller gave has failed: the source of rows, or a function to be told of progress or warnings; `cause` is what it threw. */
export class CallerError extends OmeroError<"SOURCE_FAILED" | "CALLBACK_FAILED"> {}

/** The caller's `AbortSignal` fired; `cause` is its reason. */
export class AbortError extends OmeroError<"ABORTED"> {}

/** A call did not finish within its time limit. */
export class TimeoutError extends OmeroError<"TIMEOUT"> {}

/**
 * Throws an {@link AbortError} if `signal` has fired. `operation` names what is interrupted, for example "readTable".
 *
 * @example
 * ```ts
 * throwIfAborted(signal, "reading"); // before each step of something long
 * ```
 */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted) throw abortError(signal, operation);
}

/**
 * The {@link AbortError} for a signal that has fired.
 *
 * @example
 * ```ts
 * if (signal.aborted) throw abortError(signal, "reading");
 * ```
 */
export function abortError(signal: AbortSignal, operation: string): AbortError {
  return new AbortError("ABORTED", `${operation} was aborted by the caller`, { cause: signal.reason });
}
