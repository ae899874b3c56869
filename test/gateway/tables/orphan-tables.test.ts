import { afterAll, beforeAll, expect, test } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable } from "../../../src/gateway/tables/open-table.js";
import { listOrphanTables } from "../../../src/gateway/tables/orphan-tables.js";
import { rlong } from "../../../src/rtypes.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { deleteTable, uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
let other: OmeroConnection;
beforeAll(async () => {
  server = await startLabServer();
  connection = await connectPlain(server);
  other = await connectPlain(server, { username: "ben", password: "pass-ben" });
});
afterAll(async () => {
  await connection.close();
  await other.close();
  await server.close();
});

async function unattached(on: OmeroConnection, name: string, group?: string): Promise<number> {
  await using table = await newTable(on, name, { group });
  await table.initialize([field("a", "Long")]);
  return table.file.id;
}

async function annotated(fileId: number): Promise<number> {
  const file = createInstance("::omero::model::OriginalFile", { id: rlong(fileId), loaded: false });
  const annotation = createInstance("::omero::model::FileAnnotation", { file, loaded: true });
  const saved = await connection.getUpdateService().saveAndReturnObject(annotation);
  return Number(saved!.id!.val);
}

test("a user's own tables that are attached to nothing are listed, in all groups, and go one by one", async () => {
  const attached = await uploadTable({ a: [1] }, "attached", { connection, parentId: 1 });
  const lone = await unattached(connection, "lone", "other");
  const lonely = await unattached(connection, "with an annotation");
  const annotation = await annotated(lonely);
  await unattached(other, "another's");
  const found = await listOrphanTables({ connection, olderThan: 0 });
  expect(found).toEqual([
    {
      fileId: lone,
      annotationIds: [],
      name: "lone",
      size: expect.any(Number),
      groupId: expect.any(Number),
      created: expect.any(Date),
    },
    expect.objectContaining({ fileId: lonely, annotationIds: [annotation], name: "with an annotation" }),
  ]);
  expect(found[0]!.groupId).not.toBe(found[1]!.groupId);
  expect(Math.abs(found[0]!.created.getTime() - Date.now())).toBeLessThan(60_000);
  expect(found.map(({ fileId }) => fileId)).not.toContain(attached.fileId);
  for (const { fileId } of found) await deleteTable({ connection, fileId });
  expect(await listOrphanTables({ connection, olderThan: 0 })).toEqual([]);
});

test("young ones are left out, as they may be being uploaded", async () => {
  const fileId = await unattached(connection, "young");
  expect(await listOrphanTables({ connection })).toEqual([]);
  expect(await listOrphanTables({ connection, olderThan: 60_000 })).toEqual([]);
  await deleteTable({ connection, fileId });
});

test.each([-1, Number.NaN, "1" as unknown as number])("an age of %s is refused", async (olderThan) => {
  await expect(listOrphanTables({ connection, olderThan })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
