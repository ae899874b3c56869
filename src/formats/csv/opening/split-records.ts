/** The first records of a CSV text as texts: for its header, and to find out its dialect. */

export interface SplitRecord {
  readonly cells: readonly string[];
  /** Whether each cell was quoted. */
  readonly quoted: readonly boolean[];
  /** Whether text follows a closing quote. */
  readonly ragged: boolean;
  /** Offset after the record and its line break. */
  readonly end: number;
  /** Lines the record takes, blank ones before it included. */
  readonly lines: number;
}

export interface SplitSyntax {
  readonly delimiter: string;
  /** Empty where nothing quotes. */
  readonly quote: string;
  /** What makes a quote inside a quoted cell literal: the quote itself, or another character. */
  readonly escape: string;
  /** Empty, or what begins a comment. */
  readonly comment: string;
}

/** Up to `limit` records of `text` that end before it does, or at its end if it is `complete`. */
export function splitRecords(text: string, complete: boolean, syntax: SplitSyntax, limit: number): SplitRecord[] {
  const records: SplitRecord[] = [];
  const splitter = new Splitter(text, complete, syntax);
  while (records.length < limit) {
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
  #at = 0;
  #lines = 0;
  #ragged = false;

  constructor(text: string, complete: boolean, syntax: SplitSyntax) {
    this.#text = text;
    this.#complete = complete;
    this.#syntax = syntax;
  }

  next(): SplitRecord | undefined {
    this.#lines = 0;
    this.#ragged = false;
    this.#skipBlankLines();
    if (this.#at >= this.#text.length) return undefined;
    const cells: string[] = [];
    const quoted: boolean[] = [];
    for (;;) {
      const isQuoted = this.#syntax.quote !== "" && this.#text.startsWith(this.#syntax.quote, this.#at);
      const cell = isQuoted ? this.#quotedCell() : this.#plainCell();
      if (cell === undefined) return undefined;
      cells.push(cell);
      quoted.push(isQuoted);
      if (!this.#text.startsWith(this.#syntax.delimiter, this.#at)) break;
      this.#at += this.#syntax.delimiter.length;
    }
    this.#skipComment();
    if (this.#at >= this.#text.length && !this.#complete) return undefined;
    this.#lineBreak();
    return { cells, quoted, ragged: this.#ragged, end: this.#at, lines: this.#lines };
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
    const { delimiter, comment } = this.#syntax;
    const start = this.#at;
    let end = start;
    while (end < this.#text.length && !isLineBreak(this.#text[end]!)) {
      if (this.#text.startsWith(delimiter, end)) break;
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

function isLineBreak(character: string): boolean {
  return character === "\n" || character === "\r";
}
