/** Tables of omero-py's own servants, kept in a store: fetched once, and again after every change that was closed. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ColumnBatch } from "../../src/columns/batch.js";
import { connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import { appendRows, updateRows, uploadTable } from "../../src/write/index.js";
import { openedStore } from "../store/support.js";
import { batchOf, joinCells } from "../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../support/memory-table.js";
import { PythonSession } from "./python-session.js";
import { ReferenceServer } from "./reference-server.js";

const FIELDS = EVERY_TYPE.map((column) => ({ ...column, name: column.name.replace("/", "|") }));
const cells = everyTypeCells(1_000);

let server: ReferenceServer;
let connection: OmeroConnection;
let python: PythonSession;

beforeAll(async () => {
  server = await ReferenceServer.start();
  const login = { server: `tcp://127.0.0.1:${server.port}`, username: "user", password: "pass" };
  connection = await connectToOmero({ ...login, interactive: false, allowToken: false });
  python = await PythonSession.start(`
    import omero.grid, omero.model

    def opened(file_id):
        return client.sf.sharedResources().openTable(omero.model.OriginalFileI(file_id, False))

    def change(file_id, row, value):
        table = opened(file_id)
        data = table.slice([1], [row])
        data.columns[0].values = [value]
        table.update(data)
        table.close()
  `);
  await python.run("client = log_in(port)", { port: server.port });
});
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
  await connection?.close();
  await server?.stop();
});

/** A reader with a store of its own. */
async function keeping() {
  const store = await openedStore();
  return async (fileId: number) => {
    let route = "";
    const batches: ColumnBatch[] = [];
    const onRoute = (taken: string) => {
      route = taken;
    };
    for await (const batch of readBatches({ connection, fileId, store, route: "service", onRoute }))
      batches.push(batch);
    return { route, cells: joinCells(batches).cells };
  };
}

it("made by this package, with a checksum", async () => {
  const read = await keeping();
  const { fileId } = await uploadTable([batchOf(FIELDS, cells)], "kept", { connection, parentId: 1 });
  expect(await read(fileId)).toEqual({ route: "service", cells });
  expect(await read(fileId)).toEqual({ route: "store", cells });
  await updateRows([{ count: -5n }], { connection, fileId, rows: [7] });
  const changed = cells.map((column, index) => (index === 1 ? column.with(7, -5n) : column));
  expect(await read(fileId)).toEqual({ route: "service", cells: changed });
  expect(await read(fileId)).toEqual({ route: "store", cells: changed });
  await appendRows([batchOf(FIELDS, cells)], { connection, fileId });
  expect((await read(fileId)).route).toBe("service");
});

it("made and changed by omero-py, without one", async () => {
  const read = await keeping();
  const fileId = await python.run<number>(`
    table = client.sf.sharedResources().newTable(1, "plain")
    columns = [omero.grid.LongColumn("n", "", []), omero.grid.LongColumn("m", "", [])]
    table.initialize(columns)
    columns[0].values = columns[1].values = list(range(2000))
    table.addData(columns)
    result = table.getOriginalFile().id.val
    table.close()
  `);
  const first = (await read(fileId)).cells;
  expect((await read(fileId)).route).toBe("store");
  for (const value of [-1, -2]) {
    await python.run("change(f, 3, v)", { f: fileId, v: value });
    const now = await read(fileId);
    expect(now.route).toBe("service");
    expect(now.cells[1]).toEqual(first[1]!.with(3, BigInt(value)));
    expect((await read(fileId)).route).toBe("store");
  }
});
