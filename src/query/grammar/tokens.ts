/** Cuts a condition into tokens, following Python's lexical rules, with names in backticks added. */
import { ConditionError } from "../../errors.js";
import { conditionError } from "./condition-error.js";
import type { Span } from "./span.js";
import { readTextLiteral } from "./text-literal.js";

export type Token = Span &
  (
    | { readonly type: "number"; readonly value: bigint | number }
    | { readonly type: "text"; readonly value: string }
    | { readonly type: "bytes"; readonly value: Uint8Array }
    | { readonly type: "name" | "quoted-name"; readonly value: string }
    | { readonly type: "operator"; readonly value: string }
    | { readonly type: "comment" | "line-break" | "end" }
  );

const SPACE = /(?:[ \t\f]|\\\r?\n)+/y;
const LINE_BREAK = /\r\n?|\n/y;
const COMMENT = /#[^\r\n]*/y;
const NAME = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER = new RegExp(
  [
    "0[xX](?:_?[0-9a-fA-F])+",
    "0[oO](?:_?[0-7])+",
    "0[bB](?:_?[01])+",
    "(?:\\d(?:_?\\d)*)?\\.\\d(?:_?\\d)*(?:[eE][+-]?\\d(?:_?\\d)*)?",
    "\\d(?:_?\\d)*\\.?[eE][+-]?\\d(?:_?\\d)*",
    "\\d(?:_?\\d)*\\.",
    "\\d(?:_?\\d)*",
  ].join("|"),
  "y",
);
const OPERATOR = /\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%&|^~<>(),]/y;

const MAX_DIGITS = 4300;
/** Far more than numexpr can hold; they keep hostile conditions from taking memory and time. */
const MAX_LENGTH = 1 << 22;
const MAX_TOKENS = 100_000;

/** What to write instead of characters that other languages use. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/&&/y, "write & for “and”, with brackets around both sides"],
  [/\|\|/y, "write | for “or”, with brackets around both sides"],
  [/===?/y, "write == to compare"],
  [/=/y, "write == to compare"],
  [/<>/y, "write != for “differs from”"],
  [/!/y, "write ~ for “not”, with brackets around what follows"],
  [/[“”‘’„«»]/y, "write text between straight quotes, ' or \""],
  [/@/y, "give values by name in variables: { x: 1 }, and write the name alone: x"],
  [/\./y, "a column whose name holds a point is written in backticks: `name.with.points`"],
  [
    /\[/y,
    'a column whose name holds such characters is written in backticks; for one of several values use column("x").in([1, 2])',
  ],
  [/[\]{}:;]/y, "a column whose name holds such characters is written in backticks"],
];

/** @throws ConditionError `CONDITION_SYNTAX` */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  if (text.length > MAX_LENGTH) throw tooLong(`${text.length} characters; at most ${MAX_LENGTH} are possible`);
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0];
  };
  while (position < text.length) {
    position += match(SPACE)?.length ?? 0;
    if (position === text.length) break;
    const token = plainToken(text, position, match) ?? wordToken(text, position, match);
    if (tokens.push(token) > MAX_TOKENS) throw tooLong(`more than ${MAX_TOKENS} names, values and operators`);
    position = token.end;
  }
  tokens.push({ type: "end", start: text.length, end: text.length });
  return tokens;
}

/** Does not repeat the text. */
function tooLong(found: string): Error {
  return new ConditionError("CONDITION_SYNTAX", `The condition has ${found}`, { position: 0 });
}

type Match = (pattern: RegExp) => string | undefined;

function plainToken(text: string, start: number, match: Match): Token | undefined {
  const lineBreak = match(LINE_BREAK);
  if (lineBreak !== undefined) return { type: "line-break", start, end: start + lineBreak.length };
  const comment = match(COMMENT);
  if (comment !== undefined) return { type: "comment", start, end: start + comment.length };
  const number = match(NUMBER);
  if (number !== undefined) return numberToken(text, start, number);
  const foreign = match(/&&|\|\||<>|===/y) === undefined ? match(OPERATOR) : undefined;
  return foreign === undefined ? undefined : { type: "operator", value: foreign, start, end: start + foreign.length };
}

function wordToken(text: string, start: number, match: Match): Token {
  const first = text[start]!;
  if (first === "`") return quotedNameToken(text, start);
  const name = match(NAME) ?? "";
  const next = text[start + name.length];
  if (first === "'" || first === '"' || (name.length <= 2 && (next === "'" || next === '"'))) {
    const { end, value } = readTextLiteral(text, start, name);
    return typeof value === "string" ? { type: "text", value, start, end } : { type: "bytes", value, start, end };
  }
  if (name !== "") return { type: "name", value: name, start, end: start + name.length };
  throw unexpectedCharacter(text, start, match);
}

function unexpectedCharacter(text: string, start: number, match: Match): Error {
  const [pattern, advice] = ADVICE.find(([candidate]) => match(candidate) !== undefined) ?? [];
  const found = pattern ? match(pattern)! : String.fromCodePoint(text.codePointAt(start)!);
  const shown = /[\p{C}\p{Z}]/u.test(found) ? `U+${found.codePointAt(0)!.toString(16).padStart(4, "0")}` : found;
  const message = `${shown} has no place in a condition${advice ? `; ${advice}` : ""}`;
  return conditionError("CONDITION_SYNTAX", text, { start, end: start + found.length }, message);
}

function quotedNameToken(text: string, start: number): Token {
  for (let end = text.indexOf("`", start + 1); end >= 0; end = text.indexOf("`", end + 2)) {
    if (text[end + 1] === "`") continue;
    const value = text.slice(start + 1, end).replaceAll("``", "`");
    return { type: "quoted-name", value, start, end: end + 1 };
  }
  const message = "A name in backticks is not closed: ` is missing (a backtick in a name is doubled)";
  throw conditionError("CONDITION_SYNTAX", text, { start, end: start + 1 }, message);
}

function numberToken(text: string, start: number, written: string): Token {
  const end = start + written.length;
  const fail = (stop: number, message: string) =>
    conditionError("CONDITION_SYNTAX", text, { start, end: stop }, message);
  const rest = /[\p{XID_Continue}.]*/uy;
  rest.lastIndex = end;
  const trailing = rest.exec(text)![0];
  if (/^[jJ]/.test(trailing)) throw fail(end + 1, "Complex numbers are not supported; no column holds any");
  if (trailing !== "") throw fail(end + trailing.length, `${written}${trailing} is no number`);
  const digits = written.replaceAll("_", "");
  if (/^0[xob]/i.test(digits)) return { type: "number", value: BigInt(digits.toLowerCase()), start, end };
  if (/[.eE]/.test(digits)) return { type: "number", value: Number(digits), start, end };
  if (/^0+[1-9]/.test(digits)) throw fail(end, `A whole number does not begin with 0: ${written}`);
  if (digits.length > MAX_DIGITS) throw fail(end, `A number of ${digits.length} digits is too long`);
  return { type: "number", value: BigInt(digits), start, end };
}
