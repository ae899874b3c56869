/** Reads through a network that fails: they finish with equal data, or fail in time. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToOmero } from "../../src/connect/index.js";
import { readArrow, readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import {
  collect,
  expectQuiet,
  numberedCells,
  openFiles,
  outcomeOf,
  type Rows,
  startFaultLab,
  storeTable,
  throughProxy,
  withFault,
} from "./lab.js";
import { type Fault, FaultProxy } from "./proxy.js";
import { describeFault, faultsAtBoundaries, faultsWithin, recordTraffic } from "./traffic.js";

const ROWS = 3000;
const KINDS = ["cut", "reset", "halfClose"] as const;

let server: OmeroServer;
let fileId: number;
let filesOpen: string[];
beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5" });
  fileId = await storeTable(server, ROWS);
  await expectQuiet(server);
  filesOpen = openFiles();
});
afterAll(async () => {
  expect(openFiles()).toEqual(filesOpen);
  await server.close();
});

const everyRow = Array.from({ length: ROWS }, (_, row) => row);
const LISTED = [2999, 7, 7, 0, 1500, 3, 2998];
const picked = (rows: number[]) => numberedCells(ROWS).map((column) => rows.map((row) => column[row]!));

/** Ways to read, and what must come. */
const READS: [string, (port: number) => Promise<Rows>, number[]][] = [
  [
    "all rows by the service",
    (port) => collect(readBatches({ ...throughProxy(port), fileId, route: "service", chunkSize: 400 })),
    everyRow,
  ],
  ["all rows by the file", (port) => collect(readBatches({ ...throughProxy(port), fileId, route: "file" })), everyRow],
  [
    "rows by number",
    (port) => collect(readBatches({ ...throughProxy(port), fileId, rows: LISTED, chunkSize: 2 })),
    LISTED,
  ],
  [
    "rows by condition",
    (port) => collect(readBatches({ ...throughProxy(port), fileId, query: "(area >= 100) & ok", chunkSize: 200 })),
    everyRow.filter((row) => row / 8 >= 100 && row % 3 === 0),
  ],
];

/**
 * What must come of a fault: while the connection is made, an error or the rows; after that, the rows.
 * @param made bytes each way after which the connection is there
 */
async function check(read: (port: number) => Promise<Rows>, rows: number[], fault: Fault, made: Made): Promise<string> {
  const outcome = await outcomeOf(withFault(server, fault, read));
  if ("error" in outcome) {
    const whileConnecting = fault.after <= made[fault.direction];
    expect([describeFault(fault), outcome.error.code, whileConnecting]).toEqual([
      describeFault(fault),
      expect.stringMatching(/^CONNECTION_/),
      true,
    ]);
    return outcome.error.code;
  }
  expect(outcome.value.numbers, describeFault(fault)).toEqual(rows);
  expect(outcome.value.cells, describeFault(fault)).toEqual(picked(rows));
  return "read";
}

interface Made {
  readonly toServer: number;
  readonly toClient: number;
}

/** Bytes each way until the connection is there: those of a client that connects and leaves, less its farewell. */
async function bytesToConnect(): Promise<Made> {
  const traffic = await recordTraffic(server.port, async (port) => {
    const connection = await connectToOmero(throughProxy(port));
    await connection.close();
  });
  return { toServer: traffic.toServer.at(-1)!, toClient: traffic.toClient.at(-1)! };
}

describe.each(READS)("%s", (_name, read, rows) => {
  test("come whole through faults at every message and at random bytes", async () => {
    const traffic = await recordTraffic(server.port, async (port) => {
      const { numbers, cells } = await read(port);
      expect(numbers).toEqual(rows);
      expect(cells).toEqual(picked(rows));
    });
    const made = await bytesToConnect();
    const faults = [
      ...faultsAtBoundaries(traffic, KINDS, rows.length),
      ...faultsWithin(traffic, KINDS, 20, rows.length),
    ];
    const outcomes: Record<string, number> = {};
    for (let first = 0; first < faults.length; first += 4) {
      const some = faults.slice(first, first + 4).map((fault) => check(read, rows, fault, made));
      for (const outcome of await Promise.all(some)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    console.log(`${faults.length} faults:`, outcomes);
    expect(outcomes.read).toBeGreaterThan(faults.length / 3);
    await expectQuiet(server);
  });
});

test("an Arrow table comes whole through connections that are cut again and again", async () => {
  const faultOf = () => ({ kind: "reset", direction: "toClient", after: 30_000 }) as const;
  await using proxy = await FaultProxy.start(server.port, { faultOf });
  const table = await readArrow({ ...throughProxy(proxy.port), fileId, route: "service", chunkSize: 100 });
  expect(table.numRows).toBe(ROWS);
  expect([...table.getChild("name")!]).toEqual(numberedCells(ROWS)[2]);
  expect(proxy.connections).toBeGreaterThan(4);
  await expectQuiet(server);
});
