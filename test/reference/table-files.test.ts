/** Files as users have them, by the function and by the command line, on the reference server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { roundTrips } from "../support/round-trips.js";
import { type Uploads, uploadsTo } from "../support/stored-files.js";
import { TABLE_FILES } from "../support/table-files.js";
import { ReferenceServer } from "./reference-server.js";

let server: ReferenceServer;
let connection: OmeroConnection;
let uploads: Uploads;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const address = `tcp://127.0.0.1:${server.port}`;
  connection = await connectToOmero({ server: address, username: "user", password: "pass", interactive: false });
  uploads = await uploadsTo(connection, address);
});
afterAll(async () => {
  await uploads?.[Symbol.asyncDispose]();
  await connection?.close();
  await server?.stop();
});

describe.each(TABLE_FILES)("$file", ({ file, content, fields, rows, error }) => {
  const expected = error === undefined ? { fields, rows } : { error: expect.stringContaining(error[1]) };

  test("by uploadTable", async () => {
    expect(await uploads.byFunction(file, content)).toEqual(expected);
  });

  test("by the command line", async () => {
    expect(await uploads.byCommand(file, content)).toEqual(expected);
  });
});

test("300 tables come back byte for byte", async () => {
  expect(await roundTrips(connection, 300)).toEqual([]);
}, 300_000);
