/**
 * Aborts at random moments of everything that takes a signal: it ends as a whole or as ABORTED, no promise is left to fail
 * alone, and nothing is left on the server or the disk. ABORT_TRIALS is how many there are.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as api from "../../src/index.js";
import type { OmeroServer } from "../../src/server/index.js";
import { connectPlain, startLabServer, USER } from "../connect/embedded.js";
import { Seeded } from "../support/seeded.js";
import { expectQuiet, lasting, numberedColumns } from "./lab.js";

const TRIALS = Number(process.env.ABORT_TRIALS ?? 250);
const SEED = Number(process.env.ABORT_SEED ?? 1);
const ROWS = 3000;

/** How a function reaches the server: by a connection that is open, or one of its own. */
type Way = { connection: api.OmeroConnection } | api.ConnectOptions;

interface Work {
  readonly name: string;
  /** Whether it needs the server. */
  readonly isLocal?: boolean;
  /** What it is done with, made anew for each trial. */
  readonly prepare?: () => Promise<number>;
  /** Returns what undoes what was done. */
  readonly run: (way: Way, signal: AbortSignal, prepared: number) => Promise<(() => Promise<unknown>) | unknown>;
}

let server: OmeroServer;
let honest: api.OmeroConnection;
let folder: string;
let temporary: string;
let tableId: number;
let scratchId: number;
let csvId: number;
let web: string;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
  process.on("unhandledRejection", note);
  folder = mkdtempSync(join(tmpdir(), "aborts-"));
  temporary = mkdtempSync(join(tmpdir(), "aborts-tmp-"));
  process.env.TMPDIR = temporary;
  server = await startLabServer({ tables: "hdf5", idleTimeout: 600_000, latency: 1, web: { arrays: folder } });
  web = server.web!.url;
  honest = await connectPlain(server, { keepAlive: 1 });
  tableId = (await api.uploadTable(numberedColumns(ROWS), "read", { connection: honest, parentId: 1 })).fileId;
  scratchId = (await api.uploadTable(numberedColumns(100), "changed", { connection: honest, parentId: 1 })).fileId;
  const { image, area } = numberedColumns(2000);
  const lines = image!.map((number, row) => `${number},${area![row]}`);
  writeFileSync(join(folder, "source.csv"), `image,area\n${lines.join("\n")}\n`);
  writeFileSync(join(folder, "packed.csv.gz"), gzipSync(`image,area\n${lines.join("\n")}\n`));
  csvId = (await api.uploadFile(join(folder, "packed.csv.gz"), { connection: honest, parentId: 1 })).fileId;
  await api.createTileDB(join(folder, "source.csv"), join(folder, "there.tiledb"));
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await honest.close();
  await server.close();
  rmSync(folder, { recursive: true });
  rmSync(temporary, { recursive: true });
});

const login = (): api.ConnectOptions => ({
  server: `tcp://127.0.0.1:${server.port}`,
  ...USER,
  interactive: false,
  allowToken: false,
});

async function drained(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches);
}

const removed = (fileId: number | bigint) => () => api.deleteTable({ connection: honest, fileId });
const rows = () => numberedColumns(500);
const target = (name: string) => join(folder, name);
const gone = (path: string) => async () => rmSync(path, { recursive: true, force: true });
const stored = async () => (await api.uploadTable({ a: [1] }, "to delete", { connection: honest, parentId: 1 })).fileId;

/** Everything public that takes a signal. */
const WORKS: readonly Work[] = [
  {
    name: "connectToOmero",
    run: async (_, signal) => {
      const connection = await api.connectToOmero({ ...login(), signal });
      return () => connection.close();
    },
  },
  {
    name: "connectToOmero, joining a session",
    run: async (_, signal) => {
      const { username: _name, password: _password, ...address } = login();
      const joined = await api.connectToOmero({ ...address, sessionKey: honest.session.uuid, signal });
      return () => joined.close();
    },
  },
  {
    name: "newTable",
    run: async (_, signal) => {
      const table = await api.newTable(honest, "new", { signal });
      await table.close();
      return removed(table.file.id);
    },
  },
  {
    name: "openTable",
    run: async (_, signal) => {
      const table = await api.openTable(honest, { fileId: tableId }, { signal });
      return () => table.close();
    },
  },
  { name: "listOrphanTables", run: (way, signal) => api.listOrphanTables({ ...way, signal }) },
  { name: "listFiles", run: (way, signal) => api.listFiles({ ...way, parentId: 1, signal }) },
  { name: "listTables", run: (way, signal) => api.listTables({ ...way, parentId: 1, signal }) },
  { name: "getTableSize", run: (way, signal) => api.getTableSize({ ...way, fileId: tableId, signal }) },
  { name: "getTableColumns", run: (way, signal) => api.getTableColumns({ ...way, fileId: tableId, signal }) },
  { name: "getTableHeaders", run: (way, signal) => api.getTableHeaders({ ...way, fileId: tableId, signal }) },
  { name: "getTableMetadata", run: (way, signal) => api.getTableMetadata({ ...way, fileId: tableId, signal }) },
  {
    name: "setTableMetadata",
    run: (way, signal) => api.setTableMetadata({ note: "set" }, { ...way, fileId: scratchId, signal }),
  },
  {
    name: "readBatches by the service",
    run: (way, signal) =>
      drained(api.readBatches({ ...way, fileId: tableId, route: "service", chunkSize: 300, signal })),
  },
  {
    name: "readBatches by a query",
    run: (way, signal) => drained(api.readBatches({ ...way, fileId: tableId, query: "ok", chunkSize: 100, signal })),
  },
  {
    name: "readArrow by the file",
    run: (way, signal) => api.readArrow({ ...way, fileId: tableId, route: "file", signal }),
  },
  { name: "readTable", run: (way, signal) => api.readTable({ ...way, fileId: tableId, signal }) },
  ...["copy.csv", "copy.h5", "copy.tiledb"].map((name) => ({
    name: `downloadTable as ${name}`,
    run: async (way: Way, signal: AbortSignal) => {
      await api.downloadTable({ ...way, fileId: tableId, targetPath: target(name), chunkSize: 700, signal });
      return gone(target(name));
    },
  })),
  { name: "readCsv", run: (way, signal) => api.readCsv({ ...way, fileId: csvId, signal, onWarning: () => {} }) },
  {
    name: "readCsvArrow",
    run: (way, signal) => api.readCsvArrow({ ...way, fileId: csvId, signal, onWarning: () => {} }),
  },
  {
    name: "downloadFile",
    run: async (way, signal) => {
      await api.downloadFile({ ...way, fileId: csvId, targetPath: target("file.gz"), chunkSize: 2000, signal });
      return gone(target("file.gz"));
    },
  },
  {
    name: "downloadCsv",
    run: async (way, signal) => {
      await api.downloadCsv({ ...way, fileId: csvId, targetPath: target("file.csv.gz"), signal });
      return gone(target("file.csv.gz"));
    },
  },
  {
    name: "uploadFile",
    run: async (way, signal) => {
      const { fileId } = await api.uploadFile(target("source.csv"), { ...way, parentId: 1, chunkSize: 9000, signal });
      const { deleteObjects } = await import("../../src/gateway/delete.js");
      const [found] = (await api.listFiles({ connection: honest, parentId: 1 })).filter((one) => one.fileId === fileId);
      return () => deleteObjects(honest, { FileAnnotation: [found!.annotationId] });
    },
  },
  ...(["service", "file"] as const).map((route) => ({
    name: `uploadTable by the ${route}`,
    run: async (way: Way, signal: AbortSignal) => {
      const options = { ...way, parentId: 1, route, chunkSize: 100, signal, onWarning: () => {} };
      return removed((await api.uploadTable(rows(), "uploaded", options)).fileId);
    },
  })),
  {
    name: "uploadTable in place of another",
    run: async (way, signal) => {
      const options = { ...way, parentId: 1, replace: true, signal, onWarning: () => {} };
      return removed((await api.uploadTable(rows(), "replacing", options)).fileId);
    },
  },
  {
    name: "uploadTable as a remote table",
    run: async (way, signal) => {
      const localPath = target(`remote-${Math.random()}.tiledb`);
      const options = { ...way, parentId: 1, localPath, web: { server: web }, signal };
      try {
        return removed((await api.uploadTable(rows(), "remote", options)).fileId);
      } finally {
        await gone(localPath)();
      }
    },
  },
  {
    name: "copyTable",
    run: async (way, signal) => {
      const copied = { tableName: "copied", parentId: 1, signal, onWarning: () => {} };
      const { copy } = await api.copyTable({ ...way, fileId: tableId, signal }, { ...way, ...copied });
      return removed(copy!.fileId);
    },
  },
  { name: "planScan", run: (way, signal) => api.planScan({ ...way, fileId: tableId, partitions: 4, signal }) },
  {
    name: "readPartition",
    run: async (way, signal) => {
      const { jobs } = await api.planScan({ connection: honest, fileId: tableId, partitions: 2, batchRows: 500 });
      return drained(api.readPartition(jobs[1]!, { ...way, signal }));
    },
  },
  {
    name: "tableObjects",
    run: async (_, signal) => {
      for await (const _each of api.tableObjects("Image", { connection: honest, fileId: tableId, signal }));
    },
  },
  {
    name: "getObjects",
    run: async (_, signal) => {
      for await (const image of honest.getObjects("Image", { signal })) expect(image.id).toBeGreaterThan(0);
    },
  },
  {
    name: "createImage",
    run: async (_, signal) => {
      const planes = [0, 1, 2].map(() => new Uint16Array(64 * 48));
      const image = await honest.createImage({ name: "made", sizeX: 64, sizeY: 48, sizeZ: 3, planes, signal });
      return () => honest.deleteObjects("Image", [image.id]);
    },
  },
  {
    name: "registerTable",
    run: async (_, signal) => {
      const options = { tableName: "registered", parentId: 1, localPath: target("there.tiledb"), server: web, signal };
      const annotationId = await api.registerTable(honest, target("there.tiledb"), options);
      return () => api.deleteTable({ connection: honest, annotationId });
    },
  },
  {
    name: "appendRows",
    run: (way, signal) => api.appendRows(numberedColumns(20), { ...way, fileId: scratchId, chunkSize: 5, signal }),
  },
  {
    name: "updateRows",
    run: (way, signal) =>
      api.updateRows({ area: 1 }, { ...way, fileId: scratchId, query: "image < 50", chunkSize: 7, signal }),
  },
  {
    name: "deleteTable",
    prepare: stored,
    run: (way, signal, fileId) => api.deleteTable({ ...way, fileId, signal }),
  },
  {
    name: "createTileDB",
    isLocal: true,
    run: async (_, signal) => {
      await api.createTileDB(target("source.csv"), target("made.tiledb"), { chunkSize: 300, signal });
      return gone(target("made.tiledb"));
    },
  },
  { name: "readTileDB", isLocal: true, run: (_, signal) => api.readTileDB(target("there.tiledb"), { signal }) },
  {
    name: "readTileDBArrow",
    isLocal: true,
    run: (_, signal) => api.readTileDBArrow(target("there.tiledb"), { signal }),
  },
  {
    name: "readTileDBBatches",
    isLocal: true,
    run: (_, signal) => drained(api.readTileDBBatches(target("there.tiledb"), { chunkSize: 100, signal })),
  },
];

/** A request to a web server cannot be taken back: it may have registered a table by the time it is aborted. */
async function removeRegistered(): Promise<void> {
  const attached = await api.listFiles({ connection: honest, parentId: 1 });
  for (const { annotationId } of attached.filter((one) => ["registered", "remote"].includes(one.name))) {
    await api.deleteTable({ connection: honest, annotationId });
  }
}

/** What lasts on the server, without what is noted of the content of files: one of them is changed. */
async function left() {
  const held = lasting(await server.contents());
  const images = await honest.countObjects("Image");
  return { ...held, images, files: held.files.map(({ id, name, mimetype }) => ({ id, name, mimetype })) };
}

/** Milliseconds that each work takes. */
async function durations(): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const work of WORKS) {
    const prepared = (await work.prepare?.()) ?? 0;
    const began = performance.now();
    const undo = await work.run({ connection: honest }, new AbortController().signal, prepared);
    times.set(work.name, performance.now() - began);
    if (typeof undo === "function") await undo();
  }
  return times;
}

/** What comes of a work that is aborted after some time. */
async function tryOne(work: Work, way: Way, milliseconds: number): Promise<string> {
  const prepared = (await work.prepare?.()) ?? 0;
  const stop = new AbortController();
  const reason = new Error("enough");
  const timer = setTimeout(() => stop.abort(reason), milliseconds);
  try {
    const undo = await work.run(way, stop.signal, prepared);
    if (typeof undo === "function") await undo();
    return "done";
  } catch (error) {
    expect([work.name, error]).toEqual([work.name, expect.objectContaining({ name: "AbortError", code: "ABORTED" })]);
    expect(stop.signal.aborted).toBe(true);
    return "aborted";
  } finally {
    clearTimeout(timer);
    if (work.prepare) await api.deleteTable({ connection: honest, fileId: prepared }).catch(() => {});
  }
}

test(`${TRIALS} works that are aborted leave nothing`, async () => {
  const times = await durations();
  const random = new Seeded(SEED);
  const held = await left();
  const files = readdirSync(folder).sort();
  const outcomes: Record<string, number> = {};
  for (let trial = 0; trial < TRIALS; trial++) {
    const work = WORKS[trial % WORKS.length]!;
    const way = random.fraction() < 0.5 ? { connection: honest } : login();
    const outcome = await tryOne(work, way, random.fraction() * 1.2 * times.get(work.name)!);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  await sleep(200);
  console.log(`${TRIALS} aborts of ${WORKS.length} works:`, outcomes, `${unhandled.length} unhandled`);
  expect(outcomes.aborted).toBeGreaterThan(TRIALS / 4);
  expect(unhandled).toEqual([]);
  await removeRegistered();
  await expect.poll(left, { timeout: 15_000 }).toEqual(held);
  const parts = readdirSync(folder).filter((name) => !files.includes(name) && !/^\.file\..*\.part$/.test(name));
  expect(parts).toEqual([]);
  expect(readdirSync(temporary).filter((name) => /^omero2frame-[0-9a-f]{8}-/.test(name))).toEqual([]);
  expect(honest.state).toBe("connected");
}, 3_600_000);

test("nothing else of them is left on the server once its client has gone", async () => {
  await honest.close();
  await expectQuiet(server);
});
