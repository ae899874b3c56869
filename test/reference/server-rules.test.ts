/** The reference server does as a Java OMERO server does. */
import { describe } from "vitest";
import { describeServerRules, type RuledServer } from "../support/server-rules/index.js";
import { ReferenceServer } from "./reference-server.js";

/** Milliseconds, that tests need not wait for three seconds. */
const FAILED_LOGIN_DELAY = 300;

/** 64 MiB is the default; the other is what newer installations have. */
for (const kibibytes of [65_536, 250_000]) {
  describe(`with messages of ${kibibytes} KiB at most`, () => describeServerRules(() => start(kibibytes)));
}

async function start(messageSizeMax: number): Promise<RuledServer> {
  const server = await ReferenceServer.start({ strict: true, messageSizeMax, failedLoginDelay: FAILED_LOGIN_DELAY });
  return {
    host: "127.0.0.1",
    port: server.port,
    tlsPort: server.sslPort,
    user: { user: "user", password: "pass" },
    colleague: { user: "colleague", password: "pass" },
    admin: { user: "root", password: "rootpass" },
    failedLoginDelay: FAILED_LOGIN_DELAY,
    foreignGroup: { id: 7n, name: "private" },
    foreignImage: 77n,
    image: 1n,
    messageSizeMax: messageSizeMax * 1024,
    mostStatefulCalls: async () => (await server.contents()).mostStatefulCalls,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
