/**
 * A server that is killed at random moments of uploads, appends, deletions and saves: nothing acknowledged is missing
 * after it, and nothing half-made is to be seen. KILLS says how often; 6 by default.
 */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectPlain } from "../connect/embedded.js";
import { Seeded } from "../support/seeded.js";
import { ServerProcess } from "../support/server-process.js";
import { halfMade, Ledger } from "./ledger.js";

const KILLS = Number(process.env.KILLS ?? 6);
const WORKERS = 4;
/** What is done before the blow, at most, and milliseconds from then on. */
const MOST_DEEDS = 24;
const LONGEST_PAUSE = 60;

let folder: string;
let directory: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "random-kills-"));
  directory = join(folder, "server");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  `${KILLS} kills at random moments`,
  async () => {
    const random = new Seeded(Number(process.env.SEED ?? 20_261_128));
    const ledgers = Array.from({ length: WORKERS }, (_, number) => new Ledger(`worker ${number}`, random, folder));
    let server = await start();
    for (let kill = 1; kill <= KILLS; kill++) {
      let left = 1 + random.below(MOST_DEEDS);
      const enough = new EventTarget();
      const isEnough = once(enough, "enough");
      const onDeed = () => --left === 0 && enough.dispatchEvent(new Event("enough"));
      const workers = ledgers.map((ledger) => work(server, ledger, onDeed));
      await isEnough;
      await pause(random.fraction() * LONGEST_PAUSE);
      await server.kill();
      await Promise.all(workers);
      server = await start();
      const contents = await server.contents();
      const faults = await halfMade(contents, directory);
      for (const ledger of ledgers) faults.push(...(await ledger.faults(contents, directory)));
      expect(faults, `after ${kill} kills`).toEqual([]);
    }
    await server[Symbol.asyncDispose]();
    // What is set aside was being deleted.
    const deleted = ledgers.flatMap((ledger) => [...ledger.deleted].map(String));
    for (const name of asideIn(directory)) expect(deleted).toContain(name.split("-")[0]);
    const sum = (kind: keyof Ledger["deeds"]) => ledgers.reduce((total, { deeds }) => total + deeds[kind], 0);
    const counts = ["uploads", "appends", "deletions", "saves", "files", "failures"] as const;
    console.log(`${KILLS} kills:`, Object.fromEntries(counts.map((kind) => [kind, sum(kind)])), "0 lost, 0 half-made");
    expect(sum("uploads")).toBeGreaterThan(0);
  },
  60_000 + KILLS * 30_000,
);

function start(): Promise<ServerProcess> {
  return ServerProcess.start({ tables: "hdf5", directory }, { built: true });
}

/** Until the server is gone. */
async function work(server: ServerProcess, ledger: Ledger, onDeed: () => void): Promise<void> {
  try {
    const connection = await connectPlain(server, { reconnectTimeout: 0 });
    for (;;) {
      await ledger.act(connection);
      onDeed();
    }
  } catch {
    // It was killed.
  }
}

function asideIn(path: string): string[] {
  return readdirSync(path).includes("unknown") ? readdirSync(join(path, "unknown")) : [];
}
