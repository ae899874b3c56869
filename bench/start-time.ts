/** What importing the package costs: whole processes that import it, beside processes that do nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StartTime } from "./results.js";

/** Most seconds that importing may take. */
export const IMPORT_TARGET = 0.08;

const root = fileURLToPath(new URL("..", import.meta.url));

/** In turn, `runs` times each, after one run of each that does not count. */
export async function measureStart(runs: number): Promise<StartTime> {
  const times: StartTime = { bare: [], importing: [] };
  for (let run = 0; run <= runs; run++) {
    const bare = await secondsOf("");
    const importing = await secondsOf('import "omero2frame";');
    if (run === 0) continue;
    times.bare.push(bare);
    times.importing.push(importing);
  }
  return times;
}

async function secondsOf(program: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { cwd: root, stdio: "ignore" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`importing the package ended with ${code}; is it built?`);
  return (performance.now() - started) / 1000;
}
