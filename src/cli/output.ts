/** What commands tell: progress while they run, lines when they are done. Nothing else of a command writes to a terminal. */
import type { OnProgress } from "../columns/table.js";
import { visibleText } from "../errors.js";
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

/** Says what is worth knowing, or went wrong. */
export function warn(message: string): void {
  process.stderr.write(`omero2frame: ${visibleText(message)}\n`);
}

/** Shows text in lines of its own. */
export function print(text: string): void {
  process.stdout.write(`${visibleText(text)}\n`);
}

/** Shows texts in one line with tabs between, whatever line ends and tabs they hold. */
export function printCells(...cells: readonly (string | number)[]): void {
  print(cells.map((cell) => visibleLine(String(cell))).join("\t"));
}

/** Text as it may be shown within a line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\n\t]/g, (character) => (character === "\n" ? "\\n" : "\\t"));
}

/** What is wrong with a command line, without what was given to an option that is not there: it may be a password. */
export function withoutOptionValue(text: string): string {
  return text.replace(/(unknown option '(?:--[^=']*(?==)|-[^-'](?=[^'])))[\s\S]+'/, "$1...'");
}
