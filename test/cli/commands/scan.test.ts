/** The command against the embedded server. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable } from "../../../src/gateway/tables/open-table.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { batchOf } from "../../support/cells.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const FIELDS = [field("n", "Long"), field("area", "Double"), field("name", "String", 8)];
const ROWS = 1_000;

let server: OmeroServer;
let connection: OmeroConnection;
let fileId: number;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scan-cli-"));
  server = await startLabServer({ tables: "hdf5" });
  connection = await connectPlain(server);
  const table = await newTable(connection, "cells");
  await table.initialize(FIELDS);
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  await table.addData(batchOf(FIELDS, [rows.map(BigInt), rows.map((row) => row / 2), rows.map((row) => `ä ${row}`)]));
  await table.close();
  fileId = table.file.id;
});
afterAll(async () => {
  await connection?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

function start(words: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: folder, ...environment };
  return spawn(process.execPath, [main, "scan", ...words], { cwd: folder, env, stdio: "pipe" });
}

async function scan(words: readonly string[], environment: Record<string, string> = {}, input = "") {
  const child = start(words, environment);
  child.stdin!.end(input);
  const [out, err, [code]] = await Promise.all([buffer(child.stdout!), text(child.stderr!), once(child, "close")]);
  return { code, out, err };
}

const password = { OMERO_PASSWORD: "pass-ana", OMERO_USER: "ana" };
const address = () => ["--server", `tcp://127.0.0.1:${server.port}`];
const host = () => ({ ...password, OMERO_HOST: `tcp://127.0.0.1:${server.port}` });

it("plans jobs, which are read from the command line, a file and standard input, as a stream and as files", async () => {
  const plan = ["plan", ...address(), "--file-id", String(fileId), "--query", "n >= 10", "--partitions", "3"];
  const planned = await scan(plan, host());
  expect(planned).toMatchObject({ code: 0, err: "" });
  const jobs = planned.out.toString().trim().split("\n");
  expect(jobs.length).toBe(3);
  await writeFile(join(folder, "job-1.json"), jobs[1]!);
  const sessionKey = { OMERO_SESSION: connection.session.uuid };
  const parts = [
    await scan(["read", jobs[0]!], sessionKey),
    await scan(["read", "job-1.json"], host()),
    await scan(["read", "-", "--row-numbers"], sessionKey, jobs[2]),
  ];
  expect(parts.map(({ code, err }) => [code, err])).toEqual([0, 1, 2].map(() => [0, ""]));
  const numbers = parts.flatMap(({ out }) => Array.from(tableFromIPC(out).getChild("n")!, Number));
  expect(numbers).toEqual(Array.from({ length: ROWS - 10 }, (_, row) => row + 10));
  expect(tableFromIPC(parts[2]!.out).numCols).toBe(FIELDS.length + 1);
  expect((await scan(["read", jobs[2]!, "--output", folder], sessionKey)).code).toBe(0);
  const file = tableFromIPC(await readFile(join(folder, "part-00002.arrow")));
  expect(file.numRows).toBe(tableFromIPC(parts[2]!.out).numRows);
  expect((await scan(["read", jobs[1]!, "--output", folder, "--format", "parquet"], sessionKey)).code).toBe(0);
  expect((await readFile(join(folder, "part-00001.parquet"))).subarray(0, 4).toString()).toBe("PAR1");
}, 120_000);

it("leaves nothing half-made, and says why", async () => {
  const planned = await scan(["plan", ...address(), "--file-id", String(fileId)], host());
  const job = JSON.parse(planned.out.toString());
  const other = JSON.stringify({ ...job, partition: 7, partitions: 8, table: { ...job.table, rowCount: ROWS + 1 } });
  const failed = await scan(["read", other, "--output", folder], host());
  expect(failed.code).toBe(1);
  expect(failed.err).toContain("is not the one that was planned");
  expect((await readdir(folder)).filter((name) => name.includes("00007"))).toEqual([]);
  const bad = await scan(["read", "{}"], host());
  expect([bad.code, bad.out.length]).toEqual([2, 0]);
  expect(bad.err).toContain("This is no job of a scan");
  const elsewhere = JSON.stringify({ ...job, server: "tcp://127.0.0.1:1" });
  const kept = await scan(["read", elsewhere], { ...host(), OMERO_SESSION: connection.session.uuid });
  expect([kept.code, kept.err]).toEqual([2, expect.stringContaining("no session was sent")]);
}, 60_000);

it("keeps a session for others, in a file of this user alone, until it is stopped or its parent has ended", async () => {
  const path = join(folder, "session");
  const keeper = start(["session", ...address(), "--stdin", path], host());
  await once(keeper.stdout!, "data");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const plan = ["plan", ...address(), "--file-id", String(fileId), "--session-file", path];
  expect((await scan(plan)).code).toBe(0);
  await chmod(path, 0o644);
  const refused = await scan(plan);
  expect(refused.err).toContain("chmod 600");
  expect(refused.err).not.toContain((await readFile(path, "utf8")).trim());
  keeper.stdin!.end();
  expect(await once(keeper, "close")).toEqual([0, null]);
  expect((await readdir(folder)).includes("session")).toBe(false);
}, 60_000);
