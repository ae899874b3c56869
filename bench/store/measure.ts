/**
 * Measures one keeper, in a process of its own, so that memory and what was loaded are its own:
 * `tsx bench/store/measure.ts NAME IMAGES VALUES [uint8]`. Prints one line of JSON.
 */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
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
/** So many are read one by one, all over what there is. */
const IMAGE_READS = 2_000;
const READS = 20_000;
const WALKED = 100_000;
/** Enough for the engine to have compiled what they run. */
const CHANGES = 2_000;
/** A file each takes a page of the disk and a write of it: more of them would tell nothing else. */
const MOST_FILES = { images: 5_000, values: 20_000 };

const [name = "store", imagesGiven = "2000", valuesGiven = "20000", pixels = "float32"] = process.argv.slice(2);
const isFiles = name === "folder of files";
const images = Math.min(Number(imagesGiven), isFiles ? MOST_FILES.images : Number.POSITIVE_INFINITY);
const values = Math.min(Number(valuesGiven), isFiles ? MOST_FILES.values : Number.POSITIVE_INFINITY);
const Pixels = pixels === "uint8" ? Uint8Array : Float32Array;
/** Nothing that compression makes smaller: images are parts of it. */
const noise = new Pixels(LARGE_SIDE * LARGE_SIDE + 100_000);
for (let index = 0; index < noise.length; index++) noise[index] = Math.random() * 256;
let peakBytes = 0;
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
  await timed("read an image", IMAGE_READS, () => each(IMAGE_READS, (n) => keeper.image(spread(n, images))));
  await timed("read a header", READS, () => each(READS, (n) => keeper.header(spread(n, images))));
  await timed("read an attribute", READS, () => each(READS, (n) => keeper.attribute(spread(n, images), "serial")));
  await timed("set an attribute", CHANGES, () =>
    each(CHANGES, (n) => keeper.setAttribute(spread(n, images), "mykey", n)),
  );
  await timed("write a value", values, () => inGroups(values, (from, to) => keeper.putValues(numbers(from, to))));
  await timed("read a value", READS, () => each(READS, (n) => keeper.value(spread(n, values))));
  const walked = Math.min(values, WALKED);
  await timed("walk values", walked, () => keeper.range(0, walked));
  await noteMemory();
  const peakMiB = peakBytes / 2 ** 20;
  const large = numbers(images, images + LARGE_IMAGES);
  await timed("write an image of 4096 x 4096", LARGE_IMAGES, () =>
    each(LARGE_IMAGES, (n) => keeper.putImages([imageOf(large[n]!, LARGE_SIDE)])),
  );
  await timed("read it with its pixels", LARGE_IMAGES, () => each(LARGE_IMAGES, (n) => keeper.image(large[n]!)));
  await timed("read its header", 1_000, () => each(1_000, (n) => keeper.header(large[n % LARGE_IMAGES]!)));
  await keeper.close();
  return { times, images, values, peakMiB, diskMiB: (await bytesOfFolder()) / 2 ** 20 };
}

async function bytesOfFolder(): Promise<number> {
  let bytes = 0;
  for (const file of await readdir(folder, { recursive: true })) bytes += (await stat(join(folder, file))).blocks * 512;
  return bytes;
}

/** The memory that is this process's alone: mapped files are given back when others need it. */
async function noteMemory(): Promise<void> {
  const status = await readFile("/proc/self/status", "utf8");
  peakBytes = Math.max(peakBytes, 1024 * Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0));
}

function imageOf(n: number, side: number) {
  const start = (n * 7_919) % 100_000;
  return {
    n,
    shape: [side, side],
    data: noise.slice(start, start + side * side),
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
  for (let from = 0; from < count; from += GROUP) {
    if (from % (50 * GROUP) === 0) await noteMemory();
    await work(from, Math.min(count, from + GROUP));
  }
}

async function each(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n++) await work(n);
}
