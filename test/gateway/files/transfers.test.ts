import { expect, test } from "vitest";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { transferFiles } from "../../support/file-transfers.js";

test.each([1, 3])("files go up and come down unchanged, %d at once, with one call on each service", async (atOnce) => {
  await using server = await startLabServer({ seed: atOnce });
  await using connection = await connectPlain(server, { timeout: 20_000 });
  await transferFiles(connection, { count: 3, size: 700_001, seed: 20261128 + atOnce, atOnce });
  expect((await server.contents()).mostStatefulCalls).toBe(1);
});
