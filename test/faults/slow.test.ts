/** Links that are slow but work: nothing is given up while bytes move, and requests suit the link. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { connectToOmero } from "../../src/connect/index.js";
import { readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { deleteTable, uploadTable } from "../../src/write/index.js";
import { eventsOf } from "../connect/embedded.js";
import {
  collect,
  expectQuiet,
  numberedCells,
  numberedColumns,
  startFaultLab,
  storeTable,
  throughProxy,
} from "./lab.js";
import { FaultProxy, type ProxyBehaviour } from "./proxy.js";

const ROWS = 5000;

let server: OmeroServer;
let fileId: number;
beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5" });
  fileId = await storeTable(server, ROWS);
});
afterAll(async () => {
  await expectQuiet(server);
  await server.close();
});

/** A connection through a slow link that would lose patience soon, and ask often. */
async function connectSlowly(behaviour: ProxyBehaviour) {
  const proxy = await FaultProxy.start(server.port, behaviour);
  const options = throughProxy(proxy.port, { stallTimeout: 1000, keepAlive: 0.2 });
  const connection = await connectToOmero(options);
  const events = eventsOf(connection);
  const close = async () => {
    await connection.close();
    await proxy.close();
  };
  return { connection, events, proxy, [Symbol.asyncDispose]: close };
}

const SLOW: [string, ProxyBehaviour][] = [
  ["50 ms away", { delay: 25 }],
  ["of 200 kB/s, 50 ms away", { delay: 25, bytesPerSecond: 200_000 }],
];

test.each(SLOW)("a link %s", async (_name, behaviour) => {
  await using slow = await connectSlowly(behaviour);
  const { connection, events } = slow;
  // One answer of some seconds, longer than the silence that is borne.
  for (const selection of [{ route: "service", chunkSize: ROWS }, { route: "file" }] as const) {
    const { numbers, cells } = await collect(readBatches({ connection, fileId, ...selection }));
    expect(numbers).toHaveLength(ROWS);
    expect(cells).toEqual(numberedCells(ROWS));
  }
  const uploaded = await uploadTable(numberedColumns(ROWS), "slow", { connection, parentId: 1 });
  const { cells } = await collect(readBatches({ connection, fileId: uploaded.fileId, rows: [0, ROWS - 1] }));
  expect(cells).toEqual(numberedCells(ROWS).map((column) => [column[0], column[ROWS - 1]]));
  await deleteTable({ connection, fileId: uploaded.fileId });
  expect(events).toEqual([]);
  expect(slow.proxy.connections).toBe(1);
});
