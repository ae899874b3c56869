/** What commands tell: progress while they run, lines when they are done. */
import type { OnProgress } from "../columns/table.js";
import { progressBar } from "./progress-bar.js";

/** @param doing the word before the bar, for example `uploading`. */
export async function withBar<T>(doing: string, run: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = progressBar(process.stderr, doing);
  try {
    return await run(bar.onProgress);
  } finally {
    bar.end();
  }
}

/** Says what is worth knowing but no error. */
export function warn(message: string): void {
  process.stderr.write(`omero2frame: ${message}\n`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What is wrong with a command line, without what was given to an option that is not there: it may be a password. */
export function withoutOptionValue(text: string): string {
  return text.replace(/(unknown option '(?:--[^=']*(?==)|-[^-'](?=[^'])))[\s\S]+'/, "$1...'");
}
