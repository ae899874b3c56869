/** What one user may take of a server: everything has an end, and none of it is another user's. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { emptyColumns, fromColumnBatch } from "../../src/connect/ice/codec/columns/columns.js";
import type { Column, IObject, OriginalFile } from "../../src/connect/ice/schema/omero.js";
import { rstring } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { TestClient } from "./client.js";
import { batchOf } from "./tables/batches.js";

const FIELDS = [field("n", "Long"), field("s", "String", 8)];
const BOB = { user: "bob", password: "b" };
const BOB_USER = { name: "bob", password: "b" };

let server: OmeroServer;
let ann: TestClient;
beforeEach(async () => {
  server = await startServer({
    users: [
      { name: "ann", password: "a", groups: ["lab"] },
      { name: "bob", password: "b", groups: ["lab"] },
    ],
    userLimits: { sessions: 3, services: 12, sessionBytes: 10_000, objectBytes: 40_000, fileBytes: 5_000 },
  });
  ann = await TestClient.logIn(server, { user: "ann", password: "a" });
});
afterEach(async () => {
  await ann[Symbol.asyncDispose]();
  await server.close();
});

it("sessions", async () => {
  const sessions = await ann.sessions();
  for (let more = 0; more < 2; more++) await sessions.createUserSession(0, 0, "");
  await expect(sessions.createUserSession(0, 0, "")).rejects.toThrow(/More than 3 sessions of one user/);
  await using _bob = await TestClient.logIn(server, BOB);
});

it("services with a state, in all sessions together", async () => {
  await using other = await TestClient.logIn(server, { user: "ann", password: "a" });
  const open = async () => {
    for (let more = 0; more < 20; more++) await (more % 2 === 0 ? ann : other).rawFileStore();
  };
  await expect(open()).rejects.toThrow(/More than 12 services are open: close some/);
  await using bob = await TestClient.logIn(server, BOB);
  await bob.rawFileStore();
});

it("values kept with a session", async () => {
  const sessions = await ann.sessions();
  const { sessionUuid } = (await (await ann.admin()).getEventContext())!;
  await sessions.setInput(sessionUuid, "small", rstring("x".repeat(1000)));
  const refused = /A session keeps 10000 bytes at most/;
  await expect(sessions.setInput(sessionUuid, "large", rstring("x".repeat(5000)))).rejects.toThrow(refused);
  await expect(sessions.setOutput(sessionUuid, "large", rstring("x".repeat(5000)))).rejects.toThrow(refused);
  expect(await sessions.getInputKeys(sessionUuid)).toEqual(["small"]);
  expect(await sessions.getOutputKeys(sessionUuid)).toEqual([]);
});

it("objects, which are in memory", async () => {
  const update = await ann.update();
  const tag = (length: number) =>
    ({ iceId: "::omero::model::TagAnnotation", textValue: rstring("x".repeat(length)) }) as unknown as IObject;
  const saved = await update.saveAndReturnObject(tag(5000));
  await expect(update.saveObject(tag(20_000))).rejects.toThrow(/take more than 40000 bytes: delete some/);
  expect(await (await ann.query()).findAll("TagAnnotation", null)).toHaveLength(1);
  // Of what is deleted there is room again.
  await update.deleteObject(saved);
  await update.saveObject(tag(5000));
  await using bob = await TestClient.logIn(server, BOB);
  await (await bob.update()).saveObject(tag(5000));
});

it("bytes of a file, and of a table", async () => {
  const file = { iceId: "::omero::model::OriginalFile", name: rstring("f"), path: rstring("/") } as OriginalFile;
  const saved = await (await ann.update()).saveAndReturnObject(file);
  const store = await ann.rawFileStore();
  await store.setFileId(saved!.id!.val);
  await store.write(new Uint8Array(10), 4990, 10);
  await expect(store.write(new Uint8Array(1), 5000, 1)).rejects.toThrow(/files end before 5000/);
  const table = await ann.newTable("t");
  await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
  const rows = (count: number) =>
    fromColumnBatch(
      batchOf(
        FIELDS,
        Array.from({ length: count }, (_, row) => row),
      ),
    ) as readonly Column[];
  await table.addData(rows(300));
  await expect(table.addData(rows(300))).rejects.toThrow(/tables take 5000 bytes at most, not 9600/);
  expect(await table.getNumberOfRows()).toBe(300n);
});

it("bytes of all tables that are kept in memory", async () => {
  await using small = await startServer({ tables: "memory", memoryTableBytes: 10_000, users: [BOB_USER] });
  await using bob = await TestClient.logIn(small, BOB);
  const fill = async (name: string, count: number) => {
    const table = await bob.newTable(name);
    await table.initialize(emptyColumns(FIELDS) as readonly Column[]);
    const numbers = Array.from({ length: count }, (_, row) => row);
    await table.addData(fromColumnBatch(batchOf(FIELDS, numbers)) as readonly Column[]);
    return table;
  };
  const first = await fill("first", 300);
  const refused = /kept in memory, 10000 bytes at most: remove some/;
  await expect(fill("second", 350)).rejects.toThrow(refused);
  await expect(first.setMetadata("note", rstring("x".repeat(5000)))).rejects.toThrow(refused);
  await expect(first.setAllMetadata(new Map([["note", rstring("x".repeat(5000))]]))).rejects.toThrow(refused);
  const WIDE = [field("n", "Long"), field("s", "String", 1 << 20)];
  const wide = await bob.newTable("of one row");
  await wide.initialize(emptyColumns(WIDE) as readonly Column[]);
  await expect(wide.addData(fromColumnBatch(batchOf(WIDE, [1])) as readonly Column[])).rejects.toThrow(refused);
  expect(await first.getNumberOfRows()).toBe(300n);
  // Of what is removed there is room again.
  await first.delete();
  await fill("third", 350);
});

it("parameters of one call", async () => {
  const text = rstring("x".repeat(3 << 20));
  const parameters = { map: new Map([["p", text]]) };
  const query = (await ann.query()).projection("select :p from Image i", parameters as never);
  await expect(query).rejects.toThrow(/exceeds the server's limit: .* send, less at once/);
});
