/** What an honest client does: it logs in, makes a table and a file, reads, asks, changes and leaves. */

import { connectFrom } from "../../src/connect/connect-to-omero.js";
import type { ConnectOptions, OmeroConnection } from "../../src/connect/index.js";
import { createFile } from "../../src/gateway/files/raw-file.js";
import { openTable } from "../../src/gateway/tables/open-table.js";
import type { RemoteTable } from "../../src/gateway/tables/table.js";
import { readArrow } from "../../src/read/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";
import { NOWHERE, USER } from "../connect/embedded.js";

export const ROWS = 500;
const COLUMNS = {
  image: Array.from({ length: ROWS }, (_, row) => row),
  area: Array.from({ length: ROWS }, (_, row) => row / 3),
  name: Array.from({ length: ROWS }, (_, row) => "été ".repeat(row % 4)),
  ok: Array.from({ length: ROWS }, (_, row) => row % 2 === 0),
};

/** Milliseconds for a call whose answer has been made unreadable. */
const CALL_TIMEOUT = 800;

/** Rows that were read back. */
export async function workHonestly(port: number, options: ConnectOptions = {}): Promise<number> {
  const login = { server: `tcp://127.0.0.1:${port}`, ...USER, timeout: CALL_TIMEOUT, connectTimeout: CALL_TIMEOUT };
  const connection = await connectFrom(NOWHERE, { ...login, reconnectTimeout: 500, ...options });
  try {
    const uploaded = await uploadTable(COLUMNS, "honest", { connection, parentId: 1, onWarning: () => {} });
    const { fileId } = uploaded;
    const { numRows } = await readArrow({ connection, fileId });
    await readArrow({ connection, fileId, query: "area > limit", variables: { limit: 7 } });
    await readArrow({ connection, fileId, rows: [3, 1, 400], columnNames: ["name"] });
    await describe(await openTable(connection, { fileId }));
    await changeFile(connection);
    await connection.getQueryService().projection("select i.id, i.name from Image i", null);
    await deleteTable({ connection, fileId });
    return numRows;
  } finally {
    await connection.close();
  }
}

async function describe(table: RemoteTable): Promise<void> {
  await table.setMetadata("key", 5n).catch(async (error) => {
    await table.close().catch(() => {});
    throw error;
  });
  await table.close();
}

async function changeFile(connection: OmeroConnection): Promise<void> {
  await using file = await createFile(connection, { name: "notes.txt", mimetype: "text/plain" });
  await file.write(0, Buffer.from("some notes"));
  await file.save();
  await file.read(2, 5);
}
