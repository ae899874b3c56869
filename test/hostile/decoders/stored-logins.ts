/** What log-ins leave on disk: session files of `omero login`, and the token of omero-user-token. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { findStoredSessions } from "../../../src/connect/credentials/session-store.js";
import { readUserToken } from "../../../src/connect/credentials/user-token.js";
import type { Decoder } from "../decoder.js";
import { scratchPath } from "../scratch.js";

const KEY = "b1946ac9-2492-4d23-8f2c-5e1f0a4b7c88";
const SESSION = `omero.host=omero.example.org\nomero.user=ana\nomero.sess=${KEY}\nomero.port=4064\nomero.group=lab\n`;
const TOKEN = `${KEY}@omero.example.org:4064\n`;

export const storedLogins: Decoder = {
  name: "session files and tokens",
  share: 2,
  seeds: () => [
    ...["session", "last host", "last user", "last session"].map((file) => ({
      bytes: Buffer.from({ session: SESSION, "last host": "omero.example.org", "last user": "ana" }[file] ?? KEY),
      decode: (bytes: Uint8Array) => readSessions({ [file]: bytes }),
    })),
    { bytes: Buffer.from(TOKEN), decode: readToken },
  ],
};

async function readSessions(files: Record<string, Uint8Array>): Promise<void> {
  const directory = scratchPath("sessions");
  const user = join(directory, "omero.example.org", "ana");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(directory, "._LASTHOST_"), files["last host"] ?? "omero.example.org");
  writeFileSync(join(directory, "omero.example.org", "._LASTUSER_"), files["last user"] ?? "ana");
  writeFileSync(join(user, "._LASTSESS_"), files["last session"] ?? KEY);
  writeFileSync(join(user, KEY), files.session ?? SESSION);
  for (const query of [{}, { username: "ana", group: "lab" }]) {
    const { sessions, remarks } = await findStoredSessions(directory, query);
    // Splicing may put the key where a name should be, which is no secret.
    if (files.session) refuseKey(remarks);
    for (const { address } of sessions) {
      if (!(address.port >= 1 && address.port <= 65535)) throw new Error(`port ${address.port}`);
    }
  }
}

async function readToken(bytes: Uint8Array): Promise<void> {
  const path = scratchPath("token");
  writeFileSync(path, bytes);
  const token = await readUserToken(path);
  // Splicing may put a part of the key where the host should be.
  refuseKey(typeof token === "string" ? token : { ...token, address: undefined });
}

/** What is printed of what was found holds no key. */
function refuseKey(...found: unknown[]): void {
  const printed = inspect(found, { depth: 9, showHidden: true }) + JSON.stringify(found);
  if (printed.includes(KEY.slice(0, 8))) throw new Error(`the key is printed: ${printed}`);
}
