/** Sessions that end, on a server that says so as a Java OMERO server does. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { ADMIN, connectPlain, eventsOf, startLabServer } from "./embedded.js";

const IDLE = 300;
const LONGER_THAN_IDLE = 900;

let server: OmeroServer;
let calls: string[] = [];

beforeAll(async () => {
  const beforeCall = ({ operation }: ServedCall) => void calls.push(operation);
  server = await startLabServer({ failedLoginDelay: 0, idleTimeout: IDLE, beforeCall });
});
afterAll(async () => {
  await server.close();
});

/** Milliseconds until `work` fails, and what with. */
async function failure(work: Promise<unknown>): Promise<{ error: Error; took: number }> {
  const began = performance.now();
  const error = await work.then(
    () => new Error("it did not fail"),
    (error: Error) => error,
  );
  return { error, took: performance.now() - began };
}

describe("a session that idled out", () => {
  test("is made anew at the first call, where its password is known", async () => {
    await using connection = await connectPlain(server, { keepAlive: false });
    const { uuid } = connection.session;
    const events = eventsOf(connection);
    await sleep(LONGER_THAN_IDLE);
    const began = performance.now();
    expect((await connection.getQueryService().find("Image", 1))?.id?.val).toBe(1n);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(events).toEqual(["lost", "new session"]);
    expect(connection.session.uuid).not.toBe(uuid);
  });

  test("is told at once, to this call and the next, where it was joined", async () => {
    await using owner = await connectPlain(server, { keepAlive: false });
    const { uuid } = owner.session;
    await using joined = await connectPlain(server, { sessionKey: uuid, keepAlive: false });
    await sleep(LONGER_THAN_IDLE);
    calls = [];
    for (let call = 0; call < 2; call++) {
      const { error, took } = await failure(joined.getQueryService().find("Image", 1));
      expect(error).toMatchObject({ name: "LoginError", code: "SESSION_EXPIRED" });
      expect(error.message).not.toContain(uuid);
      expect(took).toBeLessThan(3_000);
    }
    expect(calls.filter((operation) => operation !== "getQueryService" && operation !== "find")).toEqual([]);
  });

  test("cannot be joined, which is told as what it is", async () => {
    const owner = await connectPlain(server, { keepAlive: false });
    const { uuid } = owner.session;
    await sleep(LONGER_THAN_IDLE);
    const { error, took } = await failure(connectPlain(server, { sessionKey: uuid }));
    expect(error).toMatchObject({ name: "LoginError", code: "SESSION_EXPIRED" });
    expect(error.message).toMatch(/knows no such session/);
    expect(error.message).not.toContain(uuid);
    expect(took).toBeLessThan(3_000);
    await owner.close();
  });

  test("refuses a write, which is told as not done, and is made anew for the next call", async () => {
    await using connection = await connectPlain(server, { keepAlive: false });
    const update = connection.getUpdateService();
    const image = await connection.getQueryService().get("Image", 1);
    await update.saveAndReturnObject(image);
    await sleep(LONGER_THAN_IDLE);
    expect((await failure(update.saveAndReturnObject(image))).error).toMatchObject({ code: "SESSION_EXPIRED" });
    const again = await connection.getQueryService().get("Image", 1);
    expect((await update.saveAndReturnObject(again))?.id?.val).toBe(1n);
  });
});

test("a session that was just closed and can still be joined is told as one that has ended", async () => {
  const codes = new Set<string>();
  for (let attempt = 0; attempt < 15; attempt++) {
    const owner = await connectPlain(server);
    const { uuid } = owner.session;
    await owner.close();
    const { error, took } = await failure(rejoinAndCall(uuid));
    codes.add((error as { code?: string }).code ?? error.message);
    expect(error.message).not.toContain(uuid);
    expect(took).toBeLessThan(3_000);
  }
  expect([...codes]).toEqual(["SESSION_EXPIRED"]);
});

async function rejoinAndCall(uuid: string): Promise<void> {
  const joined: OmeroConnection = await connectPlain(server, { sessionKey: uuid });
  try {
    await sleep(100);
    await joined.getQueryService().find("Image", 1);
  } finally {
    await joined.close();
  }
}

test("a session that was joined lives on when it is left, and can be joined again at once", async () => {
  await using owner = await connectPlain(server);
  for (let attempt = 0; attempt < 10; attempt++) {
    const joined = await connectPlain(server, { sessionKey: owner.session.uuid });
    expect((await joined.getQueryService().find("Image", 1))?.id?.val).toBe(1n);
    await joined.close();
  }
});

test("a log-in to a group that the user is not in, or that does not exist, is refused", async () => {
  for (const group of ["third", "nowhere"]) {
    const { error } = await failure(connectPlain(server, { group }));
    expect(error).toMatchObject({ name: "LoginError", code: "LOGIN_REFUSED" });
  }
  const { error } = await failure(connectPlain(server, { group: "third" }));
  expect(error.message).toMatch(/the user is not in it/);
});

test("acting as an unknown user fails for the user name", async () => {
  await using admin = await connectPlain(server, ADMIN);
  const { error } = await failure(admin.asUser("nobody"));
  expect(error).toMatchObject({ name: "LoginError", code: "WRONG_CREDENTIALS" });
  expect(error.message).toMatch(/no session for user "nobody": check the user name/);
});
