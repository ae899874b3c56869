/** Text and bytes literals of Python: reading them, and writing text so that every numexpr accepts it. */
import { conditionError } from "./condition-error.js";

/** What stands before the quotes. */
const PREFIX = /^(?:[bB][rR]?|[rR][bB]?|[uU])?$/;
const SIMPLE_ESCAPES: Record<string, string> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

export interface TextLiteral {
  readonly end: number;
  readonly value: string | Uint8Array;
}

/**
 * Reads the literal that starts at `start` with `prefix` and whose first quote is at `start + prefix.length`.
 * @throws ConditionError `CONDITION_SYNTAX`
 */
export function readTextLiteral(text: string, start: number, prefix: string): TextLiteral {
  const open = start + prefix.length;
  if (!PREFIX.test(prefix)) {
    const reason = /f/i.test(prefix) ? "Formatted text (f'…') is not part of conditions" : "Unknown text prefix";
    throw conditionError("CONDITION_SYNTAX", text, { start, end: open }, `${reason}: ${prefix}`);
  }
  const quote = text[open]!;
  const fence = text.startsWith(quote.repeat(3), open) ? quote.repeat(3) : quote;
  const close = findClose(text, start, open + fence.length, fence);
  const body = text.slice(open + fence.length, close).replace(/\r\n?/g, "\n");
  const end = close + fence.length;
  const raw = /r/i.test(prefix);
  const span = { start, end };
  if (!/b/i.test(prefix)) return { end, value: raw ? body : decodeEscapes(text, span, body, false) };
  if (/[^\0-\x7f]/.test(body)) {
    const message = "A bytes literal holds ASCII only; write other bytes as \\x escapes, or leave the b away";
    throw conditionError("CONDITION_SYNTAX", text, span, message);
  }
  const bytes = raw ? body : decodeEscapes(text, span, body, true);
  return { end, value: Uint8Array.from(bytes, (character) => character.charCodeAt(0)) };
}

function findClose(text: string, start: number, from: number, fence: string): number {
  for (let index = from; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text.startsWith(fence, index)) return index;
    else if (text[index] === "\n" && fence.length === 1) break;
  }
  const message = `Text is not closed: ${fence} is missing`;
  throw conditionError("CONDITION_SYNTAX", text, { start, end: start + 1 }, message);
}

function decodeEscapes(text: string, span: { start: number; end: number }, body: string, bytes: boolean): string {
  const fail = (message: string) => conditionError("CONDITION_SYNTAX", text, span, message);
  const pattern = /\\(?:(\n)|([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|(.))/gsu;
  return body.replace(pattern, (whole, lineBreak, octal, hex, four, eight, other: string | undefined) => {
    if (lineBreak !== undefined) return "";
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (bytes ? 0xff : 0x1ff));
    if (hex !== undefined) {
      if (hex.length < 2) throw fail("\\x needs two hexadecimal digits");
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    if (other !== undefined) {
      if (other === "N" && !bytes) throw fail("\\N{…} is not supported; write the character itself");
      return SIMPLE_ESCAPES[other] ?? whole;
    }
    if (bytes) return whole;
    const digits: string = four ?? eight;
    if (digits.length < (four === undefined ? 8 : 4)) throw fail("\\u needs four hexadecimal digits, \\U eight");
    const codePoint = Number.parseInt(digits, 16);
    if (codePoint > 0x10ffff) throw fail(`\\U${digits} is no character`);
    return String.fromCodePoint(codePoint);
  });
}

/** Whether text can stand in a str literal that numexpr compares: it turns such literals into ASCII bytes. */
export function isAscii(value: string): boolean {
  return !/[^\0-\x7f]/.test(value);
}

/**
 * A literal for `value` that means the same in every numexpr: single quotes, and escapes for whatever its check for
 * forbidden characters might trip over. With `bytes` the literal has the prefix `b` and holds UTF-8.
 */
export function writeTextLiteral(value: string | Uint8Array, bytes: boolean): string {
  const units = typeof value === "string" && !bytes ? charCodes(value) : toBytes(value);
  let body = "";
  let last = 0;
  for (const unit of units) {
    const plain = isPlain(unit) && !(unit === UNDERSCORE && last === UNDERSCORE);
    body += plain ? String.fromCharCode(unit) : `\\x${unit.toString(16).padStart(2, "0")}`;
    last = unit;
  }
  return `${bytes ? "b" : ""}'${body}'`;
}

const UNDERSCORE = 0x5f;

function isPlain(unit: number): boolean {
  return /[A-Za-z0-9 _+*/=<>%&|(){},!?@#$~^-]/.test(String.fromCharCode(unit));
}

function charCodes(value: string): number[] {
  return Array.from(value, (character) => character.charCodeAt(0));
}

/** The bytes a text constant is compared as. */
export function toBytes(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}
