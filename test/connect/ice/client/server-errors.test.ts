import { describe, expect, it } from "vitest";
import { failureText, requestFailure, withoutUuids } from "../../../../src/connect/ice/client/reply-failures.js";
import { toOmeroError } from "../../../../src/connect/ice/client/server-exceptions.js";
import { IceUserException } from "../../../../src/connect/ice/codec/ice-exception.js";
import type { IceLocalException } from "../../../../src/connect/ice/transport/ice-runtime.js";

const UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

describe("exceptions of the server", () => {
  it.each([
    ["::omero::ApiUsageException", "ServerError", "API_USAGE"],
    ["::omero::QueryException", "ServerError", "API_USAGE"],
    ["::omero::OverUsageException", "ServerError", "API_USAGE"],
    ["::omero::ValidationException", "ServerError", "VALIDATION"],
    ["::omero::SecurityViolation", "ServerError", "SECURITY_VIOLATION"],
    ["::omero::GroupSecurityViolation", "ServerError", "SECURITY_VIOLATION"],
    ["::omero::OptimisticLockException", "ServerError", "OPTIMISTIC_LOCK"],
    ["::omero::InternalException", "ServerError", "SERVER_FAILURE"],
    ["::omero::LockTimeout", "ServerError", "SERVER_FAILURE"],
    ["::omero::ResourceError", "ServerError", "SERVER_FAILURE"],
    ["::some::UnknownException", "ServerError", "SERVER_FAILURE"],
    ["::Glacier2::PermissionDeniedException", "LoginError", "WRONG_CREDENTIALS"],
    ["::omero::AuthenticationException", "LoginError", "WRONG_CREDENTIALS"],
    ["::Glacier2::CannotCreateSessionException", "LoginError", "LOGIN_REFUSED"],
    ["::omero::ExpiredCredentialException", "LoginError", "LOGIN_REFUSED"],
    ["::omero::WrappedCreateSessionException", "LoginError", "LOGIN_REFUSED"],
    ["::omero::SessionException", "LoginError", "SESSION_EXPIRED"],
    ["::omero::RemovedSessionException", "LoginError", "SESSION_EXPIRED"],
    ["::omero::SessionTimeoutException", "LoginError", "SESSION_EXPIRED"],
    ["::Glacier2::SessionNotExistException", "LoginError", "SESSION_EXPIRED"],
  ])("%s becomes %s %s", (id, name, code) => {
    const error = toOmeroError(new IceUserException(id, { message: "the reason" }), { operation: "IQuery.get" });
    expect(error).toMatchObject({ name, code, operation: "IQuery.get", serverException: id });
    expect(error.message).toMatch(/^IQuery\.get.*the reason/);
    expect(error.cause).toBeInstanceOf(IceUserException);
  });

  it("keep the members that say whether to try again", () => {
    const members = { reason: `${UUID} is busy`, concurrency: true, backOff: 5n, serverStackTrace: "at a.b" };
    const error = toOmeroError(new IceUserException("::omero::WrappedCreateSessionException", members), {
      operation: "a",
    });
    expect((error.cause as IceUserException).members).toEqual({
      reason: "... is busy",
      concurrency: true,
      backOff: 5n,
    });
    expect(error.message).not.toContain(UUID);
  });

  it("name an exception that says nothing, by the id received", () => {
    const error = toOmeroError(new IceUserException("::omero::ServerError", {}, "::omero::NewException"), {
      operation: "a",
    });
    expect(error).toMatchObject({
      message: "a failed on the server: NewException",
      serverException: "::omero::NewException",
    });
  });
});

describe("failures that a router reports of what is behind it", () => {
  const reported = (unknown: string) =>
    requestFailure({ ice_id: () => "::Ice::UnknownLocalException", unknown } as IceLocalException, "Table.read");

  it.each([
    [
      "src/Ice/Network.cpp:2714: ::Ice::ConnectionRefusedException:\nconnection refused",
      "NO_SUCH_OBJECT",
      /cannot be reached/,
    ],
    ["Network.cpp:9: ::Ice::ConnectTimeoutException:\ntimeout", "NO_SUCH_OBJECT", /cannot be reached/],
    ["TcpTransceiver.cpp:204: ::Ice::ConnectionLostException:\nconnection lost", "SERVER_FAILURE", /not known whether/],
    ["BasicStream.cpp:1: ::Ice::MemoryLimitException:\ntoo large", "MESSAGE_TOO_LARGE", /less at once/],
    ["Other.cpp:1: ::Ice::MarshalException:\nbroken", "SERVER_FAILURE", /broken/],
  ])("%j is %s", (unknown, code, text) => {
    expect(reported(unknown)).toMatchObject({ code, operation: "Table.read", message: expect.stringMatching(text) });
  });
});

describe("the text of a failure", () => {
  it.each([
    ["", "no reason given"],
    ["plain", "plain"],
    ["two\nlines", "two lines"],
    [
      "java.lang.NullPointerException: it is null\n\tat ome.Services.get(Services.java:12)\n\tat x.y(Z.java)",
      "java.lang.NullPointerException: it is null",
    ],
    [
      "Traceback (most recent call last):\n  File \"tables.py\", line 3, in read\n    raise ValueError('x')\nValueError: no column x\n",
      "ValueError: no column x",
    ],
    [
      "::Ice::ObjectNotExistException\nidentity: `a/b'\n 0 0x00007f in foo\n",
      "::Ice::ObjectNotExistException identity: `a/b'",
    ],
    ["Error: broken\n    at Object.<anonymous> (file.js:1:1)", "Error: broken"],
  ])("of %j is %j", (text, expected) => {
    expect(failureText(text)).toBe(expected);
  });

  it("is cut where it is long", () => {
    expect(failureText("x".repeat(10_000)).length).toBeLessThan(600);
  });

  it("names no session", () => {
    expect(withoutUuids(`session ${UUID} and ${UUID.toUpperCase()}.`)).toBe("session ... and ....");
  });
});
