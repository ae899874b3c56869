/** Columns aligned by spaces, as columns delimited by tabs. */
import type { ByteReader } from "./byte-reader.js";

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;

/** Makes one tab of each run of spaces and tabs that is long enough; none of those at the ends of a line. */
export class SpaceCollapser {
  readonly #least: number;
  readonly #quote: number;
  /** Spaces and tabs since the last other byte; a tab alone is as long as any run. */
  #run = 0;
  #atStart = true;
  #quoted = false;

  /** @param least spaces that delimit */
  constructor(least: number, quote: string) {
    this.#least = least;
    this.#quote = quote === "" ? -1 : quote.charCodeAt(0);
  }

  /** Appends what `input` becomes to `output` from `at` on and returns where it ends. It needs as much room as `input`, and a little. */
  collapse(input: Uint8Array, output: Uint8Array, at: number): number {
    let end = at;
    for (const byte of input) {
      if (!this.#quoted && (byte === SPACE || byte === TAB)) {
        this.#run += byte === TAB ? this.#least : 1;
        continue;
      }
      if (byte === LF || byte === CR) this.#endLine();
      else end = this.#flush(output, end);
      if (byte === this.#quote) this.#quoted = !this.#quoted;
      output[end++] = byte;
    }
    return end;
  }

  #endLine(): void {
    if (this.#quoted) return;
    this.#run = 0;
    this.#atStart = true;
  }

  #flush(output: Uint8Array, at: number): number {
    let end = at;
    if (!this.#atStart && this.#run >= this.#least) output[end++] = TAB;
    else if (!this.#atStart) for (let space = 0; space < this.#run; space++) output[end++] = SPACE;
    this.#run = 0;
    this.#atStart = false;
    return end;
  }
}

const STEP = 64 * 1024;

export class SpacedReader implements ByteReader {
  readonly #reader: ByteReader;
  readonly #collapser: SpaceCollapser;
  readonly #input = new Uint8Array(STEP);
  readonly #output = new Uint8Array(2 * STEP);
  #rest: Uint8Array = new Uint8Array(0);

  constructor(reader: ByteReader, least: number, quote: string) {
    this.#reader = reader;
    this.#collapser = new SpaceCollapser(least, quote);
  }

  async read(target: Uint8Array): Promise<number> {
    while (this.#rest.length === 0) {
      const count = await this.#reader.read(this.#input);
      if (count === 0) return 0;
      this.#rest = this.#output.subarray(0, this.#collapser.collapse(this.#input.subarray(0, count), this.#output, 0));
    }
    const count = Math.min(target.length, this.#rest.length);
    target.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
