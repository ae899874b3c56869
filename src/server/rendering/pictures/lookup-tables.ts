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

/** Undefined unless there are 256 colours in the bytes. */
export function parseLookupTable(bytes: Uint8Array): LookupTable | undefined {
  const start = bytes.length === 3 * LENGTH ? 0 : bytes.length === HEADER + 3 * LENGTH ? HEADER : undefined;
  if (start === undefined) return undefined;
  const band = (index: number) => bytes.subarray(start + index * LENGTH, start + (index + 1) * LENGTH);
  return { red: band(0), green: band(1), blue: band(2) };
}

/** The tables in a folder of the server's, by the names of their files. */
export class LookupTables {
  readonly #folder: string;
  readonly #known = new Map<string, LookupTable | undefined>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where there is no such table: the channel has its colour then. */
  async find(name: string): Promise<LookupTable | undefined> {
    if (!/^[\w .-]+\.lut$/.test(name)) return undefined;
    if (!this.#known.has(name)) {
      const bytes = await ifPossible(readFile(join(this.#folder, name)));
      this.#known.set(name, bytes && parseLookupTable(bytes));
    }
    return this.#known.get(name);
  }
}
