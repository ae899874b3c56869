/** `kill -9` of the reference server in the midst of reads, downloads and uploads. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ConnectOptions } from "../../src/connect/index.js";
import { downloadTable, readBatches } from "../../src/read/index.js";
import { uploadTable } from "../../src/write/index.js";
import { numberedColumns, outcomeOf } from "../faults/lab.js";
import { FaultProxy } from "../faults/proxy.js";
import { ReferenceServer } from "./reference-server.js";

const ROWS = 5000;
/** Milliseconds that a lost server is tried for. */
const PATIENCE = 1500;

let folder: string;
let temporary: string | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reference-kills-"));
  temporary = process.env.TMPDIR;
});
afterAll(() => {
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  rmSync(folder, { recursive: true, force: true });
});

const login = (port: number): ConnectOptions => ({
  server: `tcp://127.0.0.1:${port}`,
  username: "user",
  password: "pass",
  interactive: false,
  allowToken: false,
  reconnectTimeout: PATIENCE,
});

async function readAll(port: number, fileId: bigint): Promise<number> {
  let rows = 0;
  for await (const batch of readBatches({ ...login(port), fileId, route: "service", chunkSize: 500 }))
    rows += batch.rowCount;
  return rows;
}

const upload = (port: number, route: "service" | "file") =>
  uploadTable(numberedColumns(ROWS), "in vain", { ...login(port), parentId: 1, chunkSize: 500, route });

it.each<[string, (port: number, fileId: bigint, targetPath: string) => Promise<unknown>, number]>([
  ["a read", readAll, 100_000],
  [
    "a download",
    (port, fileId, targetPath) =>
      downloadTable({ ...login(port), fileId, targetPath, route: "service", chunkSize: 500 }),
    100_000,
  ],
  ["an upload by the service", (port) => upload(port, "service"), 100_000],
  ["an upload as a file", (port) => upload(port, "file"), 100_000],
])("%s fails in time, and leaves no file", async (_name, work, bytes) => {
  const server = await ReferenceServer.start();
  try {
    const { fileId } = await uploadTable(numberedColumns(ROWS), "numbered", { ...login(server.port), parentId: 1 });
    const place = mkdtempSync(join(folder, "place-"));
    process.env.TMPDIR = place;
    await using proxy = await FaultProxy.start(server.port, { bytesPerSecond: 1_000_000 });
    let killedAt = 0;
    proxy.onPiece = () => {
      if (killedAt > 0 || proxy.bytes.toClient + proxy.bytes.toServer < bytes) return;
      killedAt = performance.now();
      void server.kill();
    };
    const outcome = await outcomeOf(work(proxy.port, BigInt(fileId), join(place, "copy.csv")), 60_000);
    expect(killedAt).toBeGreaterThan(0);
    // The log-in takes a while too, and an upload looks for what it has made.
    expect(performance.now() - killedAt).toBeLessThan(10 * PATIENCE);
    expect(outcome).toMatchObject({
      error: { code: expect.stringMatching(/^CONNECTION_(LOST|REFUSED)$|^UPLOAD_FAILED$/) },
    });
    // Nobody can say what is on a server that is gone; the error does not say that it knows.
    if ("error" in outcome && outcome.error.code === "UPLOAD_FAILED") {
      expect(outcome.error.message).toMatch(/remains of it|could not be found out/);
    }
    expect(readdirSync(place)).toEqual([]);
  } finally {
    await server.stop();
  }
});
