/** Texts of a command line as values of options. */
import { InvalidArgumentError } from "commander";

/** Names with commas between, in one option or several; a comma that is part of a name has a backslash before it. */
export function names(text: string, before: readonly string[] = []): string[] {
  const parts = text.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return [...before, ...parts.map((part) => part.replace(/\\([,\\])/g, "$1").trim()).filter((name) => name !== "")];
}

/** A number of a port; 0 is any that is free. */
export function portNumber(text: string): number {
  const port = count(text);
  if (port > 65_535) throw new InvalidArgumentError("ports are numbers up to 65535");
  return port;
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = count(text);
  if (number === 0) throw new InvalidArgumentError("a whole number of at least 1 is needed");
  return number;
}

/** A whole number that is exact. */
export function count(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError("a whole number is needed");
  return number;
}

export function id(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("an id is a whole number");
  return BigInt(text);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, "": 1000, min: 60_000, h: 3_600_000 };

/** Milliseconds of `30` or `30s`, `500ms`, `2min`, `1h`. */
export function duration(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new InvalidArgumentError("write seconds, or a number with its unit: 500ms, 30s, 2min, 1h");
}

/** `start:stop` or `start:stop:step`; without `start` from the first on. */
export function rows(text: string): { start: number; stop: number; step: number } {
  const match = /^(\d*):(\d+)(?::(\d+))?$/.exec(text);
  if (!match || match[3] === "0") throw new InvalidArgumentError("write start:stop or start:stop:step");
  return { start: Number(match[1]), stop: Number(match[2]), step: Number(match[3] ?? 1) };
}

/** Targets as `Image:101`, with commas between or in several options. */
export function link(text: string, before: [string, bigint][]): [string, bigint][] {
  return [...before, ...text.split(",").map(objectLink)];
}

/** @throws InvalidArgumentError unless the text is as `Image:101` */
export function objectLink(text: string): [type: string, id: bigint] {
  const match = /^([A-Za-z]+):(\d+)$/.exec(text.trim());
  if (!match) throw new InvalidArgumentError("write a type and an id, for example Image:101");
  return [match[1]!, BigInt(match[2]!)];
}

/** A value of a cell, a condition or metadata. */
export type CellValue = bigint | number | string | boolean;

/** `name=value`, in several options: a number, true, false, or text; in double quotes it is text whatever it looks like. */
export function assignment(text: string, before: Readonly<Record<string, CellValue>> = {}): Record<string, CellValue> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("write a name and a value, for example area=2.5");
  return { ...before, [text.slice(0, at)]: cellValue(text.slice(at + 1)) };
}

/** Integers are exact, whatever their size. */
function cellValue(text: string): CellValue {
  const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^[+-]?\d+$/.test(text)) return BigInt(text);
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && (text === "NaN" || !Number.isNaN(Number(text))) ? Number(text) : text;
}

/** Entries of metadata, which hold no truth values: those are text. */
export function metadataEntry(
  text: string,
  before: Readonly<Record<string, bigint | number | string>> = {},
): Record<string, bigint | number | string> {
  const [[key, value]] = Object.entries(assignment(text)) as [[string, CellValue]];
  return { ...before, [key]: typeof value === "boolean" ? String(value) : value };
}
