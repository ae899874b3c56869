/** The reference server, with what tests of its rules need to know of it. */
import type { RuledServer } from "../support/server-rules/index.js";
import { ReferenceServer } from "./reference-server.js";

/** Milliseconds, that tests need not wait for three seconds. */
const FAILED_LOGIN_DELAY = 300;
/** In KiB. */
const DEFAULT_MESSAGE_SIZE_MAX = 65_536;

export async function startReference(messageSizeMax = DEFAULT_MESSAGE_SIZE_MAX): Promise<RuledServer> {
  const server = await ReferenceServer.start({ messageSizeMax, failedLoginDelay: FAILED_LOGIN_DELAY });
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
