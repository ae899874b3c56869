/**
 * `npm run bench:scans -- [--rows N]`: what partitions cost the server and those who read them, measured on the reference server
 * with a table of N rows (default 1,000,000); Flight beside the service; from how many readers on more gain nothing; and what 10^7
 * to 10^9 rows would take 1 to 100 executors by these costs.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { connectToOmero } from "../../src/connect/index.js";
import { serveFlight } from "../../src/flight/index.js";
import { toArrowStream } from "../../src/formats/arrow/ipc/to-arrow-stream.js";
import { downloadTable, readBatches } from "../../src/read/index.js";
import { planScan, readPartition, type ScanJob } from "../../src/scan/index.js";
import { uploadTable } from "../../src/write/index.js";
import { cells, processorSeconds } from "../../test/reference/engines.js";
import { ReferenceServer, referencePython, runPython } from "../../test/reference/reference-server.js";
import { executorsServed, type ScanCosts, simulate } from "./simulate.js";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const ROWS = Number(values.rows);
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const FLIGHT_READER = fileURLToPath(new URL("flight_reader.py", import.meta.url));
const PARTS = 8;
const READERS = [1, 2, 4, 8];
const SMALL_PARTS = 20;

await using server = await ReferenceServer.start();
const address = `tcp://127.0.0.1:${server.port}`;
await using connection = await connectToOmero({
  server: address,
  username: "user",
  password: "pass",
  interactive: false,
  allowToken: false,
});
const folder = await mkdtemp(join(tmpdir(), "o2f-scans-"));

interface Cost {
  readonly seconds: number;
  /** Of a processor, in seconds: this process's, and the servant's. */
  readonly own: number;
  readonly servant: number;
}

async function cost(work: () => Promise<unknown>): Promise<Cost> {
  const [start, cpu, servant] = [performance.now(), process.cpuUsage(), await processorSeconds(server.processId)];
  await work();
  const used = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - start) / 1000,
    own: (used.user + used.system) / 1e6,
    servant: (await processorSeconds(server.processId)) - servant,
  };
}

async function readAll(jobs: readonly ScanJob[], how: object): Promise<void> {
  for (const job of jobs) for await (const _ of toArrowStream(readPartition(job, how)));
}

/** A process of the command line for each job, so many at a time. */
async function readByProcesses(jobs: readonly ScanJob[], readers: number): Promise<void> {
  const left = [...jobs];
  const env = { ...process.env, OMERO_SESSION: connection.session.uuid, OMERO_HOST: address };
  const reader = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      const running = promisify(execFile)(process.execPath, [MAIN, "scan", "read", JSON.stringify(job)], {
        env,
        encoding: "buffer",
        maxBuffer: 2 ** 31 - 1,
      });
      await running;
    }
  };
  await Promise.all(Array.from({ length: readers }, reader));
}

const TIMES = /^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/;

/** Seconds of a processor that a process of the command line takes for a job. */
async function processCost(job: ScanJob): Promise<number> {
  const env = { ...process.env, OMERO_SESSION: connection.session.uuid, OMERO_HOST: address };
  const words = [process.execPath, MAIN, "scan", "read", JSON.stringify(job)];
  const { stdout } = await promisify(execFile)("bash", ["-c", '"$@" > /dev/null; times', "-", ...words], { env });
  const [, minutes, seconds, systemMinutes, system] = TIMES.exec(stdout.trim().split("\n").at(-1)!)!;
  return 60 * (Number(minutes) + Number(systemMinutes)) + Number(seconds) + Number(system);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const rate = (seconds: number) => `${Math.round(ROWS / seconds).toLocaleString("en")} rows/s`;
const milli = (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`;
const nano = (seconds: number) => `${(seconds * 1e9).toFixed(0)} ns`;

try {
  const { fileId } = await uploadTable(cells(ROWS), "cells", { connection, parentId: 1 });
  const planning = await cost(() => planScan({ connection, fileId }));
  const { jobs } = await planScan({ connection, fileId, partitions: PARTS });
  const [first] = jobs as [ScanJob];
  await readAll([first], { connection });

  const service = await cost(async () => {
    for await (const _ of toArrowStream(readBatches({ connection, fileId, route: "service" })));
  });
  const scanned = await cost(() => readAll(jobs, { connection }));
  const none = { ...first, rows: { start: 0, stop: 1 } };
  const small = await cost(() => readAll(Array(SMALL_PARTS).fill(none), { connection }));
  const starting = await processCost(none);
  const path = join(folder, "cells.h5");
  const fetched = await cost(() => downloadTable({ connection, fileId, targetPath: path, route: "file" }));
  const file = await planScan({ path, partitions: PARTS });
  const fromFile = await cost(() => readAll(file.jobs, {}));

  await using flight = await serveFlight({ server: address, token: connection.session.uuid, connection });
  const flown = JSON.parse(
    await runPython(FLIGHT_READER, [flight.url, connection.session.uuid, String(fileId)], "", referencePython()),
  ) as { rows: number; seconds: number };
  if (flown.rows !== ROWS) throw new Error(`Flight gave ${flown.rows} rows`);

  say(`\n${ROWS.toLocaleString("en")} rows of 3 columns, reference server`);
  say(`| service, one process | ${service.seconds.toFixed(2)} s | ${rate(service.seconds)} |`);
  say(
    `| Flight, pyarrow      | ${flown.seconds.toFixed(2)} s | ${rate(flown.seconds)} | ${(service.seconds / flown.seconds).toFixed(2)} of the service's rate |`,
  );
  say(`| file fetched once    | ${fetched.seconds.toFixed(2)} s | ${rate(fetched.seconds)} |`);
  say(`| file, ${PARTS} parts in turn | ${fromFile.seconds.toFixed(2)} s | ${rate(fromFile.seconds)} |`);
  for (const readers of READERS) {
    const used = await cost(() => readByProcesses(jobs, readers));
    const share = Math.round((100 * used.servant) / used.seconds);
    say(
      `| ${readers} readers, ${PARTS} parts | ${used.seconds.toFixed(2)} s | ${rate(used.seconds)} | servant ${share} % |`,
    );
  }

  const serverPart = small.servant / SMALL_PARTS;
  const costs: ScanCosts = {
    before: planning.seconds,
    start: Math.max(0, starting - small.own / SMALL_PARTS),
    serverPart,
    serverRow: Math.max(0, (scanned.servant - PARTS * serverPart) / ROWS),
    executorRow: Math.max(0, (scanned.own - (PARTS * small.own) / SMALL_PARTS) / ROWS),
  };
  const fetching = Math.max(fetched.own, fetched.servant) / ROWS;
  const byFile = (rows: number): ScanCosts => ({
    before: fetching * rows,
    start: costs.start,
    serverPart: 0,
    serverRow: 0,
    executorRow: fromFile.own / ROWS,
  });
  say("\ncosts");
  say(
    `planning ${milli(costs.before)}; starting a process ${milli(costs.start)}; the server: ${milli(serverPart)} a part, ${nano(costs.serverRow)} a row`,
  );
  say(
    `an executor: ${nano(costs.executorRow)} a row by the service, ${nano(fromFile.own / ROWS)} by the file; fetching the file ${nano(fetching)} a row`,
  );
  say(
    `the server serves ${executorsServed(costs, 1_000_000).toFixed(1)} executors with a process a part of 1,000,000 rows, ${executorsServed({ ...costs, start: 0 }, 1_000_000).toFixed(1)} by Flight`,
  );

  say("\nsimulated, parts of 1,000,000 rows (seconds, the server's share)");
  say("| rows | executors | a process a part | Flight | the file once, then parts of it |");
  say("| --- | --- | --- | --- | --- |");
  for (const rows of [1e7, 1e8, 1e9]) {
    for (const executors of [1, 4, 16, 100]) {
      const cluster = { rows, partitionRows: 1_000_000, executors };
      const cells = [costs, { ...costs, start: 0 }, byFile(rows)].map((one) => {
        const { seconds, serverShare } = simulate(one, cluster);
        return `${seconds.toFixed(seconds < 100 ? 1 : 0)} (${Math.round(100 * serverShare)} %)`;
      });
      say(`| ${rows.toLocaleString("en")} | ${executors} | ${cells.join(" | ")} |`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
