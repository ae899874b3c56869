/** What becomes of sessions, log-ins and groups. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { IceUserException } from "../../../src/connect/ice/codec/ice-exception.js";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import { rstring } from "../../../src/rtypes.js";
import { contentOf, TestClient } from "../../server/client.js";
import { failureOf, idlingSession, join, logIn, type RuledServer, type ServerUnderTest } from "./ruled-server.js";

/** Milliseconds. */
const IDLE = 500;
/** Timers may be early by a little. */
const TIMER_TOLERANCE = 20;
const LONGER_THAN_IDLE = 1_500;

export function describeSessions(serverUnderTest: ServerUnderTest): void {
  it("one that idled out says so: its services and keepAlive by their exception, asking for services by an unknown one", async () => {
    const uuid = await idlingSession(serverUnderTest(), IDLE);
    await using client = await join(serverUnderTest(), uuid);
    const query = await client.query();
    await sleep(LONGER_THAN_IDLE);
    for (const call of [() => query.find("Image", serverUnderTest().image), () => client.factory.keepAlive(null)]) {
      expect(await failureOf(call())).toMatchObject({ serverException: "::omero::SessionTimeoutException" });
    }
    for (let call = 0; call < 2; call++) {
      const failure = await failureOf(client.factory.getQueryService());
      expect(failure).toMatchObject({ serverException: "::Ice::UnknownException" });
      expect(failure.message).toMatch(/ome\.conditions\.SessionTimeoutException.*exceeded timeToIdle/);
    }
  });

  it("one that idled out cannot be joined: it is told as a user without a default group", async () => {
    const uuid = await idlingSession(serverUnderTest(), IDLE);
    await using client = await join(serverUnderTest(), uuid);
    await sleep(LONGER_THAN_IDLE);
    await failureOf(client.factory.getQueryService());
    const failure = await failureOf(join(serverUnderTest(), uuid));
    expect(failure).toMatchObject({ serverException: "::Glacier2::CannotCreateSessionException" });
    expect(reasonOf(failure)).toBe("Can't find default group for ...");
  });

  it("a wrong session key is a wrong password of a user of that name", async () => {
    const failure = await failureOf(join(serverUnderTest(), randomUUID()));
    expect(failure).toMatchObject({ serverException: "::Glacier2::PermissionDeniedException" });
    expect(reasonOf(failure)).toMatch(/^Password check failed for '\.\.\.'/);
  });

  it("a wrong password after another one is refused after a while only", async () => {
    const { user, failedLoginDelay } = serverUnderTest();
    const wrong = () => failureOf(TestClient.logIn(serverUnderTest(), { ...user, password: "wrong" }));
    await wrong();
    const begun = performance.now();
    const failure = await wrong();
    expect(failure).toMatchObject({ serverException: "::Glacier2::PermissionDeniedException" });
    expect(reasonOf(failure)).toContain(`Password check failed for '${user.user}'`);
    expect(performance.now() - begun).toBeGreaterThan(failedLoginDelay - TIMER_TOLERANCE);
  });

  it("one that is joined again counts down when it is closed, and ends with the last", async () => {
    await using first = await logIn(serverUnderTest());
    await using second = await join(serverUnderTest(), first.sessionUuid);
    const session = createInstance("::omero::model::Session", { uuid: rstring(first.sessionUuid), loaded: true });
    const sessions = await second.sessions();
    expect(await sessions.closeSession(session)).toBe(1);
    expect(await sessions.closeSession(session)).toBe(-2);
  });

  it("one that has ended cannot be used any more", async () => {
    await using client = await logIn(serverUnderTest());
    const query = await client.query();
    const uuid = client.sessionUuid;
    await endSession(serverUnderTest(), uuid);
    await failureOf(query.get("Image", serverUnderTest().image));
    const failure = await failureOf(join(serverUnderTest(), uuid));
    expect(failure).toMatchObject({ name: "LoginError" });
  });

  it("one that was left by its last connection is joined for a moment, ends, and can then not be joined", async () => {
    const outcomes: string[] = [];
    for (let attempt = 0; attempt < 15; attempt++) outcomes.push(await joinAfterClosing(serverUnderTest()));
    for (const outcome of outcomes) expect(["refused", "SESSION_EXPIRED", "NO_SUCH_OBJECT"]).toContain(outcome);
    const uuid = await closedSession(serverUnderTest());
    await sleep(LONGER_THAN_IDLE);
    expect(await failureOf(join(serverUnderTest(), uuid))).toMatchObject({ name: "LoginError" });
  });

  it("keepAlive(null) is false, keepAllAlive([]) is -1", async () => {
    await using client = await logIn(serverUnderTest());
    expect(await client.factory.keepAlive(null)).toBe(false);
    expect(await client.factory.keepAllAlive([])).toBe(-1n);
  });

  it("a log-in to a group the user is not in is taken, and then may do nothing", async () => {
    const { user, foreignGroup } = serverUnderTest();
    const context = { "omero.group": foreignGroup.name };
    await using client = await TestClient.logIn(serverUnderTest(), { ...user, context });
    const failure = await failureOf(client.eventContext());
    expect(failure).toMatchObject({ code: "SECURITY_VIOLATION", serverException: "::omero::SecurityViolation" });
  });

  it("a log-in to a group that does not exist is refused", async () => {
    const context = { "omero.group": "no such group" };
    const failure = await failureOf(TestClient.logIn(serverUnderTest(), { ...serverUnderTest().user, context }));
    expect(failure).toMatchObject({ name: "LoginError" });
  });

  it("a session for an unknown user is an AuthenticationException", async () => {
    await using admin = await logIn(serverUnderTest(), "admin");
    const principal = { name: "nobody-of-that-name", group: "", eventType: "User", umask: null };
    const sessions = await admin.sessions();
    const failure = await failureOf(
      sessions.createSessionWithTimeouts(createInstance("::omero::sys::Principal", principal), 0n, 60_000n),
    );
    expect(failure).toMatchObject({ serverException: "::omero::AuthenticationException" });
    expect(reasonOf(failure)).toBe("Error creating session.");
  });

  it("root has 15 privileges", async () => {
    await using admin = await logIn(serverUnderTest(), "admin");
    const { adminPrivileges, isAdmin } = await admin.eventContext();
    expect([isAdmin, new Set(adminPrivileges).size]).toEqual([true, 15]);
    const current = await (await admin.admin()).getCurrentAdminPrivileges();
    expect(new Set(current.map((privilege) => contentOf(privilege!.value)))).toEqual(new Set(adminPrivileges));
  });
}

/** What the server gives as the reason, without keys. */
function reasonOf({ cause }: Error): unknown {
  return cause instanceof IceUserException ? cause.members.reason : undefined;
}

async function endSession(server: RuledServer, uuid: string): Promise<void> {
  await using admin = await logIn(server, "admin");
  const session = createInstance("::omero::model::Session", { uuid: rstring(uuid), loaded: true });
  const sessions = await admin.sessions();
  while ((await sessions.closeSession(session)) > 0);
}

/** The key of a session that its only connection has just left. */
async function closedSession(server: RuledServer): Promise<string> {
  const client = await logIn(server);
  const uuid = client.sessionUuid;
  await client[Symbol.asyncDispose]();
  return uuid;
}

async function joinAfterClosing(server: RuledServer): Promise<string> {
  const uuid = await closedSession(server);
  let client: TestClient;
  try {
    client = await join(server, uuid);
  } catch {
    return "refused";
  }
  await using joined = client;
  await sleep(100);
  return (await failureOf(joined.eventContext())).code;
}
