/**
 * The store beside other places for images and values: `tsx bench/store/main.ts [IMAGES] [VALUES] [uint8]`; 2,000 images of
 * 256 x 256 float32 pixels and 20,000 small values by default. `100000 10000000 uint8` is the whole, which takes 8 GiB of disk at
 * a time. Beside it run those that are installed: `npm install --no-save level better-sqlite3@12`. All write in groups of 100
 * that are on the disk before the next begins; each has a process of its own. Prints how many times as long each takes as the
 * store, and memory. STORE_BENCH_FOLDER says where they write.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Figures } from "./keeper.js";

const [images = "2000", values = "20000", pixels = "float32"] = process.argv.slice(2);
const OTHERS = ["better-sqlite3", "level", "folder of files"];
const program = fileURLToPath(new URL("measure.ts", import.meta.url));

const own = await measured("store");
if (own === null) throw new Error("the store was not measured");
print("store", own);
for (const name of OTHERS) {
  const figures = await measured(name);
  if (figures === null) console.log(`\n${name}: not installed`);
  else print(name, figures);
}

async function measured(name: string): Promise<Figures | null> {
  const child = spawn(process.execPath, ["--import", "tsx", program, name, images, values, pixels], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return JSON.parse(output);
}

/** The store in microseconds, the others as multiples of it: on the clock, and of a processor's time. */
function print(name: string, { times, peakMiB, diskMiB, ...counts }: Figures): void {
  console.log(`\n${name}: ${counts.images} images of 256 x 256 ${pixels} pixels, ${counts.values} values`);
  for (const [what, time] of Object.entries(times)) {
    const shown = (["wall", "cpu"] as const).map((kind) =>
      name === "store" ? `${time[kind].toFixed(1)} us` : `${(time[kind] / own!.times[what]![kind]).toFixed(2)} x`,
    );
    console.log(`${what.padEnd(32)}${shown[0]!.padEnd(16)}cpu ${shown[1]}`);
  }
  console.log(`${"own memory at most".padEnd(32)}${peakMiB.toFixed(0)} MiB`);
  console.log(`${"on the disk".padEnd(32)}${diskMiB.toFixed(0)} MiB`);
}
