/** 200 files of 20 MB go to each emulation of a server and come back: none hangs, fails or differs. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { startReference } from "../reference/ruled-reference.js";
import { startEmbedded } from "../server/ruled-embedded.js";
import { transferFiles } from "../support/file-transfers.js";
import type { RuledServer } from "../support/server-rules/index.js";

const COUNT = 200;
const SIZE = 20_000_001;
/** Files that are on their way at a time, and how many of the 200 go so. */
const TURNS = [1, 2, 4, 3];

describe.each([
  ["embedded", startEmbedded],
  ["reference", startReference],
])("on the %s server", (_, start) => {
  let server: RuledServer;
  beforeEach(async () => {
    server = await start();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  it(`${COUNT} files go up and come down unchanged, with one call on each service`, async () => {
    for (const [turn, atOnce] of TURNS.entries()) {
      await using connection = await connect(server, { secure: turn % 2 === 1 });
      await transferFiles(connection, { count: COUNT / TURNS.length, size: SIZE, seed: turn, atOnce });
    }
    expect(await server.mostStatefulCalls!()).toBe(1);
  });
});

function connect({ port, tlsPort, user }: RuledServer, { secure }: { secure: boolean }): Promise<OmeroConnection> {
  const server = secure ? `127.0.0.1:${tlsPort}` : `tcp://127.0.0.1:${port}`;
  const logIn = { username: user.user, password: user.password, interactive: false, allowToken: false };
  return connectToOmero({ server, ...logIn, timeout: 60_000 });
}
