/** Guessing of passwords: slow, whatever a guesser opens, and never seen in full in a log. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createIceClient } from "../../src/connect/ice/client/ice-client.js";
import type { Router } from "../../src/connect/ice/schema/omero.js";
import { permissionDenied } from "../../src/server/exceptions.js";
import { Guesses } from "../../src/server/guesses.js";
import type { LogEntry } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";
import { TestClient } from "./client.js";

const DELAY = 150;

test("guesses at one name are looked at a few at a time, over whatever connections", async () => {
  await using server = await startLabServer({ failedLoginDelay: DELAY });
  const begun = performance.now();
  const guesses = Promise.allSettled(
    Array.from({ length: 41 }, () => TestClient.logIn(server, { user: "ana", password: "wrong" })),
  );
  const other = await TestClient.logIn(server, { user: "ben", password: "pass-ben" });
  const answered = performance.now() - begun;
  await other[Symbol.asyncDispose]();
  for (const { status } of await guesses) expect(status).toBe("rejected");
  // The first is refused at once, ten at a time after that.
  expect(performance.now() - begun).toBeGreaterThan(4 * DELAY - 20);
  expect(answered).toBeLessThan(performance.now() - begun);
});

function wrong(guesses: Guesses, connection: object, address = "a"): Promise<string> {
  const guess = guesses.run(connection, address, "ana", true, () => {
    throw permissionDenied("wrong");
  });
  return guess.catch((error) => error.members.reason);
}

describe("a flood of wrong passwords from the address of the one who knows it", () => {
  const right = (guesses: Guesses, address = "a") => guesses.run({}, address, "ana", true, () => "in");

  test("over one connection, or some, holds up the right one for no longer than one wrong guess takes", async () => {
    const guesses = new Guesses(DELAY);
    const connections = Array.from({ length: 30 }, () => ({}));
    const flood = connections.flatMap((one) => [wrong(guesses, one), wrong(guesses, one), wrong(guesses, one)]);
    const behind = Promise.all(flood.slice(-30)).then(() => "all the others");
    for (const connection of connections) flood.push(wrong(guesses, connection));
    expect(await Promise.race([right(guesses), behind])).toBe("in");
    const reasons = await Promise.all(flood);
    expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(59);
    expect(reasons.filter((reason) => /^Too many log-ins wait/.test(reason))).toHaveLength(61);
  });

  test("over connections of their own holds it up until those before it were looked at", async () => {
    const guesses = new Guesses(DELAY);
    await wrong(guesses, {});
    const flood = Array.from({ length: 40 }, () => wrong(guesses, {}));
    const begun = performance.now();
    expect(await right(guesses)).toBe("in");
    expect(performance.now() - begun).toBeGreaterThan(3 * DELAY - 20);
    expect(new Set(await Promise.all(flood))).toEqual(new Set(["wrong"]));
  });

  test("does not hold it up at another address", async () => {
    const guesses = new Guesses(60_000);
    for (let guess = 0; guess < 70; guess++) void wrong(guesses, {});
    expect(await right(guesses, "b")).toBe("in");
  });

  test("is refused at once where too many wait", async () => {
    const guesses = new Guesses(DELAY);
    await wrong(guesses, {});
    const flood = Array.from({ length: 64 }, () => wrong(guesses, {}));
    const reasons = await Promise.all(flood);
    expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(60);
    expect(reasons.slice(60).every((reason) => /^Too many log-ins wait/.test(reason))).toBe(true);
  });
});

test("who logs in over the wire, amid such a flood, gets in", async () => {
  await using server = await startLabServer({ failedLoginDelay: DELAY });
  let isOver = false;
  const flooders = Array.from({ length: 6 }, async () => {
    const ice = await createIceClient({ host: server.host, port: server.port, transport: "tcp" });
    const router = ice.service<Router>(ice.router, "::Glacier2::Router");
    while (!isOver) await Promise.allSettled(Array.from({ length: 15 }, () => router.createSession("ana", "wrong")));
    await ice.destroy();
  });
  await sleep(3 * DELAY);
  const client = await TestClient.logIn(server, { user: "ana", password: "pass-ana" });
  isOver = true;
  await client[Symbol.asyncDispose]();
  await Promise.all(flooders);
});

test("guesses at many names from one address become slow, too", async () => {
  const guesses = new Guesses(DELAY);
  const guess = (name: string, address = "a") =>
    guesses
      .run({}, address, name, false, () => {
        throw permissionDenied("wrong");
      })
      .catch(() => {});
  for (let name = 0; name < 100; name++) await guess(`nobody ${name}`);
  let isAnswered = false;
  const slow = guess("nobody else").then(() => {
    isAnswered = true;
  });
  await guess("nobody else", "another address");
  expect(isAnswered).toBe(false);
  await slow;
});

test("two log-ins at once on one connection make one session", async () => {
  await using server = await startLabServer();
  const ice = await createIceClient({ host: server.host, port: server.port, transport: "tcp" });
  const router = ice.service<Router>(ice.router, "::Glacier2::Router");
  const logIns = await Promise.allSettled(Array.from({ length: 15 }, () => router.createSession("ana", "pass-ana")));
  expect(logIns.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await server.contents()).sessions).toHaveLength(1);
  await ice.destroy();
});

test("a key that opens nothing is not in the log", async () => {
  const key = "0d15ea5e-c0de-4bad-8bad-feedfacef00d";
  const entries: LogEntry[] = [];
  await using server = await startLabServer({ log: (entry) => entries.push(entry) });
  await expect(TestClient.logIn(server, { user: key, password: key })).rejects.toThrow("Password check failed");
  const text = JSON.stringify(entries);
  expect(text).toContain("Password check failed for '<session key>'");
  expect(text).not.toContain(key);
});
