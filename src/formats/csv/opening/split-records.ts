/** The first records of a CSV text as texts: for its header, and to find out its dialect. */
import { SPACED_DELIMITERS } from "./dialect.js";

export interface SplitRecord {
  readonly cells: readonly string[];
  /** Whether each cell was quoted. */
  readonly quoted: readonly boolean[];
  /** Whether text follows a closing quote. */
  readonly ragged: boolean;
  /** Offset of its first character, and after its line break. */
  readonly start: number;
  readonly end: number;
  /** Lines the record takes, blank ones before it included. */
  readonly lines: number;
  /** Whether a blank line is before it. */
  readonly afterBlank: boolean;
}

export interface SplitSyntax {
  /** As in the options, `"spaces"` and `"wide spaces"` included. */
  readonly delimiter: string;
  /** Empty where nothing quotes. */
  readonly quote: string;
  /** What makes a quote inside a quoted cell literal: the quote itself, or another character. */
  readonly escape: string;
  /** Empty, or what begins a comment. */
  readonly comment: string;
}

/** What is split: a text, or the beginning of one, from an offset on. */
export interface SplitText {
  readonly text: string;
  readonly from: number;
  /** Whether nothing follows `text`. */
  readonly complete: boolean;
}

/** As many characters suffice to know a file by, if they hold some records. */
const ENOUGH = 256 * 1024;
const FEW = 12;

/** Up to `limit` records of a text that end before it does, or at its end if it is complete; fewer where they are long. */
export function splitRecords({ text, from, complete }: SplitText, syntax: SplitSyntax, limit: number): SplitRecord[] {
  const records: SplitRecord[] = [];
  const splitter = new Splitter(text, from, complete, syntax);
  while (records.length < limit) {
    if (records.length >= FEW && records.at(-1)!.end > from + ENOUGH) break;
    const record = splitter.next();
    if (record === undefined) break;
    records.push(record);
  }
  return records;
}

class Splitter {
  readonly #text: string;
  readonly #complete: boolean;
  readonly #syntax: SplitSyntax;
  readonly #delimiter: Delimiter;
  #at: number;
  #lines = 0;
  #ragged = false;

  constructor(text: string, from: number, complete: boolean, syntax: SplitSyntax) {
    this.#text = text;
    this.#at = from;
    const least = SPACED_DELIMITERS.get(syntax.delimiter);
    this.#delimiter = least === undefined ? new TextDelimiter(syntax.delimiter) : new SpaceDelimiter(least);
    this.#complete = complete;
    this.#syntax = syntax;
  }

  next(): SplitRecord | undefined {
    this.#lines = 0;
    this.#ragged = false;
    this.#skipBlankLines();
    if (this.#at >= this.#text.length) return undefined;
    const start = this.#at;
    const afterBlank = this.#lines > 0;
    this.#at += this.#delimiter.leading(this.#text, start);
    const cells: string[] = [];
    const quoted: boolean[] = [];
    for (;;) {
      const isQuoted = this.#syntax.quote !== "" && this.#text.startsWith(this.#syntax.quote, this.#at);
      const cell = isQuoted ? this.#quotedCell() : this.#plainCell();
      if (cell === undefined) return undefined;
      cells.push(cell);
      quoted.push(isQuoted);
      const between = this.#delimiter.length(this.#text, this.#at);
      if (between === 0) break;
      this.#at += between;
      if (this.#delimiter.endsAtLineEnd && this.#isLineEnd(this.#at)) break;
    }
    this.#skipComment();
    if (this.#at >= this.#text.length && !this.#complete) return undefined;
    this.#lineBreak();
    return { cells, quoted, ragged: this.#ragged, start, end: this.#at, lines: this.#lines, afterBlank };
  }

  #isLineEnd(at: number): boolean {
    return at >= this.#text.length || isLineBreak(this.#text[at]!);
  }

  #skipBlankLines(): void {
    const { delimiter } = this.#syntax;
    for (;;) {
      let at = this.#at;
      while ((this.#text[at] === " " || this.#text[at] === "\t") && this.#text[at] !== delimiter) at++;
      const isComment = this.#syntax.comment !== "" && this.#text.startsWith(this.#syntax.comment, at);
      const ended = at >= this.#text.length;
      if (!ended && !isLineBreak(this.#text[at]!) && !isComment) return;
      this.#at = at;
      if (ended) return;
      this.#skipComment();
      this.#lineBreak();
    }
  }

  #skipComment(): void {
    const { comment } = this.#syntax;
    if (comment === "" || !this.#text.startsWith(comment, this.#at)) return;
    while (this.#at < this.#text.length && !isLineBreak(this.#text[this.#at]!)) this.#at++;
  }

  #lineBreak(): void {
    this.#at += this.#text.startsWith("\r\n", this.#at) ? 2 : this.#at < this.#text.length ? 1 : 0;
    this.#lines++;
  }

  #plainCell(): string {
    const { comment } = this.#syntax;
    const start = this.#at;
    let end = start;
    while (!this.#isLineEnd(end)) {
      if (this.#delimiter.length(this.#text, end) > 0) break;
      if (comment !== "" && this.#text.startsWith(comment, end)) break;
      end++;
    }
    this.#at = end;
    return this.#text.slice(start, end);
  }

  /** The cell, or undefined where its closing quote is not in the text. What follows the quote is kept as it is. */
  #quotedCell(): string | undefined {
    const { quote, escape: literal } = this.#syntax;
    let cell = "";
    let at = this.#at + 1;
    for (;;) {
      if (at >= this.#text.length) return undefined;
      const character = this.#text[at]!;
      const next = this.#text[at + 1];
      if (character === literal && (next === quote || (next === literal && literal !== quote))) {
        cell += next;
        at += 2;
      } else if (character === quote) break;
      else {
        if (character === "\n" || (character === "\r" && next !== "\n")) this.#lines++;
        cell += character;
        at++;
      }
    }
    this.#at = at + 1;
    const rest = this.#plainCell();
    if (rest !== "") this.#ragged = true;
    return cell + rest;
  }
}

/** What stands between cells. */
interface Delimiter {
  /** Characters at `at` that delimit; 0 for none. */
  length(text: string, at: number): number;
  /** Characters before the first cell of a line. */
  leading(text: string, at: number): number;
  /** Whether one at the end of a line has no cell after it. */
  readonly endsAtLineEnd: boolean;
}

class TextDelimiter implements Delimiter {
  readonly endsAtLineEnd = false;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  length(text: string, at: number): number {
    return text.startsWith(this.#text, at) ? this.#text.length : 0;
  }

  leading(): number {
    return 0;
  }
}

/** Spaces and tabs in a row: at least some, or a tab. */
class SpaceDelimiter implements Delimiter {
  readonly endsAtLineEnd = true;
  readonly #least: number;

  constructor(least: number) {
    this.#least = least;
  }

  length(text: string, at: number): number {
    const length = this.leading(text, at);
    const isTabbed = text.slice(at, at + length).includes("\t");
    const endsLine = length > 0 && (at + length >= text.length || isLineBreak(text[at + length]!));
    return length >= this.#least || isTabbed || endsLine ? length : 0;
  }

  leading(text: string, at: number): number {
    let end = at;
    while (text[end] === " " || text[end] === "\t") end++;
    return end - at;
  }
}

function isLineBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}
