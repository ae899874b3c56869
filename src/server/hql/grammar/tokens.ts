/** Splits the text of an HQL query into words, numbers, strings, parameters and signs. */
import { HqlError } from "./syntax.js";

export interface HqlToken {
  readonly kind: "word" | "number" | "string" | "parameter" | "sign" | "end";
  /** As written; the content of a string, the name of a parameter. */
  readonly text: string;
  readonly position: number;
}

/** Longest query read, in UTF-16 units. */
const MAXIMUM_QUERY_LENGTH = 200_000;

/** Most words, numbers and signs read: as many as a list of all the values that PostgreSQL takes has. */
const MAXIMUM_TOKENS = 66_000;

const TOKEN =
  /\s+|(?<word>[A-Za-z_$][\w$]*)|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?[lLfFdD]?|\.\d+)|'(?<string>(?:[^']|'')*)'|:(?<parameter>[A-Za-z_]\w*)|(?<sign><>|!=|\^=|<=|>=|\|\||[=<>(),.*+\-/%])/y;

/** @throws HqlError where the text holds something that is none of these. */
export function tokenizeHql(text: string): HqlToken[] {
  if (text.length > MAXIMUM_QUERY_LENGTH) throw new HqlError(`Query longer than ${MAXIMUM_QUERY_LENGTH} characters`);
  const tokens: HqlToken[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const position = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw unreadable(text[position]!, position);
    const token = tokenFrom(match.groups as Record<string, string | undefined>, position);
    if (token) tokens.push(token);
    if (tokens.length > MAXIMUM_TOKENS) throw new HqlError(`Query of more than ${MAXIMUM_TOKENS} words and signs`);
  }
  tokens.push({ kind: "end", text: "", position: text.length });
  return tokens;
}

function unreadable(sign: string, position: number): HqlError {
  return new HqlError(sign === "'" ? "expecting ''', found '<EOF>'" : `unexpected char: '${sign}'`, position);
}

function tokenFrom(groups: Record<string, string | undefined>, position: number): HqlToken | undefined {
  for (const kind of ["word", "number", "parameter", "sign"] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text, position };
  }
  if (groups.string !== undefined) {
    return { kind: "string", text: groups.string.replaceAll("''", "'"), position };
  }
  return undefined;
}
