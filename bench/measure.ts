/** Runs one operation in a process of its own and reads what it measured. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

export interface Measurement {
  /** The operation alone; starting, importing and logging in are not in it. */
  seconds: number;
  /** Largest resident memory of the whole process, in MiB. */
  peakMiB: number;
  /** Largest resident memory during the operation less that before it, which holds the input, in MiB. */
  beyondMiB?: number;
  rows?: number;
  /** Of the uploaded table, where it is kept. */
  fileId?: number;
  /** When the operation began and ended by the profiler's clock, in microseconds; where that was asked for. */
  from?: number;
  to?: number;
}

/** No operation takes as long as this, unless it hangs. */
const LONGEST_MS = 15 * 60_000;

/** Milliseconds in which server and system end what the run before left them: it must not be charged to the next. */
const REST_MS = 1000;

/** @throws Error with the process's standard error if it fails, hangs or prints no measurement. */
export async function measure(command: string, args: readonly string[]): Promise<Measurement> {
  await sleep(REST_MS);
  return JSON.parse(await lastLine(command, args)) as Measurement;
}

/** The last line a process prints, which must be JSON. */
export async function lastLine(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: LONGEST_MS, killSignal: "SIGKILL" });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const last = output.trim().split("\n").at(-1) ?? "";
  if (code !== 0 || !last.startsWith("{"))
    throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}:\n${errors}`);
  return last;
}
