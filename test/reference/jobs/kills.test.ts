/**
 * Files stored by several workers that are killed, stopped and told to end at random moments, and Redis too: each table is there
 * once, and nothing else is. JOB_FILES and JOB_KILLS say how many; 60 and 6 by default.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type JobQueue, openJobQueue } from "../../../src/jobs/index.js";
import { connectPlain, USER } from "../../connect/embedded.js";
import { Seeded } from "../../support/seeded.js";
import { ServerProcess } from "../../support/server-process.js";
import { expectPlates, images, writePlates } from "./plates.js";
import { RedisServer } from "./redis-server.js";

const FILES = Number(process.env.JOB_FILES ?? 60);
const KILLS = Number(process.env.JOB_KILLS ?? 6);
const WORKERS = 4;
/** Milliseconds of a worker's lease. */
const LEASE = 3_000;
const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

let folder: string;
let server: ServerProcess;
let environment: Record<string, string>;
let log: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "jobs-kills-"));
  server = await ServerProcess.start({ objects: images }, { built: true });
  const login = {
    OMERO_HOST: `tcp://127.0.0.1:${server.port}`,
    OMERO_USER: USER.username,
    OMERO_PASSWORD: USER.password,
  };
  environment = { PATH: process.env.PATH!, HOME: folder, OMERO_USERDIR: folder, ...login };
  log = "";
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function start(words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, "jobs", ...words], { cwd: folder, env: environment });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (log += text));
  return child;
}

async function run(words: readonly string[]): Promise<number | null> {
  const child = start(words);
  await once(child, "close");
  return child.exitCode;
}

/** What is done to a worker, and how it is seen to that it works on. */
type Blow = "kill" | "stop" | "end";

class Workers {
  readonly counts = { kill: 0, stop: 0, end: 0 };
  readonly #words: readonly string[];
  readonly #running: ChildProcess[] = [];
  readonly #resumed: Promise<void>[] = [];

  constructor(where: readonly string[]) {
    this.#words = ["work", ...where, "--concurrency", "2", "--lease", `${LEASE / 1000}s`];
    for (let index = 0; index < WORKERS; index++) this.#running[index] = start(this.#words);
  }

  async strike(index: number, blow: Blow): Promise<void> {
    this.counts[blow]++;
    const worker = this.#running[index]!;
    if (blow === "stop") {
      worker.kill("SIGSTOP");
      this.#resumed.push(pause(LEASE * 2).then(() => void worker.kill("SIGCONT")));
      return;
    }
    const isGone = worker.exitCode !== null || worker.signalCode !== null;
    const exited = isGone ? undefined : once(worker, "exit");
    worker.kill(blow === "kill" ? "SIGKILL" : "SIGTERM");
    await exited;
    this.#running[index] = start(this.#words);
  }

  /** Until all have ended by themselves: their exit codes. */
  async ended(): Promise<(number | null)[]> {
    await Promise.all(this.#resumed);
    await Promise.all(
      this.#running.map((worker) => worker.exitCode === null && worker.signalCode === null && once(worker, "exit")),
    );
    return this.#running.map(({ exitCode }) => exitCode);
  }
}

async function settledIn(queue: JobQueue): Promise<number> {
  const { done, dead } = await queue.counts();
  return done + dead;
}

/** Kills and stops at random, one blow after each so many jobs. */
async function rounds(workers: Workers, queue: JobQueue, redis: RedisServer | undefined): Promise<number> {
  const random = new Seeded(Number(process.env.SEED ?? 20_261_128));
  let redisKills = 0;
  for (let blow = 1; blow <= KILLS; blow++) {
    const enough = Math.floor((FILES * (blow - 0.5)) / (KILLS + 1));
    while ((await settledIn(queue)) < enough) await pause(20);
    await pause(random.fraction() * 100);
    if (redis !== undefined && blow % 3 === 0) {
      redisKills++;
      await redis.kill();
      await pause(random.fraction() * 500);
      await redis.start();
      continue;
    }
    const kind = random.fraction();
    await workers.strike(random.below(WORKERS), kind < 0.6 ? "kill" : kind < 0.85 ? "stop" : "end");
  }
  return redisKills;
}

async function check(where: readonly string[], queue: JobQueue, redis: RedisServer | undefined): Promise<void> {
  const begun = performance.now();
  const workers = new Workers(where);
  const redisKills = await rounds(workers, queue, redis);
  const codes = await workers.ended();
  const counts = await queue.counts();
  expect(counts, log.slice(-2000)).toEqual({ waiting: 0, delayed: 0, active: 0, done: FILES, dead: 0 });
  expect(codes).toEqual(codes.map(() => 0));
  expect(await run(["status", ...where])).toBe(0);
  const connection = await connectPlain(server);
  await expectPlates(connection, await server.contents(), FILES);
  await connection.close();
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${FILES} files in ${seconds} s:`, { ...workers.counts, redisKills }, "each table once");
}

/** Neither what the queue keeps nor what workers said has anything secret in it. */
function expectNoSecrets(kept: string): void {
  for (const name of readdirSync(kept, { recursive: true, encoding: "utf8" })) {
    if (!/\.(mdb|aof|rdb)$/.test(name)) continue;
    expect(readFileSync(join(kept, name)).includes(USER.password), name).toBe(false);
  }
  expect(log).not.toContain(USER.password);
}

describe(`${FILES} files, ${WORKERS} workers, ${KILLS} blows`, () => {
  const time = 120_000 + FILES * 1_000;

  test(
    "by a queue in a local store",
    async () => {
      const store = join(folder, "queue");
      const where = ["--store", store];
      expect(await run(["add", ...where, "plates/*.csv", "--map", writePlates(folder, FILES)]), log).toBe(0);
      await using queue = await openJobQueue({ store });
      await check(where, queue, undefined);
      expectNoSecrets(store);
    },
    time,
  );

  test(
    "by a queue on Redis, which is killed too",
    async () => {
      await using redis = await RedisServer.start();
      const where = ["--redis", redis.url];
      expect(await run(["add", ...where, "plates/*.csv", "--map", writePlates(folder, FILES)]), log).toBe(0);
      await using queue = await openJobQueue({ redis: redis.url });
      await check(where, queue, redis);
      expectNoSecrets(redis.folder);
    },
    time,
  );
});
