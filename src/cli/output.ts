/** What commands tell: progress while they run, lines when they are done. Nothing else of a command writes to a terminal. */
import { randomUUID } from "node:crypto";
import type { OnProgress } from "../columns/table.js";
import { visibleText } from "../errors.js";
import { progressBar } from "./shown/progress-bar.js";
import { type TextColumn, textTable } from "./shown/text-table.js";

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

/** Shows a number of things: `1 row`, `2 rows`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** A file that was written, and how much is in it. */
interface WrittenFile {
  readonly path: string;
  readonly [amount: string]: string | number;
}

/** Tells what was written to a file; on standard error where that is standard output itself. */
export function tellFile(what: string, told: WrittenFile, { json }: { readonly json: boolean }): void {
  const isOutput = told.path === "-";
  if (json) (isOutput ? process.stderr : process.stdout).write(jsonLine(told));
  else if (isOutput) warn(`${what} in -`);
  else print(`${what} in ${told.path}`);
}

/** Shows a value as JSON in one line, int64 in full. */
export function printJson(value: unknown): void {
  process.stdout.write(jsonLine(value));
}

/** What integers are marked with on their way through JSON, which has no other way to write them in full; nobody can know it. */
const INTEGER = `${randomUUID()}:`;
const INTEGERS = new RegExp(`"${INTEGER}(-?\\d+)"`, "g");

/** A value as a line of JSON; what a terminal would act on is escaped. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${INTEGER}${part}` : part));
  return `${visibleText(text.replace(INTEGERS, "$1"))}\n`;
}

/** Columns of text: side by side as wide as the terminal, or with tabs between where programs read them. */
export function printColumns(columns: readonly TextColumn[], { headings = true } = {}): void {
  if (process.stdout.isTTY) {
    const lines = textTable(columns, process.stdout.columns || 80);
    for (const line of headings ? lines : lines.slice(1)) process.stdout.write(`${line}\n`);
    return;
  }
  if (headings) printCells(...columns.map(({ heading }) => heading));
  for (const row of columns[0]?.cells.keys() ?? []) printCells(...columns.map(({ cells }) => cells[row]!));
}

/** Text as it may be shown within a line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\n\t]/g, (character) => (character === "\n" ? "\\n" : "\\t"));
}

/** What commander finds wrong with a command line, in one line of this program's. @param command words that name the command */
export function usageFault(text: string, command: string): string {
  const [said = "", ...hints] = withoutOptionValue(text).trimEnd().split("\n");
  const hint = hints.join(" ").trim();
  const fault = inOwnWords(said.replace(/^error: /, ""));
  return `omero2frame: ${visibleLine(fault)}${hint === "" ? "" : ` ${hint}`} (see ${command} --help)\n`;
}

/** Of a value that cannot be: which, and why. */
function inOwnWords(fault: string): string {
  return fault
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*)'\. /s, '$2 "$1": ')
    .replace(/^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. /s, '$1 "$2": ')
    .replace(/: Allowed choices are (.*)\.$/, ": there are $1")
    .replace(/^required option '(?:-\w, )?(--[\w-]+ <.*>)' not specified$/, "$1 is needed");
}

/** The same as a line of JSON. */
export function usageFaultLine(text: string, command: string): string {
  const message = usageFault(text, command).trimEnd().slice("omero2frame: ".length);
  return jsonLine({ error: { code: "INVALID_ARGUMENT", message } });
}

/** What is wrong with a command line, without what was given to an option that is not there: it may be a password. */
export function withoutOptionValue(text: string): string {
  return text.replace(/(unknown option '(?:--[^=']*(?==)|-[^-'](?=[^'])))[\s\S]+'/, "$1...'");
}
