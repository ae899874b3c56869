/** A job done by several holders at once, and after others that have ended in the midst of it. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { newTable } from "../../../src/gateway/tables/open-table.js";
import { bulkJobId, type UploadJob } from "../../../src/jobs/index.js";
import { ticketOf } from "../../../src/jobs/queue/job-queue.js";
import { RootFolder } from "../../../src/jobs/root-folder.js";
import { doJob, isPermanent } from "../../../src/jobs/work/do-job.js";
import type { OmeroServer } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";

const ROUNDS = 10;
const HOLDERS = 3;

let folder: string;
let server: OmeroServer;
let connection: OmeroConnection;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "upload-job-"));
  server = await startLabServer();
  connection = await connectPlain(server);
});
afterEach(async () => {
  await connection.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function jobOf(name: string, text = `n\n${name.length}\n`): UploadJob {
  writeFileSync(join(folder, `${name}.csv`), text);
  const { size, mtimeMs } = statSync(join(folder, `${name}.csv`));
  const file = { path: `${name}.csv`, size, modified: Math.trunc(mtimeMs) };
  return { kind: "upload", ...file, name, links: [["Image", "1"]], options: {} };
}

async function doAs(job: unknown, started: number) {
  const id = bulkJobId(job as UploadJob, "here");
  const root = await RootFolder.open(folder);
  const signal = new AbortController().signal;
  return doJob(job, { id, ticket: ticketOf(1000, started), root, connection, signal, onWarning: () => {} });
}

it("makes one table where several hold the job, and the last of them is told that it is there", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const job = jobOf(`round ${round}`);
    const holders = Array.from({ length: HOLDERS }, (_, index) => doAs(job, index + 1));
    const ended = await Promise.allSettled(holders);
    const result = expect.stringMatching(/^done/);
    expect(ended.at(-1)).toMatchObject({ status: "fulfilled", value: { result } });
    const { files, annotations, links } = await server.contents();
    expect([files.length, annotations.length, links.length]).toEqual([round + 1, round + 1, round + 1]);
    expect(files.map(({ name }) => name)).toContain(job.name);
  }
});

it("removes what earlier holders left, and leaves to a later one what it makes", async () => {
  const job = jobOf("one");
  const claim = `omero2frame-job-${bulkJobId(job, "here")}-`;
  for (const started of [1, 2]) await (await newTable(connection, claim + ticketOf(1000, started))).close();
  const later = await newTable(connection, claim + ticketOf(1000, 4));
  const error = await doAs(job, 3).catch((reason) => reason);
  expect(error.code).toBe("QUEUE_FAILED");
  expect(isPermanent(error)).toBe(false);
  await later.close();
  expect(await doAs(job, 5)).toMatchObject({ result: "done", rowCount: 1 });
  expect((await server.contents()).files.map(({ name }) => name)).toEqual(["one"]);
  expect(await doAs(job, 6)).toMatchObject({ result: "done before" });
  expect((await server.contents()).files.length).toBe(1);
});

it.each<[string, (job: UploadJob) => unknown]>([
  ["a path outside", (job) => ({ ...job, path: "../far.csv" })],
  ["a whole path", (job) => ({ ...job, path: "/etc/hostname" })],
  ["an option that no job has", (job) => ({ ...job, options: { replace: true } })],
  ["a target that is not there", (job) => ({ ...job, links: [["Image", "77"]] })],
  ["a file that was changed", (job) => ({ ...job, modified: 5 })],
  ["nothing", () => null],
])("a job with %s is not tried again, and leaves nothing", async (_, change) => {
  const attempt = async () => doAs(change(jobOf("one")), 1);
  const error = await attempt().catch((reason) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(isPermanent(error)).toBe(true);
  expect((await server.contents()).files).toEqual([]);
});

it("a file that is no CSV is not tried again; one that is missing is", async () => {
  const bad = await doAs(jobOf("bad", 'n\n"1\n2\n'), 1).catch((reason) => reason);
  expect(isPermanent(bad)).toBe(true);
  const missing = await doAs({ ...jobOf("one"), path: "two.csv" }, 1).catch((reason) => reason);
  expect([missing.code, isPermanent(missing)]).toEqual(["CANNOT_READ_FILE", false]);
});
