/** The exceptions an OMERO server answers with, as the wire sends them. */
import { IceUserException } from "../connect/ice/codec/ice-exception.js";

/** Exceptions below `::omero::ServerError`, by the class of the OMERO server that is their cause. */
const SERVER_ERRORS = {
  ApiUsageException: "ome.conditions.ApiUsageException",
  GroupSecurityViolation: "ome.conditions.GroupSecurityViolation",
  InternalException: "ome.conditions.InternalException",
  OptimisticLockException: "ome.conditions.OptimisticLockException",
  QueryException: "ome.conditions.ApiUsageException",
  ResourceError: "ome.conditions.ResourceError",
  RemovedSessionException: "ome.conditions.RemovedSessionException",
  SecurityViolation: "ome.conditions.SecurityViolation",
  SessionTimeoutException: "ome.conditions.SessionTimeoutException",
  ValidationException: "ome.conditions.ValidationException",
} as const;

export type ServerErrorName = keyof typeof SERVER_ERRORS;

/** `::omero::<name>` with a message for the client. */
export function serverError(name: ServerErrorName, message: string): IceUserException {
  return new IceUserException(`::omero::${name}`, {
    message,
    serverExceptionClass: SERVER_ERRORS[name],
    serverStackTrace: "",
  });
}

export const apiUsage = (message: string) => serverError("ApiUsageException", message);
export const validation = (message: string) => serverError("ValidationException", message);
export const securityViolation = (message: string) => serverError("SecurityViolation", message);
export const resourceError = (message: string) => serverError("ResourceError", message);
export const internal = (message: string) => serverError("InternalException", message);

/** The log-in is refused: wrong user, password or session. */
export function permissionDenied(reason: string): IceUserException {
  return new IceUserException("::Glacier2::PermissionDeniedException", { reason });
}

/** A session that OMERO refuses to make for another user. */
export function authenticationFailure(reason: string): IceUserException {
  return new IceUserException("::omero::AuthenticationException", { reason });
}

/** What an operation fails with that declares no exception for it: clients get the text alone. */
export class UndeclaredException extends Error {
  override readonly name = "java.lang.RuntimeException";
}

export function isPermissionDenied(error: unknown): boolean {
  return error instanceof IceUserException && error.iceId === "::Glacier2::PermissionDeniedException";
}

export function cannotCreateSession(reason: string): IceUserException {
  return new IceUserException("::Glacier2::CannotCreateSessionException", { reason });
}

/** A session that the OMERO server refuses, and why: `type` is the class of its own exception. */
export function wrappedCreateSession(type: string, reason: string): IceUserException {
  return new IceUserException("::omero::WrappedCreateSessionException", {
    reason,
    concurrency: false,
    backOff: 0n,
    type,
  });
}

export function sessionNotExist(): IceUserException {
  return new IceUserException("::Glacier2::SessionNotExistException", {});
}
