/** How errors are told to clients. */
import { status as Status } from "@grpc/grpc-js";
import { OmeroError, visibleText } from "../errors.js";
import { withoutSecrets } from "../flow/secret.js";

/** What a call ends with. */
export interface FlightStatus {
  readonly code: Status;
  readonly details: string;
}

const { NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, ABORTED, CANCELLED, UNAUTHENTICATED } = Status;
const { INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE, INTERNAL } = Status;

/** By the code of an error, else by its class. */
const BY_CODE: Readonly<Record<string, Status>> = {
  NOT_FOUND,
  NOT_PERMITTED: PERMISSION_DENIED,
  SECURITY_VIOLATION: PERMISSION_DENIED,
  LIMIT_EXCEEDED: RESOURCE_EXHAUSTED,
  TABLE_CHANGED: ABORTED,
  NOT_INITIALIZED: FAILED_PRECONDITION,
  NOT_A_TABLE: FAILED_PRECONDITION,
  CANNOT_READ_FILE: INTERNAL,
  CANNOT_WRITE_FILE: INTERNAL,
};
const BY_CLASS: Readonly<Record<string, Status>> = {
  ArgumentError: INVALID_ARGUMENT,
  ConditionError: INVALID_ARGUMENT,
  DataError: INVALID_ARGUMENT,
  LoginError: UNAUTHENTICATED,
  ConnectionError: UNAVAILABLE,
  TimeoutError: DEADLINE_EXCEEDED,
  AbortError: CANCELLED,
};

/** They travel in a header. */
const MOST_DETAILS = 2000;

/** An error that is none of this package's is told as no more than a fault of this server. */
export function statusOf(error: unknown): FlightStatus {
  if (!(error instanceof OmeroError)) return { code: INTERNAL, details: "Something went wrong in this server" };
  const isSourceFailure = error.code === "UPLOAD_FAILED" && error.cause instanceof OmeroError;
  const code = BY_CODE[error.code] ?? BY_CLASS[error.name] ?? INTERNAL;
  return {
    code: isSourceFailure ? statusOf(error.cause).code : code,
    details: visibleText(withoutSecrets(error.message)).slice(0, MOST_DETAILS).toWellFormed(),
  };
}
