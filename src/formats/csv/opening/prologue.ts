/** Lines before anything else: those to be passed over, one that names the delimiter, one that declares types. */
import { declaresTypes } from "./declared-types.js";
import type { CsvOptions } from "./dialect.js";

export interface Prologue {
  /** Offset after them, and how many they are. */
  readonly end: number;
  readonly lines: number;
  /** The delimiter that a line `sep=;` names. */
  readonly delimiter: string | undefined;
  /** The line that declares the columns' types. */
  readonly types: string | undefined;
}

/** As Excel reads and writes it. */
const SEPARATOR = /^"?sep=(.|\\t)"?[ \t]*$/i;

export function readPrologue(text: string, { skipRows = 0, strict = false, comment }: CsvOptions): Prologue {
  let end = 0;
  let lines = 0;
  for (; lines < skipRows && end < text.length; lines++) end = lineEnd(text, end).next;
  const first = lineAt(text, end);
  const separator = SEPARATOR.exec(first)?.[1]?.replace("\\t", "\t");
  if (separator !== undefined && !strict)
    return { end: lineEnd(text, end).next, lines: lines + 1, delimiter: separator, types: undefined };
  const declares = declaresTypes(first) && comment !== false && !strict;
  if (!declares) return { end, lines, delimiter: undefined, types: undefined };
  return { end: lineEnd(text, end).next, lines: lines + 1, delimiter: undefined, types: first };
}

function lineAt(text: string, at: number): string {
  return text.slice(at, lineEnd(text, at).end);
}

function lineEnd(text: string, at: number): { end: number; next: number } {
  let end = at;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  return { end, next: end + (text.startsWith("\r\n", end) ? 2 : end < text.length ? 1 : 0) };
}
