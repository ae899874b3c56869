/** A place in the words of a query, and what may stand there. */
import { HqlError } from "./syntax.js";
import type { HqlToken } from "./tokens.js";

/** Deepest nesting of brackets, subqueries and negations read. */
export const MAXIMUM_DEPTH = 100;

export const RESERVED_WORDS = new Set(
  "select distinct from where group order by left right full inner outer join fetch as on with and or not in like is null empty between exists case when then else end asc desc having member of escape new".split(
    " ",
  ),
);

export class TokenCursor {
  readonly #tokens: readonly HqlToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly HqlToken[]) {
    this.#tokens = tokens;
  }

  protected get position(): number {
    return this.token.position;
  }

  /** What stands behind a bracket too many, or behind an order, is not looked at. */
  expectEnd(): void {
    if (this.token.kind !== "end" && !this.atSign(")") && !this.#isBehindOrder) throw this.unexpected();
  }

  get #isBehindOrder(): boolean {
    return ["asc", "desc"].includes(this.#tokens[this.#next - 1]?.text.toLowerCase() ?? "");
  }

  /** What is nested deeper than it may be is not read. */
  protected deeper<T>(read: () => T): T {
    if (++this.#depth > MAXIMUM_DEPTH) throw new HqlError(`Query nested deeper than ${MAXIMUM_DEPTH}`, this.position);
    const result = read();
    this.#depth--;
    return result;
  }

  /** `as name`, or a name that is no word of the language; otherwise nothing. */
  protected alias(): string | undefined {
    const named = this.acceptWord("as");
    const token = this.token;
    if (token.kind === "word" && !RESERVED_WORDS.has(token.text.toLowerCase())) return this.take().text;
    if (named) throw this.unexpected();
    return undefined;
  }

  protected path(): string[] {
    const names = [this.name()];
    while (this.acceptSign(".")) names.push(this.name(true));
    return names;
  }

  protected name(afterDot = false): string {
    const token = this.token;
    if (afterDot && token.kind !== "word") throw this.unexpected("IDENT");
    if (token.kind !== "word" || (!afterDot && RESERVED_WORDS.has(token.text.toLowerCase()))) throw this.unexpected();
    return this.take().text;
  }

  protected list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptSign(",")) items.push(item());
    return items;
  }

  protected atJoin(): boolean {
    return ["left", "right", "full", "inner", "join"].some((word) => this.atWord(word));
  }

  protected acceptWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.#next++;
    return true;
  }

  protected acceptWords(first: string, second: string): boolean {
    if (!this.atWord(first)) return false;
    this.#next++;
    if (!this.acceptWord(second)) throw this.unexpected(`"${second}"`);
    return true;
  }

  protected acceptSign(sign: string): boolean {
    if (!this.atSign(sign)) return false;
    this.#next++;
    return true;
  }

  protected expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.unexpected();
  }

  protected inBrackets<T>(content: () => T, close?: string): T {
    if (!this.acceptSign("(")) throw this.unexpected();
    if (++this.#depth > MAXIMUM_DEPTH) throw new HqlError(`Query nested deeper than ${MAXIMUM_DEPTH}`, this.position);
    const result = content();
    this.#depth--;
    if (!this.acceptSign(")")) throw this.unexpected(close);
    return result;
  }

  protected atQuery(): boolean {
    return this.atWord("select") || this.atWord("from");
  }

  protected atWord(word: string): boolean {
    return this.token.kind === "word" && this.token.text.toLowerCase() === word;
  }

  protected atSign(sign: string): boolean {
    return this.token.kind === "sign" && this.token.text === sign;
  }

  protected get following(): HqlToken | undefined {
    return this.#tokens[this.#next + 1];
  }

  protected skip(count = 1): void {
    this.#next += count;
  }

  protected get token(): HqlToken {
    return this.#tokens[this.#next]!;
  }

  protected take(): HqlToken {
    return this.#tokens[this.#next++]!;
  }

  protected unexpected(expected?: string): HqlError {
    const { kind, text, position } = this.token;
    const found = kind === "end" ? "null" : text;
    const message = expected ? `expecting ${expected}, found '${found}'` : `unexpected token: ${found}`;
    return new HqlError(message, position, "token");
  }
}
