/** `npm run bench:micro -- [--patience SECONDS] [--out FOLDER]`: the micro-benchmarks of bench/micro, by Vitest. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { keepResults, type Part } from "./results.js";
import { observeSurroundings } from "./surroundings.js";

/** The part used here of what Vitest writes with `--outputJson`; times in milliseconds. */
interface VitestBenchmarks {
  files: { groups: { fullName: string; benchmarks: { name: string; median: number; rme: number }[] }[] }[];
}

const { values } = parseArgs({
  options: { patience: { type: "string", default: "120" }, out: { type: "string", default: "bench" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));

const observed = await observeSurroundings(Number(values.patience));
const folder = await mkdtemp(join(tmpdir(), "omero2frame-bench-"));
try {
  const output = join(folder, "micro.json");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = ["--run", "--config", "bench/micro/vitest.config.ts", "--outputJson", output];
  const child = spawn(process.execPath, [vitest, "bench", ...options], { cwd: root, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the micro-benchmarks ended with ${code}`);
  const parts = partsOf(JSON.parse(await readFile(output, "utf8")) as VitestBenchmarks);
  await keepResults(values.out, { parts: { surroundings: observed({}), parts } });
} finally {
  await rm(folder, { recursive: true });
}

function partsOf({ files }: VitestBenchmarks): Part[] {
  const groups = files.flatMap(({ groups }) => groups);
  const parts = groups.flatMap(({ fullName, benchmarks }) =>
    benchmarks.map(({ name, median, rme }) => ({ group: fullName.split(" > ").at(-1)!, name, median, rme })),
  );
  return parts.sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0));
}
