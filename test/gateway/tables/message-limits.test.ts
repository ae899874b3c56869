/** A server that ends the connection, or fails, where a message exceeds its limit. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ColumnBatch, field } from "../../../src/columns/batch.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { readBatches } from "../../../src/read/index.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { appendRows, uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

const LIMIT = 64 << 20;
const WIDTH = 1_000;
const ROWS = 90_000;

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number | bigint;

/** Rows of `WIDTH` bytes of text each. */
function texts(rowCount: number): ColumnBatch {
  const offsets = Int32Array.from({ length: rowCount + 1 }, (_, row) => row * WIDTH);
  const bytes = new Uint8Array(rowCount * WIDTH).fill(65);
  for (let row = 0; row < rowCount; row++) bytes[row * WIDTH] = 48 + (row % 10);
  const columns = [{ kind: "string" as const, offsets, bytes }];
  return { fields: [field("text", "String", WIDTH)], columns, rowCount, rowNumbers: { start: 0, step: 1 } };
}

beforeAll(async () => {
  server = await startLabServer({ tables: "memory", messageSizeMax: LIMIT });
  connection = await connectPlain(server);
  ({ fileId } = await uploadTable(texts(ROWS), "texts", { connection, parentId: 1 }));
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
});

test("chosen chunks stay below it, written and read", async () => {
  let rows = 0;
  for await (const batch of readBatches({ connection, fileId, route: "service" })) {
    expect(batch.rowCount * WIDTH).toBeLessThan(32 << 20);
    rows += batch.rowCount;
  }
  expect(rows).toBe(ROWS);
});

test("reads by larger chunks go on with smaller ones, after a warning", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  try {
    let rows = 0;
    for await (const batch of readBatches({ connection, fileId, route: "service", chunkSize: ROWS })) {
      const column = batch.columns[0]!;
      if (column.kind !== "string") throw new Error("no text");
      for (let row = 0; row < batch.rowCount; row++) {
        if (column.bytes[column.offsets[row]!] !== 48 + ((rows + row) % 10)) throw new Error(`row ${rows + row}`);
      }
      rows += batch.rowCount;
    }
    expect(rows).toBe(ROWS);
    const messages = warn.mock.calls.map(([message]) => String(message));
    expect(messages).toEqual([
      expect.stringMatching(/^chunkSize 90000 may make messages of 87 MiB, .* 64 MiB: \d+ is safe/),
    ]);
  } finally {
    warn.mockRestore();
  }
});

test("a write that is lost in the midst of a larger request says so, and which chunkSize to give", async () => {
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const sending = uploadTable(texts(ROWS), "lost", { connection, parentId: 1, chunkSize: ROWS, onWarning });
  await expect(sending).rejects.toMatchObject({
    code: "UPLOAD_FAILED",
    message: expect.stringMatching(/Its size may be the cause: .* had 87 MiB, .* give chunkSize: 16\d{3}/),
  });
  expect(warnings).toEqual([expect.stringContaining("chunkSize 90000")]);
});

test("a chunkSize that all servers can take is not warned of", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  try {
    await appendRows(texts(10), { connection, fileId, chunkSize: 1_000_000 });
    await appendRows(texts(2_000), { connection, fileId, chunkSize: 1_000 });
    expect(warn).not.toHaveBeenCalled();
  } finally {
    warn.mockRestore();
  }
});
