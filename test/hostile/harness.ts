/** Damaged inputs for a decoder, read in a process of its own, which is watched. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Decoder } from "./decoder.js";
import type { Figures } from "./feed.js";

/**
 * Damaged inputs for all decoders together: `HOSTILE_INPUTS`, 20,000 unless given. `HOSTILE_SEED` makes others of them; the
 * same seed makes the same.
 */
export const INPUTS = Number(process.env.HOSTILE_INPUTS ?? 20_000);
const SEED = Number(process.env.HOSTILE_SEED ?? 1);

/** Milliseconds without progress, for which an input hangs, or the first has not begun. The machine may be busy with others. */
const PATIENCE = 90_000;
/** Megabytes of JavaScript objects: enough for any honest reading, far below what a hostile size asks for. */
const HEAP = 700;
const FEED = fileURLToPath(new URL("feed.ts", import.meta.url));

/** Inputs for a decoder, of all that there are. */
export function inputsFor(decoder: Decoder, all: readonly Decoder[]): number {
  const shares = all.reduce((sum, { share }) => sum + share, 0);
  return Math.ceil((INPUTS * decoder.share) / shares);
}

/**
 * Feeds `count` damaged inputs to the decoder called `name`.
 * @throws Error naming the input at which the process died or hung.
 */
export async function feed(name: string, count: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    return await watch(name, count, join(folder, "progress"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watch(name: string, count: number, progress: string): Promise<Figures> {
  const flags = [`--max-old-space-size=${HEAP}`, "--import", "tsx"];
  const args = [name, "0", String(count), String(SEED), progress];
  const child = spawn(process.execPath, [...flags, FEED, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid !== undefined) setPriority(child.pid, 10);
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    errors += text;
  });
  let seen: number | undefined;
  let since = Date.now();
  const watching = setInterval(() => {
    const now = inputAt(progress);
    if (now !== seen) since = Date.now();
    seen = now;
    if (Date.now() - since > PATIENCE) child.kill("SIGKILL");
  }, 500);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  clearInterval(watching);
  if (code === 0 && errors === "") return JSON.parse(output) as Figures;
  const what = signal === "SIGKILL" ? `hung for ${PATIENCE} ms` : `ended with ${code ?? signal}`;
  throw new Error(`${name}: the process ${what} at input ${inputAt(progress)} of seed ${SEED}\n${errors.slice(-4000)}`);
}

/** The input being read; undefined before the first. */
function inputAt(progress: string): number | undefined {
  try {
    const bytes = readFileSync(progress);
    return bytes.length < 4 ? undefined : bytes.readUInt32LE();
  } catch {
    return undefined;
  }
}
