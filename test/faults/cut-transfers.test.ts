/** Connections cut at random bytes while tables are read, downloaded and uploaded. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectToOmero, downloadTable, OmeroError, readArrow, uploadTable } from "../../src/index.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { type Fault, FaultProxy } from "./proxy.js";

const ROWS = 40_000;
let server: OmeroServer;
let fileId: number;
let expected: string;
let folder: string;

const source = () => ({
  image: Array.from({ length: ROWS }, (_, row) => row % 20),
  area: Float64Array.from({ length: ROWS }, (_, row) => Math.sin(row) * 1e3),
  label: Array.from({ length: ROWS }, (_, row) => `cell ${row} ä`),
});

function connect(port: number) {
  return connectToOmero({
    server: `tcp://127.0.0.1:${port}`,
    username: "user",
    password: "pass",
    interactive: false,
    allowToken: false,
    reconnectTimeout: 10_000,
  });
}

/** A seeded number below `limit`: the same cuts in every run. */
function seeded(seed: number, limit: number): number {
  const mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(seed + 77, 0xc2b2ae35);
  return (mixed >>> 0) % limit;
}

/** Strikes the first connection after `after` bytes; those that follow are whole. */
function strikeFirst(fault: Fault) {
  return (connection: number) => (connection === 0 ? fault : undefined);
}

function digest(table: Awaited<ReturnType<typeof readArrow>>): string {
  const column = (name: string) => table.getChild(name)!;
  let hash = 0;
  for (let row = 0; row < table.numRows; row++) {
    const text = `${column("image").get(row)}|${column("area").get(row)}|${column("label").get(row)}`;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return `${table.numRows}:${hash}`;
}

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "faults-"));
  await using connection = await connect(server.port);
  ({ fileId } = await uploadTable(source(), "whole", { connection, parentId: 1 }));
  expected = digest(await readArrow({ connection, fileId }));
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe("a connection that is cut", () => {
  const kinds = ["cut", "reset"] as const;
  for (let seed = 0; seed < 6; seed++) {
    const route = seed % 2 === 0 ? ("service" as const) : ("file" as const);
    const kind = kinds[seed % 3 === 0 ? 0 : 1];
    it(`does not change what is read by the ${route} (${kind}, ${seed})`, async () => {
      const after = 2_000 + seeded(seed, 1_200_000);
      const faultOf = strikeFirst({ kind, direction: "toClient", after });
      await using proxy = await FaultProxy.start(server.port, { faultOf });
      await using connection = await connect(proxy.port);
      const table = await readArrow({ connection, fileId, route, chunkSize: 7_000 });
      expect(digest(table)).toBe(expected);
      expect(proxy.connections).toBe(2);
    });
  }

  it("leaves a download whole, or no file", async () => {
    const whole = join(folder, "whole.csv");
    await using direct = await connect(server.port);
    await downloadTable({ connection: direct, fileId, targetPath: whole });
    const bytes = await readFile(whole);
    for (let seed = 20; seed < 23; seed++) {
      const faultOf = strikeFirst({ kind: "reset", direction: "toClient", after: 5_000 + seeded(seed, 900_000) });
      await using proxy = await FaultProxy.start(server.port, { faultOf });
      await using connection = await connect(proxy.port);
      const targetPath = join(folder, `cut${seed}.csv`);
      await downloadTable({ connection, fileId, targetPath, route: "service" });
      expect((await readFile(targetPath)).equals(bytes)).toBe(true);
    }
    expect((await readdir(folder)).filter((name) => !/^(whole|cut\d+)\.csv$/.test(name))).toEqual([]);
  });

  it("leaves nothing of an upload that fails", async () => {
    const before = await server.contents();
    let failed = 0;
    for (let seed = 40; seed < 47; seed++) {
      const faultOf = strikeFirst({ kind: "reset", direction: "toServer", after: 3_000 + seeded(seed, 1_300_000) });
      await using proxy = await FaultProxy.start(server.port, { faultOf });
      await using connection = await connect(proxy.port);
      const uploading = uploadTable(source(), `cut ${seed}`, { connection, parentId: 2, chunkSize: 4_000 });
      const outcome = await uploading.catch((error: unknown) => error);
      if (outcome instanceof Error) {
        failed++;
        expect(outcome).toBeInstanceOf(OmeroError);
        const after = await server.contents();
        expect(after.files.length, `${outcome.message}`).toBe(before.files.length);
        expect(after.annotations.length).toBe(before.annotations.length);
      } else {
        await using direct = await connect(server.port);
        const { fileId: made } = outcome as { fileId: number };
        expect(digest(await readArrow({ connection: direct, fileId: made }))).toBe(expected);
        const { deleteTable } = await import("../../src/index.js");
        await deleteTable({ connection: direct, fileId: made });
      }
    }
    expect(failed).toBeGreaterThan(1);
  });
});
