/** Connections that go silent without an end: whatever is called ends in its time, and reads go on over another one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConnectOptions, connectToOmero, type OmeroConnection } from "../../src/connect/index.js";
import { downloadFile } from "../../src/gateway/files/attached-file.js";
import { downloadTable, readArrow, readBatches } from "../../src/read/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { appendRows, deleteTable, updateRows, uploadTable } from "../../src/write/index.js";
import { connectPlain } from "../connect/embedded.js";
import {
  collect,
  expectQuiet,
  lasting,
  numberedCells,
  numberedColumns,
  outcomeOf,
  startFaultLab,
  storeTable,
  throughProxy,
  withFault,
} from "./lab.js";
import { type Fault, FaultProxy } from "./proxy.js";
import { describeFault, recordTraffic } from "./traffic.js";

const ROWS = 300;
const STALL = 400;
/** Milliseconds within which everything is over: a silence before the connection is there, one after, and farewells. */
const DEADLINE = 9000;

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let folder: string;
beforeAll(async () => {
  server = await startFaultLab({ tables: "hdf5" });
  connection = await connectPlain(server, { keepAlive: 1 });
  fileId = await storeTable(server, ROWS);
  folder = mkdtempSync(join(tmpdir(), "stalls-"));
});
afterAll(async () => {
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Without pings at intervals: a call that waits is watched by itself. */
function impatient(port: number, options: ConnectOptions = {}): ConnectOptions {
  const patience = { connectTimeout: 2000, stallTimeout: STALL, reconnectTimeout: 4000, keepAlive: false };
  return throughProxy(port, { ...patience, ...options });
}

const everyRow = Array.from({ length: ROWS }, (_, row) => row);

/** A silence after each message that the client gets. */
async function silences(work: (port: number) => Promise<unknown>): Promise<Fault[]> {
  const { toClient } = await recordTraffic(server.port, work);
  return toClient.map((_, index) => ({ kind: "silence", direction: "toClient", after: index + 1, unit: "messages" }));
}

/** Also after each that it sends, and within messages: the rest of one that has begun does not come, or hardly. */
async function allSilences(work: (port: number) => Promise<unknown>): Promise<Fault[]> {
  const { toServer, toClient } = await recordTraffic(server.port, work);
  return [
    ...toClient.map(
      (_, index) => ({ kind: "silence", direction: "toClient", after: index + 1, unit: "messages" }) as const,
    ),
    ...toServer.map(
      (_, index) => ({ kind: "stall", direction: "toServer", after: index + 1, unit: "messages" }) as const,
    ),
    ...(["stall", "trickle"] as const).flatMap((kind) =>
      toClient.slice(0, -1).map((end) => ({ kind, direction: "toClient", after: end + 20 }) as const),
    ),
  ];
}

/** Tries all faults, some at a time, and counts what comes of them. */
async function tryAll(faults: Fault[], check: (fault: Fault, index: number) => Promise<string>, atOnce = 12) {
  const outcomes: Record<string, number> = {};
  const queue = [...faults.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const outcome = await check(next[1], next[0]);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  console.log(`${faults.length} silences:`, outcomes);
  return outcomes;
}

const WAITED_IN_VAIN = /^(CONNECTION_(LOST|TIMEOUT)|TIMEOUT)$/;

describe.each([
  ["by the service", allSilences, { route: "service", chunkSize: 100 }, everyRow],
  ["by the file", silences, { route: "file" }, everyRow],
  ["by a query", silences, { query: "ok", route: "service" }, everyRow.filter((row) => row % 3 === 0)],
] as const)("reads %s", (_name, faultsOf, selection, rows) => {
  test("go on over another connection", async () => {
    const read = (port: number) => collect(readBatches({ ...impatient(port), fileId, ...selection }));
    const faults = await faultsOf(read);
    const outcomes = await tryAll(faults, async (fault) => {
      const outcome = await outcomeOf(withFault(server, fault, read), DEADLINE);
      if ("error" in outcome) {
        expect(outcome.error.code, describeFault(fault)).toMatch(WAITED_IN_VAIN);
        return outcome.error.code;
      }
      expect(outcome.value.numbers, describeFault(fault)).toEqual(rows);
      expect(outcome.value.cells).toEqual(numberedCells(ROWS).map((column) => rows.map((row) => column[row]!)));
      return "read";
    });
    expect(outcomes.read).toBeGreaterThan(faults.length / 3);
  });
});

test("downloads are whole or absent", async () => {
  const honest = join(folder, "honest.csv");
  const download = (port: number, targetPath: string) =>
    downloadTable({ ...impatient(port), fileId, targetPath, route: "service", chunkSize: 100 });
  const faults = await silences((port) => download(port, honest));
  const content = readFileSync(honest);
  const outcomes = await tryAll(faults, async (fault, index) => {
    const name = `silent ${index}.csv`;
    const path = join(folder, name);
    const outcome = await outcomeOf(
      withFault(server, fault, (port) => download(port, path)),
      DEADLINE,
    );
    const left = readdirSync(folder).filter((file) => file.includes(name));
    expect([describeFault(fault), left]).toEqual([describeFault(fault), "value" in outcome ? [name] : []]);
    if ("value" in outcome) expect(readFileSync(path).equals(content)).toBe(true);
    else expect(outcome.error.code).toMatch(WAITED_IN_VAIN);
    return "value" in outcome ? "whole" : outcome.error.code;
  });
  expect(outcomes.whole).toBeGreaterThan(faults.length / 3);
});

test("uploads are whole or nothing is left of them", async () => {
  let uploads = 0;
  const upload = (port: number) => {
    const options = { ...impatient(port), parentId: 1, chunkSize: 100, onWarning: () => {} };
    return uploadTable(numberedColumns(ROWS), `silent ${uploads++}`, options);
  };
  const faults = await allSilences(async (port) => deleteTable({ connection, fileId: (await upload(port)).fileId }));
  const held = lasting(await server.contents());
  const outcomes = await tryAll(faults, async (fault) => {
    const outcome = await outcomeOf(withFault(server, fault, upload), DEADLINE);
    if ("error" in outcome) {
      expect(outcome.error.message, describeFault(fault)).not.toMatch(/remains|could not be found out/);
      return outcome.error.code;
    }
    const made = outcome.value.fileId;
    const { numbers, cells } = await collect(readBatches({ connection, fileId: made, route: "service" }));
    expect([numbers, cells]).toEqual([everyRow, numberedCells(ROWS)]);
    await deleteTable({ connection, fileId: made });
    return "whole";
  });
  expect(outcomes.UPLOAD_FAILED).toBeGreaterThan(faults.length / 5);
  expect(outcomes.whole).toBeGreaterThan(0);
  await expect.poll(async () => lasting(await server.contents()), { timeout: 5000 }).toEqual(held);
});

test("appended and updated rows are there once and in order", async () => {
  const change = async (port: number, file: bigint) => {
    const options = { ...impatient(port), fileId: file, chunkSize: 40 };
    await appendRows(numberedColumns(200, 50), options);
    await updateRows({ area: 1 }, { ...options, rows: [0, 1] });
  };
  const fresh = () => storeTable(server, 50, "changed");
  const first = await fresh();
  const faults = await silences((port) => change(port, BigInt(first)));
  await deleteTable({ connection, fileId: first });
  const outcomes = await tryAll(faults, async (fault) => {
    const file = await fresh();
    // A second connection takes over where the first fell silent: the two functions make one each.
    const outcome = await outcomeOf(
      withFault(server, fault, (port) => change(port, BigInt(file))),
      2 * DEADLINE,
    );
    const { numbers, cells } = await collect(readBatches({ connection, fileId: file, route: "service" }));
    expect(numbers).toEqual(everyRow.slice(0, numbers.length));
    expect((numbers.length - 50) % 40).toBe(0);
    const [image, area, ...others] = numberedCells(numbers.length);
    const updated = area!.map((value, row) => (row < 2 ? 1 : value));
    expect([image, ...others]).toEqual([cells[0], ...cells.slice(2)]);
    expect([area, updated]).toContainEqual(cells[1]);
    if ("value" in outcome) expect([numbers.length, cells[1]]).toEqual([250, updated]);
    else expect(outcome.error.code).toMatch(/^(WRITE_FAILED|CONNECTION_(LOST|TIMEOUT)|TIMEOUT)$/);
    await deleteTable({ connection, fileId: file });
    return "value" in outcome ? "changed" : outcome.error.code;
  });
  expect(outcomes.WRITE_FAILED).toBeGreaterThan(0);
  expect(outcomes.changed).toBeGreaterThan(0);
});

describe("a call with a time limit", () => {
  test("ends with it, and so does what closes after it", async () => {
    await using proxy = await FaultProxy.start(server.port);
    const options = { ...throughProxy(proxy.port, { timeout: 500, keepAlive: false }), fileId, chunkSize: 50 };
    const started = performance.now();
    const reading = collect(readBatches({ ...options, route: "service", onProgress: () => proxy.silenceAll() }));
    await expect(reading).rejects.toMatchObject({ name: "TimeoutError", code: "TIMEOUT" });
    expect(performance.now() - started).toBeLessThan(6000);
  });

  test("leaves the connection to others", async () => {
    await using proxy = await FaultProxy.start(server.port);
    await using through = await connectToOmero(impatient(proxy.port));
    proxy.silenceAll();
    const query = through.getQueryService();
    await expect(query.find("Image", 1, { timeout: 150 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await query.find("Image", 1)).not.toBeNull();
  });
});

test("an aborted read ends at once on a silent connection", async () => {
  await using proxy = await FaultProxy.start(server.port);
  await using through = await connectToOmero(throughProxy(proxy.port, { keepAlive: false }));
  const controller = new AbortController();
  const onProgress = () => {
    proxy.silenceAll();
    setTimeout(() => controller.abort(), 100);
  };
  const started = performance.now();
  const { signal } = controller;
  const reading = readArrow({ connection: through, fileId, route: "service", chunkSize: 20, signal, onProgress });
  await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
  expect(performance.now() - started).toBeLessThan(3000);
});

describe("a server that never says a word", () => {
  test.each([
    ["tcp", {}],
    ["TLS", { server: "127.0.0.1", tls: "encrypt" }],
  ] as const)("is given up while connecting by %s", async (_name, login) => {
    await using proxy = await FaultProxy.start(server.port, { ignore: true });
    const { port } = proxy;
    const address = "server" in login ? `${login.server}:${port}` : `tcp://127.0.0.1:${port}`;
    const options = { ...throughProxy(port), ...login, server: address, connectTimeout: 250 };
    const started = performance.now();
    await expect(connectToOmero(options)).rejects.toMatchObject({ code: "CONNECTION_TIMEOUT" });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("any more is left in good time", async () => {
    await using proxy = await FaultProxy.start(server.port);
    const through = await connectToOmero(impatient(proxy.port));
    proxy.silenceAll();
    const started = performance.now();
    await through.close();
    expect(performance.now() - started).toBeLessThan(2000);
    expect(through.state).toBe("closed");
  });
});

test("an attached file goes on over another connection, from where it was", async () => {
  await using proxy = await FaultProxy.start(server.port);
  const targetPath = join(folder, "table.h5");
  let silenced = false;
  const size = await downloadFile({
    ...impatient(proxy.port),
    fileId,
    targetPath,
    chunkSize: 2000,
    onProgress: ({ done }) => {
      if (done === 0 || silenced) return;
      silenced = true;
      proxy.silenceAll();
    },
  });
  expect(readFileSync(targetPath)).toHaveLength(size);
  expect(proxy.connections).toBe(2);
  expect(proxy.bytes.toClient).toBeLessThan(size + 60_000);
});

test("what was silent is gone from the server in the end", async () => {
  await connection.close();
  await expectQuiet(server);
});
