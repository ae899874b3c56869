/** The embedded server, with the users and objects that its rules are tested with. */
import { startServer } from "../../src/server/index.js";
import type { RuledServer } from "../support/server-rules/index.js";

/** Milliseconds, that tests need not wait for three seconds. */
const FAILED_LOGIN_DELAY = 300;
const DEFAULT_MESSAGE_SIZE_MAX = 64 << 20;

export async function startEmbedded(messageSizeMax = DEFAULT_MESSAGE_SIZE_MAX): Promise<RuledServer> {
  const server = await startServer({
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
