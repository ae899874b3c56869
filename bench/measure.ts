/** Runs one operation in a process of its own and reads what it measured. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Measurement {
  /** The operation alone; starting, importing and logging in are not in it. */
  seconds: number;
  /** Largest resident memory of the whole process, in MiB. */
  peakMiB: number;
  rows?: number;
}

/** @throws Error with the process's standard error if it fails or prints no measurement. */
export async function measure(command: string, args: readonly string[]): Promise<Measurement> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const [code] = (await once(child, "close")) as [number | null];
  const last = output.trim().split("\n").at(-1) ?? "";
  if (code !== 0 || !last.startsWith("{"))
    throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${errors}`);
  return JSON.parse(last) as Measurement;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
