/** Conditions with more values than a server takes at a time. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { column, not } from "../../src/query/index.js";
import { readArrow } from "../../src/read/index.js";
import { startServer } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";

const ROWS = 20_000;
let server: Awaited<ReturnType<typeof startServer>>;
let connection: OmeroConnection;
let fileId: number;

beforeAll(async () => {
  server = await startServer();
  const { tlsPort: port } = server;
  connection = await connectToOmero({
    server: "127.0.0.1",
    port,
    username: "user",
    password: "pass",
    interactive: false,
  });
  const image = Array.from({ length: ROWS }, (_, row) => row);
  const area = image.map((row) => row % 10);
  ({ fileId } = await uploadTable({ image, area }, "ids", { connection, parentId: 1 }));
});

afterAll(async () => {
  await connection?.close();
  await server?.close();
});

const upTo = (count: number) => Array.from({ length: count }, (_, id) => id);

test.each([200, 201, 256, 500, ROWS])("%i ids", async (count) => {
  const table = await readArrow({ connection, fileId, query: column("image").in(upTo(count)) });
  expect(table.numRows).toBe(count);
  expect(table.getChild("image")!.get(count - 1)).toBe(BigInt(count - 1));
});

test("ids with gaps between them, and fractions that are none", async () => {
  const even = upTo(600).map((id) => 2 * id);
  expect((await readArrow({ connection, fileId, query: column("image").in(even) })).numRows).toBe(600);
  const halves = await uploadTable({ x: upTo(1000).map((id) => id / 2) }, "halves", { connection, parentId: 1 });
  const query = column("x").in(upTo(300));
  expect((await readArrow({ connection, fileId: halves.fileId, query })).numRows).toBe(300);
});

test("many values together with other conditions", async () => {
  const both = column("image").in(upTo(1000)).and(column("area").eq(3));
  expect((await readArrow({ connection, fileId, query: both })).numRows).toBe(100);
  const either = column("image")
    .in(upTo(1000))
    .or(column("image").in([5, 19_999]));
  expect((await readArrow({ connection, fileId, query: either })).numRows).toBe(1001);
});

test("what cannot be searched for in parts is refused", async () => {
  const query = not(column("image").in(upTo(1000).map((id) => 2 * id)));
  await expect(readArrow({ connection, fileId, query })).rejects.toMatchObject({ name: "ConditionError" });
});
