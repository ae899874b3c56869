/**
 * Workers that upload, append, delete, save and read, half an hour long, while connections break at random and the server
 * is killed: nothing is read wrongly, nothing acknowledged is lost, memory does not grow. SOAK_MINUTES and SOAK_WORKERS
 * say how long and how many.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { OmeroConnection } from "../../src/connect/index.js";
import { connectPlain } from "../connect/embedded.js";
import { type Deeds, halfMade, Ledger } from "../faults/ledger.js";
import { type Fault, FaultProxy } from "../faults/proxy.js";
import { Seeded } from "../support/seeded.js";
import { ServerProcess } from "../support/server-process.js";

const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const WORKERS = Number(process.env.SOAK_WORKERS ?? 50);
/** Seconds between two kills of the server, at least and at most. */
const LIFE = [45, 120] as const;
/** Bytes that a connection carries before it breaks, at most. */
const LONGEST_CONNECTION = 6 << 20;
/** Bytes a minute that memory may seem to grow by: what the collector leaves differs by more than that. */
const MOST_GROWTH = 2 << 20;

let folder: string;
let directory: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "soak-"));
  directory = join(folder, "server");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new Seeded(Number(process.env.SEED ?? 20_261_128));
const between = (least: number, most: number) => least + random.fraction() * (most - least);

/** Minutes since the beginning, and bytes. */
type Sample = readonly [minutes: number, bytes: number];

it(
  `${WORKERS} workers, ${MINUTES} minutes`,
  async () => {
    const ledgers = Array.from({ length: WORKERS }, (_, number) => new Ledger(`worker ${number}`, random, folder));
    const wrong: string[] = [];
    const client: Sample[] = [];
    const served: Sample[] = [];
    const begun = performance.now();
    const minutes = () => (performance.now() - begun) / 60_000;
    let kills = 0;
    let broken = 0;
    let server = await start(0);
    const { port } = server;
    const breakRandomly = (): Fault => {
      broken++;
      const direction = random.fraction() < 0.5 ? "toClient" : "toServer";
      return { kind: random.fraction() < 0.5 ? "reset" : "cut", direction, after: between(500, LONGEST_CONNECTION) };
    };
    await using proxy = await FaultProxy.start(port, { faultOf: breakRandomly });
    while (minutes() < MINUTES) {
      const life = new AbortController();
      const workers = ledgers.map((ledger) => work(proxy.port, ledger, life.signal, wrong));
      await pause(1000 * Math.min(between(...LIFE), 60 * (MINUTES - minutes()) + 5));
      // Of what it holds now, with all at work.
      served.push([minutes(), await server.memory()]);
      life.abort();
      await server.kill();
      kills++;
      await Promise.all(workers);
      server = await start(port);
      const contents = await server.contents();
      const lost = await halfMade(contents, directory);
      for (const ledger of ledgers) lost.push(...(await ledger.faults(contents, directory)));
      client.push([minutes(), memoryNow()]);
      console.log(minutes().toFixed(1), "min", sums(ledgers), {
        kills,
        broken,
        wrong: wrong.length,
        lost: lost.length,
      });
      expect({ wrong, lost }).toEqual({ wrong: [], lost: [] });
    }
    await server[Symbol.asyncDispose]();
    const growth = { client: slope(client), server: slope(served) };
    console.log("bytes a minute:", growth, "samples in MB:", { client: megabytes(client), server: megabytes(served) });
    expect(growth.client).toBeLessThan(MOST_GROWTH);
    expect(growth.server).toBeLessThan(MOST_GROWTH);
    expect(sums(ledgers).uploads).toBeGreaterThan(WORKERS);
  },
  (MINUTES + 10) * 60_000,
);

function start(port: number): Promise<ServerProcess> {
  return ServerProcess.start({ tables: "hdf5", directory, port, idleTimeout: 60_000 }, { built: true });
}

/** Until its time is up. What breaks is begun anew. */
async function work(port: number, ledger: Ledger, signal: AbortSignal, wrong: string[]): Promise<void> {
  let connection: OmeroConnection | undefined;
  while (!signal.aborted) {
    try {
      connection ??= await connectPlain({ port }, { reconnectTimeout: 2000, connectTimeout: 5000, timeout: 30_000 });
      const fault = await ledger.act(connection, { reads: true });
      if (fault !== undefined) wrong.push(fault);
    } catch {
      void connection?.close().catch(() => {});
      connection = undefined;
      await pause(50);
    }
  }
  await connection?.close().catch(() => {});
}

/** Bytes in use once everything unused is collected. */
function memoryNow(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function sums(ledgers: readonly Ledger[]): Deeds {
  const total = { ...ledgers[0]!.deeds };
  for (const { deeds } of ledgers.slice(1)) {
    for (const kind of Object.keys(total) as (keyof Deeds)[]) total[kind] += deeds[kind];
  }
  return total;
}

/** Of the straight line that fits best, in bytes a minute. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = mean(([x]) => (x - meanX) ** 2);
  return spread === 0 ? 0 : mean(([x, y]) => (x - meanX) * (y - meanY)) / spread;
}

function megabytes(samples: readonly Sample[]): string {
  return samples.map(([, bytes]) => (bytes / 2 ** 20).toFixed(0)).join(" ");
}
