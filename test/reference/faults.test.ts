/** Networks that fail between ours and omero-py's servants behind a real Glacier2 router. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConnectOptions, connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { downloadTable, type ReadOptions, readBatches } from "../../src/read/index.js";
import { appendRows, deleteTable, updateRows, uploadTable } from "../../src/write/index.js";
import { collect, numberedCells, numberedColumns, outcomeOf, withFault } from "../faults/lab.js";
import { type Direction, type Fault, FaultProxy } from "../faults/proxy.js";
import { describeFault, recordTraffic } from "../faults/traffic.js";
import { Seeded } from "../support/seeded.js";
import { ReferenceServer } from "./reference-server.js";

const ROWS = 400;
const CHUNK = 100;
const KINDS = ["cut", "reset", "halfClose", "silence"] as const;
const DIRECTIONS: readonly Direction[] = ["toServer", "toClient"];

let server: ReferenceServer;
/** An honest connection. */
let connection: OmeroConnection;
let fileId: number;
let folder: string;

function login(port: number, way: "tcp" | "TLS" = "tcp"): ConnectOptions {
  const where = way === "tcp" ? { server: `tcp://127.0.0.1:${port}` } : { server: "127.0.0.1", port };
  const patience = { connectTimeout: 5000, stallTimeout: 1000, reconnectTimeout: 8000 };
  return { ...where, username: "user", password: "pass", interactive: false, allowToken: false, ...patience };
}

beforeAll(async () => {
  server = await ReferenceServer.start({ sessionTimeout: 8 });
  connection = await connectToOmero({ ...login(server.port), stallTimeout: 30_000, keepAlive: 1 });
  fileId = await store("numbered", ROWS);
  folder = mkdtempSync(join(tmpdir(), "reference-faults-"));
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function store(name: string, rows: number): Promise<number> {
  return (await uploadTable(numberedColumns(rows), name, { connection, parentId: 1 })).fileId;
}

async function rowsOf(file: number) {
  return collect(readBatches({ connection, fileId: file, route: "service" }));
}

const everyRow = Array.from({ length: ROWS }, (_, row) => row);

/** A fault after each message of honest work over tcp. */
async function atBoundaries(work: (port: number) => Promise<unknown>): Promise<Fault[]> {
  const traffic = await recordTraffic(server.port, work);
  return DIRECTIONS.flatMap((direction) =>
    traffic[direction].map((_, index) => ({ kind: "reset", direction, after: index + 1, unit: "messages" }) as const),
  );
}

/** Faults at random bytes of honest work, whether they can be read or not. */
async function atRandom(port: number, work: (port: number) => Promise<unknown>, count: number, seed: number) {
  await using proxy = await FaultProxy.start(port);
  await work(proxy.port);
  const { bytes } = proxy;
  const random = new Seeded(seed);
  return Array.from({ length: count }, (_, index): Fault => {
    const direction = random.pick(DIRECTIONS);
    return { kind: KINDS[index % KINDS.length]!, direction, after: 1 + random.below(bytes[direction]) };
  });
}

/** Tries all faults, some at a time, and counts what comes of them. */
async function tryAll(faults: Fault[], check: (fault: Fault, index: number) => Promise<string>) {
  const outcomes: Record<string, number> = {};
  const queue = [...faults.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const outcome = await check(next[1], next[0]);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  console.log(`${faults.length} faults:`, outcomes);
  return outcomes;
}

const CONNECTING_FAILED = /^(CONNECTION_(LOST|TIMEOUT|REFUSED)|TIMEOUT|TLS_FAILED)$/;

describe.each([
  ["the service over tcp", "tcp", { route: "service", chunkSize: CHUNK }],
  ["the file over tcp", "tcp", { route: "file" }],
  ["the service over TLS", "TLS", { route: "service", chunkSize: CHUNK }],
] as const)("rows by %s", (_name, way, selection) => {
  test("come whole, or an error in time", async () => {
    const read = (port: number) => collect(readBatches({ ...login(port, way), fileId, ...selection } as ReadOptions));
    const port = way === "tcp" ? server.port : server.sslPort;
    const boundaries = way === "tcp" && selection.route === "service" ? await atBoundaries(read) : [];
    const faults = [...boundaries, ...(await atRandom(port, read, 12, selection.route.length + way.length))];
    const outcomes = await tryAll(faults, async (fault) => {
      const outcome = await outcomeOf(withFault({ port }, fault, read));
      if ("error" in outcome) {
        expect(outcome.error.code, describeFault(fault)).toMatch(CONNECTING_FAILED);
        return outcome.error.code;
      }
      expect(outcome.value.numbers, describeFault(fault)).toEqual(everyRow);
      expect(outcome.value.cells, describeFault(fault)).toEqual(numberedCells(ROWS));
      return "read";
    });
    expect(outcomes.read).toBeGreaterThan(faults.length / 3);
  });
});

test("downloads are whole or absent", async () => {
  const download = (port: number, targetPath: string) =>
    downloadTable({ ...login(port), fileId, targetPath, route: "service", chunkSize: CHUNK });
  const faults = await atRandom(server.port, (port) => download(port, join(folder, "honest")), 12, 3);
  const content = readFileSync(join(folder, "honest"));
  const outcomes = await tryAll(faults, async (fault, index) => {
    const path = join(folder, `file ${index}.csv`);
    const outcome = await outcomeOf(withFault(server, fault, (port) => download(port, path)));
    const left = readdirSync(folder).filter((name) => name.includes(`file ${index}.csv`));
    expect(left, describeFault(fault)).toEqual("value" in outcome ? [`file ${index}.csv`] : []);
    if ("error" in outcome) return outcome.error.code;
    expect(readFileSync(path).equals(content), describeFault(fault)).toBe(true);
    return "whole";
  });
  expect(outcomes.whole).toBeGreaterThan(0);
});

async function lasting() {
  const { objects, files } = await server.contents();
  const { Session: _, ...kept } = objects;
  return { objects: kept, files };
}

test("uploads are whole, or nothing of them is left", async () => {
  let uploads = 0;
  const upload = (port: number) => {
    const options = { ...login(port), parentId: 1, chunkSize: CHUNK, onWarning: () => {} };
    return uploadTable(numberedColumns(ROWS), `faulty ${uploads++}`, options);
  };
  const honest = async (port: number) => {
    const { fileId: made } = await upload(port);
    await deleteTable({ connection, fileId: made });
  };
  const faults = [...(await atBoundaries(honest)), ...(await atRandom(server.port, honest, 12, 4))];
  const held = await lasting();
  const outcomes = await tryAll(faults, async (fault) => {
    const outcome = await outcomeOf(withFault(server, fault, upload));
    if ("error" in outcome) {
      expect(outcome.error.message, describeFault(fault)).not.toMatch(/remains|could not be found out/);
      return outcome.error.code;
    }
    const { numbers, cells } = await rowsOf(outcome.value.fileId);
    expect(numbers, describeFault(fault)).toEqual(everyRow);
    expect(cells, describeFault(fault)).toEqual(numberedCells(ROWS));
    await deleteTable({ connection, fileId: outcome.value.fileId });
    return "whole";
  });
  expect(outcomes.whole).toBeGreaterThan(0);
  expect(outcomes.UPLOAD_FAILED).toBeGreaterThan(0);
  await expect.poll(lasting, { timeout: 10_000, interval: 100 }).toEqual(held);
});

test("appended rows are there once and in order", async () => {
  const append = (port: number, file: number) =>
    appendRows(numberedColumns(ROWS, 10), { ...login(port), fileId: file, chunkSize: CHUNK });
  const first = await store("appended", 10);
  const faults = await atRandom(server.port, (port) => append(port, first), 16, 5);
  const outcomes = await tryAll(faults, async (fault, index) => {
    const file = await store(`appended ${index}`, 10);
    const outcome = await outcomeOf(withFault(server, fault, (port) => append(port, file)));
    const { numbers, cells } = await rowsOf(file);
    expect(cells, describeFault(fault)).toEqual(numberedCells(numbers.length));
    expect((numbers.length - 10) % CHUNK, describeFault(fault)).toBe(0);
    if ("value" in outcome) expect(numbers).toHaveLength(ROWS + 10);
    return "value" in outcome ? "appended" : outcome.error.code;
  });
  expect(outcomes.appended).toBeGreaterThan(0);
  expect(outcomes.WRITE_FAILED).toBeGreaterThan(0);
});

test("updated rows hold old or new values, in order", async () => {
  const update = (port: number, file: number) =>
    updateRows(
      { area: everyRow.map((row) => -row) },
      { ...login(port), fileId: file, rows: everyRow, chunkSize: CHUNK },
    );
  const first = await store("updated", ROWS);
  const faults = await atRandom(server.port, (port) => update(port, first), 16, 6);
  const [image, area, ...others] = numberedCells(ROWS) as [bigint[], number[], ...unknown[][]];
  const outcomes = await tryAll(faults, async (fault, index) => {
    const file = await store(`updated ${index}`, ROWS);
    const outcome = await outcomeOf(withFault(server, fault, (port) => update(port, file)));
    const { cells } = await rowsOf(file);
    const changed = (cells[1] as number[]).findIndex((value, row) => row > 0 && value !== -row);
    const limit = changed < 0 ? ROWS : changed;
    const expected = area.map((value, row) => (row === 0 || row >= limit ? value : -row));
    expect([cells[0], ...cells.slice(2)], describeFault(fault)).toEqual([image, ...others]);
    expect(
      (cells[1] as number[]).map((value) => value + 0),
      describeFault(fault),
    ).toEqual(expected.map((value) => value + 0));
    if ("value" in outcome) expect(limit).toBe(ROWS);
    else if (changed > 1) expect(changed % CHUNK).toBe(0);
    return "value" in outcome ? "updated" : outcome.error.code;
  });
  expect(outcomes.updated).toBeGreaterThan(0);
});

test("no session, connection or open table is left on the server", async () => {
  const held = async () => {
    const { sessions, connections, openTables } = await server.contents();
    return { sessions, connections, openTables };
  };
  await expect.poll(held, { timeout: 25_000, interval: 200 }).toEqual({ sessions: 1, connections: 1, openTables: 0 });
});
