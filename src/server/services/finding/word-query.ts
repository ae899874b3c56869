/** Words to search for: `cell*`, `+must`, `-mustNot`, `a AND b`, "words in a row". */
import { apiUsage } from "../../exceptions.js";

/** Longest query, in characters. */
const MAXIMUM_LENGTH = 1000;

interface Word {
  readonly role: "some" | "must" | "none";
  /** Words in a row. */
  readonly pattern: readonly string[];
}

export class WordQuery {
  readonly #words: readonly Word[];

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** Whether the words are in any of the texts, in whatever case. */
  matches(texts: readonly string[]): boolean {
    const tokens = texts.map((text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
    const has = ({ pattern }: Word) => tokens.some((list) => isIn(list, pattern));
    const of = (role: Word["role"]) => this.#words.filter((word) => word.role === role);
    if (!of("must").every(has) || of("none").some(has)) return false;
    return of("must").length > 0 || of("some").some(has);
  }
}

/** @throws IceUserException ApiUsageException for a query of no words, or one that is too long. */
export function parseWords(text: string): WordQuery {
  if (text.length > MAXIMUM_LENGTH) throw apiUsage(`A search takes at most ${MAXIMUM_LENGTH} characters`);
  const parts: readonly string[] = text.match(/[+-]?"[^"]*"|\S+/g) ?? [];
  const isAnd = parts.includes("AND");
  const words = parts.flatMap((part) => wordOf(part, isAnd));
  if (words.length === 0) throw apiUsage("Query string must be non-empty");
  return new WordQuery(words);
}

function wordOf(part: string, isAnd: boolean): Word[] {
  if (part === "AND" || part === "OR") return [];
  const role =
    part.startsWith("+") || (isAnd && !part.startsWith("-")) ? "must" : part.startsWith("-") ? "none" : "some";
  const pattern = part.toLowerCase().match(/[\p{L}\p{N}*?]+/gu) ?? [];
  return pattern.length === 0 ? [] : [{ role, pattern }];
}

function isIn(tokens: readonly string[], pattern: readonly string[]): boolean {
  return tokens.some((_, start) => pattern.every((word, index) => isLike(tokens[start + index] ?? "", word)));
}

/** Whether a text is as a pattern says: `*` stands for any text, `?` for any sign. After a fault the last star takes more. */
function isLike(text: string, pattern: string): boolean {
  const [signs, wanted] = [[...text], [...pattern]];
  let [at, next, retryAt, retryNext] = [0, 0, -1, -1];
  while (at < signs.length) {
    if (wanted[next] === "*") [retryAt, retryNext] = [at, ++next];
    else if (next < wanted.length && (wanted[next] === "?" || wanted[next] === signs[at]))
      [at, next] = [at + 1, next + 1];
    else if (retryNext < 0) return false;
    else [at, next] = [++retryAt, retryNext];
  }
  return wanted.slice(next).every((sign) => sign === "*");
}
