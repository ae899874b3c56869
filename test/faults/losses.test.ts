/** Connections lost with requests in flight, again and again, for a while, and for good. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectToOmero } from "../../src/connect/index.js";
import { downloadTable, readBatches } from "../../src/read/index.js";
import type { OmeroServer, ServedCall } from "../../src/server/index.js";
import { uploadTable } from "../../src/write/index.js";
import { eventsOf } from "../connect/embedded.js";
import { rowNumbersOf } from "../support/cells.js";
import {
  collect,
  expectQuiet,
  numberedCells,
  numberedColumns,
  startFaultLab,
  storeTable,
  throughProxy,
} from "./lab.js";
import { FaultProxy } from "./proxy.js";

const ROWS = 1000;

let server: OmeroServer;
let fileId: number;
let folder: string;
/** Calls for rows or bytes that are being served, the most there were, and what each waits for. */
const reads = { now: 0, most: 0, wait: Promise.resolve() };

beforeAll(async () => {
  const beforeCall = async ({ operation }: ServedCall) => {
    if (operation !== "read" && operation !== "slice") return;
    reads.most = Math.max(reads.most, ++reads.now);
    await reads.wait;
    reads.now--;
  };
  server = await startFaultLab({ tables: "hdf5", beforeCall });
  fileId = await storeTable(server, ROWS);
  folder = mkdtempSync(join(tmpdir(), "losses-"));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const everyRow = Array.from({ length: ROWS }, (_, row) => row);

describe.each([
  ["service", 50],
  ["file", undefined],
] as const)("rows by the %s", (route, chunkSize) => {
  test("come whole when the connection is lost with several requests in flight", async () => {
    await using proxy = await FaultProxy.start(server.port);
    await using connection = await connectToOmero(throughProxy(proxy.port));
    const events = eventsOf(connection);
    let release: () => void = () => {};
    reads.wait = new Promise((resolve) => {
      release = resolve;
    });
    reads.most = 0;
    const reading = collect(readBatches({ connection, fileId, route, chunkSize }));
    // A file as small as this is one request.
    await expect.poll(() => reads.now, { timeout: 5000 }).toBeGreaterThan(0);
    if (route === "service") await expect.poll(() => reads.most).toBeGreaterThan(1);
    proxy.cutAll();
    await expect.poll(() => events).toEqual(["lost", "joined again"]);
    release();
    const { numbers, cells } = await reading;
    expect(numbers).toEqual(everyRow);
    expect(cells).toEqual(numberedCells(ROWS));
  });

  test("come whole through two losses in a row", async () => {
    // The second connection breaks before, while and after the session is joined again.
    for (const after of [50, 300, 700, 1200, 2500, 6000]) {
      const faultOf = (connection: number) =>
        connection === 0
          ? ({ kind: "reset", direction: "toClient", after: 9000 } as const)
          : connection === 1
            ? ({ kind: "reset", direction: "toClient", after } as const)
            : undefined;
      await using proxy = await FaultProxy.start(server.port, { faultOf });
      const { numbers, cells } = await collect(readBatches({ ...throughProxy(proxy.port), fileId, route, chunkSize }));
      expect(numbers).toEqual(everyRow);
      expect(cells).toEqual(numberedCells(ROWS));
      // A session that is lost before it is said to outlast its connection is made anew.
      expect([3, 4]).toContain(proxy.connections);
    }
  });

  test("go on when the server is back on its port after two seconds", async () => {
    let proxy = await FaultProxy.start(server.port);
    const { port } = proxy;
    await using connection = await connectToOmero(throughProxy(port, { reconnectTimeout: 15_000 }));
    const events = eventsOf(connection);
    const numbers: number[] = [];
    let back: Promise<void> | undefined;
    for await (const batch of readBatches({ connection, fileId, route: "service", chunkSize: 100 })) {
      numbers.push(...rowNumbersOf(batch));
      if (back !== undefined) continue;
      await proxy.close();
      back = new Promise<void>((resolve) => setTimeout(resolve, 2000)).then(async () => {
        proxy = await FaultProxy.start(server.port, {}, port);
      });
    }
    await back;
    expect(numbers).toEqual(everyRow);
    expect(events).toEqual(["lost", "joined again"]);
    await connection.close();
    await proxy.close();
  });
});

describe("a server that is gone for good", () => {
  /** Options of a connection to a server that is gone, and its port with it, as soon as there is progress. */
  async function mortal() {
    const proxy = await FaultProxy.start(server.port);
    const kill = () => proxy.close();
    const onProgress = ({ done, unit }: { done: number; unit: string }) => {
      if (done > 0 && unit === "rows") void kill();
    };
    const address = throughProxy(proxy.port, { reconnectTimeout: 1000 });
    return { address, options: { ...address, chunkSize: 50, onProgress }, kill };
  }
  const whatToDo = expect.stringMatching(/refuses connections: check the port and that the server is running/);
  async function expectSoon(work: Promise<unknown>, error: object) {
    const started = performance.now();
    await expect(work).rejects.toMatchObject(error);
    expect(performance.now() - started).toBeLessThan(5000);
  }

  test("ends a read with an error that says what to do", async () => {
    const { options } = await mortal();
    const reading = collect(readBatches({ ...options, fileId, route: "service" }));
    await expectSoon(reading, { name: "ConnectionError", code: "CONNECTION_REFUSED", message: whatToDo });
  });

  test("ends a download, of which nothing is left", async () => {
    const { options } = await mortal();
    const targetPath = join(folder, "gone.csv");
    const downloading = downloadTable({ ...options, fileId, route: "service", targetPath });
    await expectSoon(downloading, { code: "CONNECTION_REFUSED", message: whatToDo });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("ends an upload with an error that says what may be left", async () => {
    const { options } = await mortal();
    const uploading = uploadTable(numberedColumns(ROWS), "gone", { ...options, parentId: 1 });
    const message = expect.stringMatching(
      /not uploaded: .*could not be removed: .*check the port and that the server is/,
    );
    await expectSoon(uploading, { code: "UPLOAD_FAILED", message, fileId: expect.any(Number) });
  });

  test("is left in no time", async () => {
    const { address, kill } = await mortal();
    const connection = await connectToOmero(address);
    await kill();
    const started = performance.now();
    await connection.close();
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

test("what was lost is gone from the server in the end", () => expectQuiet(server));
