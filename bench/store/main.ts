/**
 * The store beside other places for images and values: `tsx bench/store/main.ts [IMAGES] [VALUES]`; 2,000 images of 256 x 256
 * and 20,000 small values by default, 100000 and 10000000 for the whole. Beside it run those that are installed:
 * `npm install --no-save level better-sqlite3@12`. All write in groups of 100 that are on the disk before the next begins.
 * Prints how many times as long each takes as the store, and memory.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderOfFiles } from "./folder-of-files.js";
import { type Keeper, type KeeperMaker, missing } from "./keeper.js";
import { levelKeeper } from "./level.js";
import { sqliteKeeper } from "./sqlite.js";
import { storeKeeper } from "./store.js";

const [images = 2_000, values = 20_000] = process.argv.slice(2).map(Number);
const SIDE = 256;
const GROUP = 100;
const READS = Math.min(images, 1_000);
const MAKERS: Record<string, KeeperMaker> = {
  store: storeKeeper,
  "better-sqlite3": sqliteKeeper,
  level: levelKeeper,
  "folder of files": folderOfFiles,
};

interface Figures {
  readonly times: Record<string, number>;
  readonly peakMiB: number;
}

const measured = new Map<string, Figures>();
for (const [name, make] of Object.entries(MAKERS)) {
  const folder = await mkdtemp(join(tmpdir(), "store-bench-"));
  try {
    const keeper = await make(folder);
    if (keeper === missing) console.log(`${name}: not installed`);
    else measured.set(name, await measure(keeper));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
print();
// The library of one of the others keeps a thread.
process.exit();

async function measure(keeper: Keeper): Promise<Figures> {
  const times: Record<string, number> = {};
  const timed = async (what: string, count: number, work: () => Promise<void>) => {
    const start = performance.now();
    await work();
    times[what] = ((performance.now() - start) / count) * 1_000;
  };
  await timed("write an image", images, () =>
    inGroups(images, (from, to) => keeper.putImages(numbers(from, to).map(imageOf))),
  );
  await timed("read an image", READS, () => each(READS, async (n) => void (await keeper.image(spread(n)))));
  await timed("read a header", READS, () => each(READS, async (n) => void (await keeper.header(spread(n)))));
  await timed("set an attribute", 100, () => each(100, (n) => keeper.setAttribute(spread(n), "mykey", n)));
  await timed("write a value", values, () => inGroups(values, (from, to) => keeper.putValues(numbers(from, to))));
  await timed("read a value", READS, () => each(READS, async (n) => void (await keeper.value(n))));
  await timed("walk 1,000 values", 1_000, () => keeper.range(0, 1_000));
  await keeper.close();
  return { times, peakMiB: process.resourceUsage().maxRSS / 1024 };
}

function print(): void {
  const own = measured.get("store")!;
  console.log(
    `\n${images} images of ${SIDE} x ${SIDE}, ${values} values; the store in microseconds, the others as multiples of it`,
  );
  console.log(["", ...measured.keys()].join("\t"));
  for (const [what, time] of Object.entries(own.times)) {
    const ratios = [...measured].map(([name, { times }]) =>
      name === "store" ? time.toFixed(1) : `${(times[what]! / time).toFixed(2)}x`,
    );
    console.log([what, ...ratios].join("\t"));
  }
  console.log(["peak MiB so far", ...[...measured.values()].map(({ peakMiB }) => peakMiB.toFixed(0))].join("\t"));
}

function imageOf(n: number) {
  return {
    n,
    data: new Float32Array(SIDE * SIDE).fill(n),
    header: { nx: SIDE, ny: SIDE, serial: n, apix: 1.25, name: `image ${n}` },
  };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Numbers all over the images. */
function spread(n: number): number {
  return (n * 7_919) % images;
}

async function inGroups(count: number, work: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += GROUP) await work(from, Math.min(count, from + GROUP));
}

async function each(count: number, work: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; n < count; n++) await work(n);
}
