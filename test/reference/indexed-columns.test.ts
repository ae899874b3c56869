/** Conditions on columns that have an index, as somebody may have made with PyTables. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { readArrow } from "../../src/read/index.js";
import { uploadTable } from "../../src/write/index.js";
import { PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

const ROWS = 20_000;
const INDEX = `
  with tables.open_file(path, "a") as f:
      columns = f.root.OME.Measurements.cols
      columns.label.create_csindex()
      columns.area.create_csindex()
  result = True
`;
let server: ReferenceServer;
let connection: OmeroConnection;
let fileId: number;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const [user, password] = ["user", "pass"];
  connection = await connectToOmero({
    server: `tcp://127.0.0.1:${server.port}`,
    username: user,
    password,
    interactive: false,
  });
  const area = Array.from({ length: ROWS }, (_, row) => row);
  const label = area.map((row) => `cell ${row % 50}`);
  ({ fileId } = await uploadTable({ label, area }, "indexed", { connection, parentId: 1 }));
  await using python = await PythonSession.start("import tables");
  expect(await python.run(INDEX, { path: join(server.directory, String(fileId)) })).toBe(true);
}, 60_000);
afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

test.each([
  ["label == 'cell 3'", 400],
  ["(label == 'cell 3') & (area < 100)", 2],
  ["label > 'cell 48'", 2400],
  ["~(label == 'cell 3')", 19_600],
  ["label != 'cell 3'", 19_600],
  ["contains(label, '49')", 400],
  ["area < 100", 100],
])("%s", async (query, count) => {
  expect((await readArrow({ connection, fileId, query, columnNames: ["area"] })).numRows).toBe(count);
});
