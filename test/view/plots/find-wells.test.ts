/** Plates by the ids of wells, whose places the server tells. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { rint } from "../../../src/rtypes.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { openStore } from "../../../src/store/index.js";
import { drawTable, type PlotTableOptions } from "../../../src/view/plots/draw-table.js";
import { uploadTable } from "../../../src/write/index.js";
import { connectPlain, startLabServer, USER } from "../../connect/embedded.js";

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
const folder = mkdtempSync(join(tmpdir(), "wells-"));
let queries = 0;
const WELLS = { Well: [1n, 1n, 4n, 4n, -1n, 99n], area: [1, 3, 5, 7, 100, 100] };

beforeAll(async () => {
  const plate = { plate: { type: "Plate", id: 1 } };
  const well = (id: number, row: number, column: number) => ({
    type: "Well",
    id,
    references: plate,
    values: { row: rint(row), column: rint(column) },
  });
  server = await startLabServer({
    objects: [{ type: "Plate", id: 1 }, well(1, 0, 0), well(4, 1, 1)],
    beforeCall: ({ operation }) => {
      if (operation === "projection") queries++;
    },
  });
  connection = await connectPlain(server);
  ({ fileId } = await uploadTable(WELLS, "Wells", { connection, parentType: "Plate", parentId: 1 }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await connection.close();
  await server.close();
});

const draw = async (options: Partial<PlotTableOptions>) => {
  const { spec } = await drawTable({ kind: "plate", x: "Well", y: "area", ...options });
  const { title, data } = spec as { title: { subtitle: string }; data: { values: Record<string, unknown>[] } };
  return { note: title.subtitle, wells: data.values.map(({ row, column, mean }) => [row, column, mean]) };
};
const MEANS = {
  note: "6 rows; 2 rows name no well",
  wells: [
    ["A", 1, 2],
    ["B", 2, 6],
  ],
};

it("asks for all wells of a table at once", async () => {
  queries = 0;
  expect(await draw({ connection, fileId })).toEqual(MEANS);
  const withoutPlate = await drawTable({ kind: "histogram", x: "area", connection, fileId });
  expect(withoutPlate.spec).toBeDefined();
  expect(queries).toBeLessThanOrEqual(3);
});

it("takes the way that is said, and what a store keeps", async () => {
  const taken: string[] = [];
  const onRoute = (way: string) => taken.push(way);
  await using store = await openStore(folder);
  for (const kept of [{}, { store }, { store }]) await draw({ connection, fileId, route: "service", onRoute, ...kept });
  expect(taken.at(-1)).toBe("store");
  expect(await draw({ connection, fileId, store })).toEqual(MEANS);
});

it("logs in once where there is no connection", async () => {
  const login = { server: `tcp://127.0.0.1:${server.port}`, username: USER.username, password: USER.password };
  expect(await draw({ ...login, fileId })).toEqual(MEANS);
});

it("takes rows that are at hand, and asks the connection that is given", async () => {
  expect(await draw({ source: WELLS, connection })).toEqual(MEANS);
  await expect(draw({ source: WELLS })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("say which server"),
  });
  const none = { Well: [98n], area: [1] };
  await expect(draw({ source: none, connection })).rejects.toThrow("no ids of wells that this server has");
});
