/** Where the time of a run goes, from the profiles that Node.js writes with `--cpu-prof`. */
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Task } from "./cases.js";
import type { Profile } from "./results.js";
import type { Workbench } from "./workbench.js";

/** The part used here of a profile as the Chrome DevTools Protocol has it (`Profiler.Profile`). Times in microseconds. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  startTime: number;
  samples: number[];
  timeDeltas: number[];
}

const MOST_FUNCTIONS = 8;
const LEAST_SHARE = 0.02;
/** The profiler's words for what is no function. */
const NO_FUNCTIONS: Record<string, string> = {
  "(idle)": "waiting",
  "(garbage collector)": "garbage collection",
  "(program)": "native code",
};

/** Runs a task once more, under the profiler. */
export async function profileOf(name: string, task: Task, bench: Workbench): Promise<Profile> {
  const folder = join(bench.folder, "profiles");
  try {
    const { seconds, from, to } = await bench.ours({ ...task, profiled: true }, [
      "--cpu-prof",
      `--cpu-prof-dir=${folder}`,
    ]);
    const files = (await readdir(folder)).filter((file) => file.endsWith(".cpuprofile"));
    const profiles = await Promise.all(
      files.map(async (file) => {
        const profile = JSON.parse(await readFile(join(folder, file), "utf8")) as CpuProfile;
        return { profile, isMain: isMainThread(file) };
      }),
    );
    return { name, seconds, functions: topFunctions(profiles, from!, to!) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Names are `CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile`; the main thread is 0. */
function isMainThread(file: string): boolean {
  return file.split(".")[4] === "0";
}

/**
 * Functions by the time spent in themselves from `from` to `to`, as shares of that; of other threads, only work counts.
 */
export function topFunctions(
  threads: readonly { profile: CpuProfile; isMain: boolean }[],
  from: number,
  to: number,
): Profile["functions"] {
  const times = new Map<string, number>();
  for (const { profile, isMain } of threads) {
    for (const [name, time] of timesIn(profile, from, to)) {
      if (!isMain && name === NO_FUNCTIONS["(idle)"]) continue;
      const title = isMain ? name : `${name}, other threads`;
      times.set(title, (times.get(title) ?? 0) + time);
    }
  }
  return [...times]
    .map(([name, time]) => ({ name, share: time / (to - from) }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST_FUNCTIONS);
}

function timesIn({ nodes, startTime, samples, timeDeltas }: CpuProfile, from: number, to: number): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let now = startTime;
  for (const [index, id] of samples.entries()) {
    // A sample counts for the time until the next one.
    now += timeDeltas[index]!;
    const until = now + (timeDeltas[index + 1] ?? 0);
    const time = Math.min(until, to) - Math.max(now, from);
    if (time > 0) times.set(names.get(id)!, (times.get(names.get(id)!) ?? 0) + time);
  }
  return times;
}

function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  const known = NO_FUNCTIONS[functionName];
  if (known !== undefined) return known;
  const name = functionName === "" ? "anonymous function" : functionName;
  if (url.includes("node_modules")) return `${name} (${url.split("node_modules/").at(-1)!.split("/")[0]})`;
  return url.startsWith("node:") ? `${name} (Node.js)` : url === "" ? name : `${name} (${moduleName(url)})`;
}

/** Built modules have a hash in their names. */
function moduleName(url: string): string {
  return basename(url).replace(/-[A-Z0-9]{8}\.js$/, ".js");
}
