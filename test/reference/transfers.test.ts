/** Files through a real router, to a server that bears one call at a time on a service with a state. */
import { expect, test } from "vitest";
import { connectToOmero } from "../../src/connect/index.js";
import { transferFiles } from "../support/file-transfers.js";
import { ReferenceServer } from "./reference-server.js";

test("files go up and come down unchanged, with one call on each service", async () => {
  const server = await ReferenceServer.start();
  try {
    await using connection = await connectToOmero({
      server: `tcp://127.0.0.1:${server.port}`,
      username: "user",
      password: "pass",
      interactive: false,
      allowToken: false,
      timeout: 60_000,
    });
    await transferFiles(connection, { count: 12, size: 3_000_001, seed: 20261128, atOnce: 2 });
    expect((await server.contents()).mostStatefulCalls).toBe(1);
  } finally {
    await server.stop();
  }
});
