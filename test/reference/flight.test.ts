/** Arrow Flight before omero-py's own servants, by pyarrow's client. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { type FlightServer, serveFlight } from "../../src/flight/index.js";
import { uploadTable } from "../../src/write/index.js";
import { ReferenceServer, runPython } from "./reference-server.js";

const CLIENT = fileURLToPath(new URL("flight_client.py", import.meta.url));
const ROWS = 150_000;

let server: ReferenceServer;
let connection: OmeroConnection;
let flight: FlightServer;
let fileId: number;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const address = `tcp://127.0.0.1:${server.port}`;
  connection = await connectToOmero({
    server: address,
    username: "user",
    password: "pass",
    interactive: false,
    allowToken: false,
  });
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const table = {
    image: BigInt64Array.from(rows, (row) => 2n ** 63n - 1n - BigInt(row)),
    area: Float64Array.from(rows, (row) => ((row * 7_919) % 1_000) / 8),
    name: rows.map((row) => `Zelle ä ${row % 100}`),
  };
  ({ fileId } = await uploadTable(table, "cells", { connection, parentId: 1 }));
  flight = await serveFlight({ server: address });
});
afterAll(async () => {
  await flight?.close();
  await connection?.close();
  await server?.stop();
});

it("pyarrow reads by several threads, puts, is refused, gives up: as the protocol says, and nothing is left", async () => {
  const before = (await server.contents()).files.length;
  const found = JSON.parse(
    await runPython(CLIENT, [flight.url, String(fileId), join(server.directory, String(fileId))]),
  );
  expect(found).toEqual({
    refused: ["refused", "refused", "refused"],
    "timed out": ["timed out", "timed out"],
    failed: [expect.any(String), expect.any(String)],
    left: [],
    rows: ROWS,
  });
  await expect.poll(async () => (await server.contents()).openTables, { timeout: 10_000 }).toBe(0);
  expect((await server.contents()).files.length).toBe(before);
});
