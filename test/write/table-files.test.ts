/** Files as users have them, by the function and by the command line, on the embedded server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { isIdName } from "../../src/formats/values/column-types.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { LAYOUTS } from "../support/layouts.js";
import { type Uploads, uploadsTo } from "../support/stored-files.js";
import { testTableFiles } from "../support/table-file-tests.js";

let server: OmeroServer;
let connection: OmeroConnection;
let uploads: Uploads;

beforeAll(async () => {
  server = await startServer({ tables: "memory" });
  const address = { server: "127.0.0.1", port: server.tlsPort };
  connection = await connectToOmero({ ...address, username: "user", password: "pass", interactive: false });
  uploads = await uploadsTo(connection, `127.0.0.1:${server.tlsPort}`);
});
afterAll(async () => {
  await uploads?.[Symbol.asyncDispose]();
  await connection?.close();
  await server?.close();
});

testTableFiles(
  () => uploads,
  () => connection,
);

test.each(LAYOUTS)("$program, stored at the first try", async ({ text, fields, first }) => {
  const stored = await uploads.byFunction("table.txt", text);
  expect(stored).toMatchObject({ fields: fields.map(asStored) });
  const plain = first.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell));
  expect((stored as { rows: unknown[][] }).rows[0]).toEqual(plain);
});

/** Integers under the name of an id are ids. */
function asStored(field: string): string {
  const [name, type] = [field.slice(0, field.lastIndexOf(":")), field.slice(field.lastIndexOf(":") + 1)];
  if (type !== "Long" || !isIdName(name)) return field;
  return `${name}:${name[0]!.toUpperCase()}${name.slice(1).toLowerCase()}`;
}
