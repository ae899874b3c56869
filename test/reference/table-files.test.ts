/** Files as users have them, by the function and by the command line, on the reference server. */
import { afterAll, beforeAll } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { type Uploads, uploadsTo } from "../support/stored-files.js";
import { testTableFiles } from "../support/table-file-tests.js";
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

testTableFiles(
  () => uploads,
  () => connection,
);
