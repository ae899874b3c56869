/** What a client was told has happened is there after `kill -9` at the very next moment. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { openHdf5Table } from "../../src/formats/hdf5/index.js";
import { uploadFile } from "../../src/gateway/files/upload-file.js";
import { appendRows, deleteTable, uploadTable } from "../../src/write/index.js";
import { connectPlain } from "../connect/embedded.js";
import { type PlainContents, ServerProcess } from "../support/server-process.js";

/** Of each kind; `KILL_ROUNDS=125` makes 500. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "acknowledged-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const rows = (count: number) => ({ a: Array.from({ length: count }, (_, row) => row) });

/** Does something and tells how to see that it was done. */
type Deed = (connection: OmeroConnection) => Promise<(after: PlainContents) => Promise<void> | void>;

const upload: Deed = async (connection) => {
  const made = await uploadTable(rows(1000), "t", { connection, parentId: 1 });
  return async (after) => {
    expect(after.annotations.map(({ id }) => id)).toContain(made.annotationId);
    expect(after.links.map(({ child }) => child.id)).toContain(made.annotationId);
    expect(await rowCount(made.fileId)).toBe(1000);
  };
};

const append: Deed = async (connection) => {
  const { fileId } = await uploadTable(rows(1), "t", { connection, parentId: 1 });
  await appendRows(rows(500), { connection, fileId });
  return async () => expect(await rowCount(fileId)).toBe(501);
};

const remove: Deed = async (connection) => {
  const { fileId, annotationId } = await uploadTable(rows(1), "t", { connection, parentId: 1 });
  await deleteTable({ connection, fileId });
  return (after) => {
    expect(after.files.map(({ id }) => id)).not.toContain(fileId);
    expect(after.annotations.map(({ id }) => id)).not.toContain(annotationId);
  };
};

const attach: Deed = async (connection) => {
  const { fileId } = await uploadFile("README.md", { connection, parentId: 1 });
  return (after) => expect(after.files.find(({ id }) => id === fileId)).toMatchObject({ name: "README.md" });
};

async function rowCount(fileId: number): Promise<number> {
  await using table = await openHdf5Table(join(directory, "files", String(fileId)));
  return table.rowCount;
}

test.each<[string, Deed]>([
  ["an upload", upload],
  ["rows that were appended", append],
  ["a deletion", remove],
  ["a file", attach],
])(
  "%s",
  async (_what, deed) => {
    for (let round = 0; round < ROUNDS; round++) {
      const killed = await ServerProcess.start({ tables: "hdf5", directory }, { built: true });
      const connection = await connectPlain(killed, { reconnectTimeout: 0 });
      const check = await deed(connection);
      await killed.kill();
      await connection.close().catch(() => {});
      await using again = await ServerProcess.start({ tables: "hdf5", directory }, { built: true });
      await check(await again.contents());
    }
  },
  60_000 + ROUNDS * 10_000,
);
