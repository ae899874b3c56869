/**
 * Measures one keeper, in a process of its own, so that memory and what was loaded are its own:
 * `tsx bench/store/measure.ts NAME IMAGES VALUES`. Prints one line of JSON.
 */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderOfFiles } from "./folder-of-files.js";
import { type Figures, type Keeper, type KeeperMaker, missing, type Time } from "./keeper.js";
import { levelKeeper } from "./level.js";
import { sqliteKeeper } from "./sqlite.js";
import { storeKeeper } from "./store.js";

const MAKERS: Record<string, KeeperMaker> = {
  store: storeKeeper,
  "better-sqlite3": sqliteKeeper,
  level: levelKeeper,
  "folder of files": folderOfFiles,
};
const SIDE = 256;
const LARGE_SIDE = 4096;
const LARGE_IMAGES = 4;
const GROUP = 100;

const [name = "store", images = 2_000, values = 20_000] = process.argv
  .slice(2)
  .map((text, at) => (at === 0 ? text : Number(text))) as [string, number, number];
const READS = Math.min(images, 1_000);
const folder = await mkdtemp(join(process.env.STORE_BENCH_FOLDER ?? tmpdir(), "store-bench-"));
try {
  const keeper = await MAKERS[name]!(folder);
  console.log(JSON.stringify(keeper === missing ? null : await measure(keeper)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
// The library of one of them keeps a thread.
process.exit();

async function measure(keeper: Keeper): Promise<Figures> {
  const times: Record<string, Time> = {};
  const timed = async (what: string, count: number, work: () => Promise<void>) => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    times[what] = { wall: ((performance.now() - start) / count) * 1_000, cpu: (user + system) / count };
  };
  await timed("write an image", images, () =>
    inGroups(images, (from, to) => keeper.putImages(numbers(from, to).map((n) => imageOf(n, SIDE)))),
  );
  await timed("read an image", READS, () => each(READS, (n) => keeper.image(spread(n, images))));
  await timed("read a header", READS, () => each(READS, (n) => keeper.header(spread(n, images))));
  await timed("set an attribute", 100, () => each(100, (n) => keeper.setAttribute(spread(n, images), "mykey", n)));
  await timed("write a value", values, () => inGroups(values, (from, to) => keeper.putValues(numbers(from, to))));
  await timed("read a value", READS, () => each(READS, (n) => keeper.value(spread(n, values))));
  await timed("walk values", Math.min(values, 100_000), () => keeper.range(0, Math.min(values, 100_000)));
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const large = numbers(images, images + LARGE_IMAGES);
  await timed("write an image of 4096 x 4096", LARGE_IMAGES, () =>
    each(LARGE_IMAGES, (n) => keeper.putImages([imageOf(large[n]!, LARGE_SIDE)])),
  );
  await timed("read it with its pixels", LARGE_IMAGES, () => each(LARGE_IMAGES, (n) => keeper.image(large[n]!)));
  await timed("read its header", 1_000, () => each(1_000, (n) => keeper.header(large[n % LARGE_IMAGES]!)));
  await keeper.close();
  return { times, peakMiB, diskMiB: (await bytesOfFolder()) / 2 ** 20 };
}

async function bytesOfFolder(): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder, { recursive: true })) bytes += (await stat(join(folder, file))).blocks * 512;
  return bytes;
}

function imageOf(n: number, side: number) {
  return {
    n,
    shape: [side, side],
    data: new Float32Array(side * side).fill(n),
    header: { nx: side, ny: side, serial: n, apix: 1.25, name: `image ${n}` },
  };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** Numbers all over `count`. */
function spread(n: number, count: number): number {
  return (n * 7_919_311) % count;
}

async function inGroups(count: number, work: (from: number, to: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += GROUP) await work(from, Math.min(count, from + GROUP));
}

async function each(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n++) await work(n);
}
