/** Processes that append to one store at once, and are killed at random. STORE_ROUNDS says how often; 5 by default. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openStore, type StoredImage } from "omero2frame/store";
import { expect, it } from "vitest";
import { isWhole } from "./numbered-image.mjs";

const ROUNDS = Number(process.env.STORE_ROUNDS ?? 5);
const WORKERS = 8;
const EACH = Number(process.env.STORE_APPENDS ?? 10_000);
const ROUND_TIME = 600_000;

const program = (name: string) => fileURLToPath(new URL(`${name}.mjs`, import.meta.url));

it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  `round %i: ${WORKERS} processes append ${EACH} images each while they are killed; nothing acknowledged is lost`,
  async (round) => {
    const folder = await mkdtemp(join(tmpdir(), "store-kills-"));
    try {
      const readers = [startReader(folder), startReader(folder)];
      const kills = await appendAmongKills(folder);
      const seen = await Promise.all(readers.map(stopReader));
      expect(seen).toEqual(seen.map((each) => ({ ...each, broken: 0, shrunk: 0, failures: [] })));
      expect(seen.every((each) => each.seen > 0)).toBe(true);
      expect(kills).toBeGreaterThan(3);
      const kept = await checkStore(folder);
      const reads = seen.reduce((sum, each) => sum + each.seen, 0);
      console.log(`round ${round}: ${kills} kills, ${kept}, ${reads} reads meanwhile`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  ROUND_TIME,
);

/** So many kills are of any worker; the others are of one that got somewhere, or a slow machine would never come to an end. */
const AT_ONCE = 0.1;

/** Starts the workers, kills one every 100 to 700 ms, and starts it again, until all have ended by themselves. */
async function appendAmongKills(folder: string): Promise<number> {
  let kills = 0;
  const running = new Map<number, { readonly child: ChildProcess; readonly noted: number }>();
  const failures: unknown[] = [];
  const work = async (worker: number) => {
    for (let signal: string | null = "SIGKILL"; signal === "SIGKILL"; ) {
      const child = spawn(
        process.execPath,
        [program("appender"), folder, String(worker), String(EACH), logOf(folder, worker)],
        {
          stdio: ["ignore", "ignore", "pipe"],
        },
      );
      running.set(worker, { child, noted: notedBy(folder, worker) });
      let errors = "";
      child.stderr.on("data", (text) => {
        errors += text;
      });
      const [code, ended] = await once(child, "close");
      running.delete(worker);
      signal = ended;
      if (code !== 0 && signal !== "SIGKILL") failures.push(`worker ${worker}: ${code} ${signal} ${errors}`);
    }
  };
  const done = Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  let finished = false;
  done.finally(() => {
    finished = true;
  });
  while (!finished) {
    await pause(100 + Math.random() * 600);
    const any = Math.random() < AT_ONCE;
    const victims = [...running].filter(([worker, { noted }]) => any || notedBy(folder, worker) > noted);
    if (victims[Math.floor(Math.random() * victims.length)]?.[1].child.kill("SIGKILL")) kills++;
  }
  await done;
  expect(failures).toEqual([]);
  return kills;
}

/** Bytes of a worker's log. */
function notedBy(folder: string, worker: number): number {
  return statSync(logOf(folder, worker), { throwIfNoEntry: false })?.size ?? 0;
}

/** Resolves to what was found, in words. */
async function checkStore(folder: string): Promise<string> {
  const acknowledged = Array.from({ length: WORKERS }, (_, worker) => acknowledgedBy(folder, worker)).flat();
  await using store = await openStore(folder);
  const images = store.open("images");
  const count = images.imageCount;
  expect(images.size).toBe(count); // no gaps
  expect(count).toBeGreaterThanOrEqual(WORKERS * EACH);
  expect(new Set(acknowledged.map(({ n }) => n)).size).toBe(acknowledged.length); // no number given twice
  const seen = new Map<unknown, { worker: unknown; serial: unknown }>();
  let broken = 0;
  for await (const [n, value] of images.entries()) {
    const image = value as StoredImage;
    if (!isWhole(image)) broken++;
    seen.set(n, { worker: image.header.worker, serial: image.header.serial });
  }
  expect(broken).toBe(0);
  const lost = acknowledged.filter(
    ({ n, worker, serial }) => seen.get(n)?.worker !== worker || seen.get(n)?.serial !== serial,
  );
  expect(lost).toEqual([]);
  return `${acknowledged.length} images acknowledged and there, ${count} numbers without a gap`;
}

/** What a worker's log says was acknowledged; a last line may have been cut. */
function acknowledgedBy(folder: string, worker: number) {
  const lines = readFileSync(logOf(folder, worker), "utf8").split("\n");
  return lines.flatMap((line) => {
    const match = /^(\d+) (\d+)$/.exec(line);
    return match ? [{ n: Number(match[1]), worker, serial: Number(match[2]) }] : [];
  });
}

function logOf(folder: string, worker: number): string {
  return join(folder, `acknowledged-${worker}.log`);
}

function startReader(folder: string): ChildProcess {
  return spawn(process.execPath, [program("reader"), folder], { stdio: ["ignore", "pipe", "inherit"] });
}

interface Seen {
  readonly seen: number;
  readonly broken: number;
  readonly shrunk: number;
  readonly failures: readonly string[];
}

async function stopReader(reader: ChildProcess): Promise<Seen> {
  let output = "";
  reader.stdout!.on("data", (text) => {
    output += text;
  });
  reader.kill("SIGTERM");
  await once(reader, "close");
  return JSON.parse(output);
}
