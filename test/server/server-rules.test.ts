/** The embedded server does as a Java OMERO server does. */
import { describe } from "vitest";
import { startServer } from "../../src/server/index.js";
import { describeServerRules, type RuledServer } from "../support/server-rules/index.js";

/** Milliseconds, that tests need not wait for three seconds. */
const FAILED_LOGIN_DELAY = 300;
const KIBIBYTE = 1024;

/** 64 MiB is the default; the other is what newer installations have. */
for (const messageSizeMax of [64 * KIBIBYTE * KIBIBYTE, 250_000 * KIBIBYTE]) {
  describe(`with messages of ${messageSizeMax / KIBIBYTE} KiB at most`, () =>
    describeServerRules(() => start(messageSizeMax)));
}

async function start(messageSizeMax: number): Promise<RuledServer> {
  const server = await startServer({
    strict: true,
    failedLoginDelay: FAILED_LOGIN_DELAY,
    messageSizeMax,
    groups: [
      { name: "lab", id: 5 },
      { name: "private", id: 7, permissions: "rw----" },
    ],
    users: [
      { name: "user", password: "pass", groups: ["lab"] },
      { name: "colleague", password: "pass", groups: ["lab"] },
      { name: "stranger", password: "pass", groups: ["private"] },
      { name: "root", password: "rootpass" },
    ],
    objects: [
      { type: "Image", id: 1 },
      { type: "Image", id: 77, group: "private", owner: "stranger" },
    ],
  });
  return {
    host: server.host,
    port: server.port,
    tlsPort: server.tlsPort,
    user: { user: "user", password: "pass" },
    colleague: { user: "colleague", password: "pass" },
    admin: { user: "root", password: "rootpass" },
    failedLoginDelay: FAILED_LOGIN_DELAY,
    foreignGroup: { id: 7n, name: "private" },
    foreignImage: 77n,
    image: 1n,
    messageSizeMax,
    mostStatefulCalls: async () => (await server.contents()).mostStatefulCalls,
    [Symbol.asyncDispose]: () => server.close(),
  };
}
