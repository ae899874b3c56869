/** Guessing of passwords: slow, whatever a guesser opens, and never seen in full in a log. */
import { expect, test } from "vitest";
import { createIceClient } from "../../src/connect/ice/client/ice-client.js";
import type { Router } from "../../src/connect/ice/schema/omero.js";
import { permissionDenied } from "../../src/server/exceptions.js";
import { Guesses } from "../../src/server/guesses.js";
import type { LogEntry } from "../../src/server/index.js";
import { startLabServer } from "../connect/embedded.js";
import { TestClient } from "./client.js";

const DELAY = 150;

test("guesses at one name wait for each other, over many connections", async () => {
  await using server = await startLabServer({ failedLoginDelay: DELAY });
  const begun = performance.now();
  const guesses = Promise.allSettled(
    Array.from({ length: 6 }, () => TestClient.logIn(server, { user: "ana", password: "wrong" })),
  );
  const other = await TestClient.logIn(server, { user: "ben", password: "pass-ben" });
  const answered = performance.now() - begun;
  await other[Symbol.asyncDispose]();
  for (const { status } of await guesses) expect(status).toBe("rejected");
  // The first is refused at once.
  expect(performance.now() - begun).toBeGreaterThan(5 * DELAY - 20);
  expect(answered).toBeLessThan(performance.now() - begun);
});

test("many guesses at one name do not wait, but are refused", async () => {
  const guesses = new Guesses(DELAY);
  const guess = (address: string) =>
    guesses.run(address, "ana", true, () => {
      throw permissionDenied("wrong");
    });
  for (let first = 0; first < 2; first++) await expect(guess("a")).rejects.toThrow("wrong");
  const waiting = Promise.allSettled(Array.from({ length: 14 }, () => guess("a")));
  const right = guesses.run("another address", "ana", true, () => "in");
  expect(await right).toBe("in");
  const reasons = (await waiting).map((outcome) => (outcome as PromiseRejectedResult).reason.members.reason);
  expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(10);
  expect(reasons.filter((reason) => /^Too many log-ins wait/.test(reason))).toHaveLength(4);
});

test("guesses at many names from one address become slow, too", async () => {
  const guesses = new Guesses(DELAY);
  const guess = (name: string, address = "a") =>
    guesses
      .run(address, name, false, () => {
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
  const logIns = await Promise.allSettled(Array.from({ length: 5 }, () => router.createSession("ana", "pass-ana")));
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
