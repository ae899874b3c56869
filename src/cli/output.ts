/** What commands tell: progress while they run, lines when they are done. */
import type { OnProgress } from "../table.js";
import { progressBar } from "./progress-bar.js";

export async function withBar<T>(what: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = progressBar(process.stderr, what);
  try {
    return await work(bar.onProgress);
  } finally {
    bar.end();
  }
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
