/** A server that does not tell when a table changes: a store keeps nothing of it. */
import { afterAll, expect, it, vi } from "vitest";
import { field } from "../../src/columns/batch.js";
import { newTable } from "../../src/gateway/tables/open-table.js";
import { readArrow } from "../../src/read/index.js";
import { connectPlain, startLabServer } from "../connect/embedded.js";
import { openedStore } from "../store/support.js";
import { batchOf } from "../support/cells.js";

const STAMP = "../../src/gateway/tables/table-stamp.js";

// Files of tests share the modules of their process: these are loaded again, with the one that is replaced.
vi.hoisted(() => vi.resetModules());
vi.mock(import("../../src/gateway/tables/table-stamp.js"), async (original) => ({
  ...(await original()),
  tableStamp: () => undefined,
}));
afterAll(() => {
  vi.doUnmock(STAMP);
  vi.resetModules();
});

it("is read each time, which is said", async () => {
  const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  await using server = await startLabServer();
  await using connection = await connectPlain(server);
  const table = await newTable(connection, "cells");
  await table.initialize([field("n", "Long")]);
  await table.addData(batchOf([field("n", "Long")], [[5n]]));
  await table.close();
  const store = await openedStore();
  const routes: string[] = [];
  for (let time = 0; time < 2; time++) {
    const options = { connection, fileId: table.file.id, store, onRoute: (route: string) => void routes.push(route) };
    expect((await readArrow(options)).numRows).toBe(1);
  }
  expect(routes).toEqual(["service", "service"]);
  expect(store.names()).toEqual([]);
  expect(String(warnings.mock.calls[0]![0])).toContain(`does not tell when table ${table.file.id} changes`);
});
