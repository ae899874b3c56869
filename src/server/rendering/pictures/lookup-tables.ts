/** Tables of colours by brightness, as ImageJ keeps them: .lut files of 256 reds, greens and blues. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ifPossible } from "../../../flow/failures.js";

export interface LookupTable {
  readonly red: Uint8Array;
  readonly green: Uint8Array;
  readonly blue: Uint8Array;
}

const LENGTH = 256;
/** Of NIH Image: a header before the colours. */
const HEADER = 32;

/** Undefined unless there are 256 colours in the bytes: three bands of bytes, or lines of text. */
export function parseLookupTable(bytes: Uint8Array): LookupTable | undefined {
  const start = bytes.length === 3 * LENGTH ? 0 : bytes.length === HEADER + 3 * LENGTH ? HEADER : undefined;
  if (start === undefined) return parseLines(Buffer.from(bytes).toString("latin1"));
  const band = (index: number) => new Uint8Array(bytes.subarray(start + index * LENGTH, start + (index + 1) * LENGTH));
  return { red: band(0), green: band(1), blue: band(2) };
}

/** Lines end in red, green and blue; other lines are headings. */
function parseLines(text: string): LookupTable | undefined {
  const colours = text.split(/\r?\n|\r/).flatMap((line) => {
    const [, ...levels] = /(?:^|\s)(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s*$/.exec(line) ?? [];
    return levels.length === 3 ? [levels.map(Number)] : [];
  });
  if (colours.length !== LENGTH || colours.some((levels) => levels.some((level) => level > 255))) return undefined;
  const band = (index: number) => Uint8Array.from(colours, (levels) => levels[index]!);
  return { red: band(0), green: band(1), blue: band(2) };
}

/** The tables in a folder of the server's, by the names of their files. */
export class LookupTables {
  readonly #folder: string;
  readonly #known = new Map<string, LookupTable | undefined>();
  readonly #offered = new Map<string, LookupTable>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds tables that the folder need not have: a file of the same name goes before. */
  offer(tables: ReadonlyMap<string, LookupTable>): void {
    for (const [name, table] of tables) this.#offered.set(name, table);
  }

  /** Undefined where there is no such table: the channel has its colour then. */
  async find(name: string): Promise<LookupTable | undefined> {
    if (!/^[\w .-]+\.lut$/.test(name)) return undefined;
    if (!this.#known.has(name)) {
      const bytes = await ifPossible(readFile(join(this.#folder, name)));
      this.#known.set(name, bytes ? parseLookupTable(bytes) : this.#offered.get(name));
    }
    return this.#known.get(name);
  }
}
