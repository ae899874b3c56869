/**
 * How many different values there are: exact up to a bound, beyond it estimated by HyperLogLog (Flajolet et al. 2007), with a standard
 * error of 1.04 / sqrt(4096), 1.6 %.
 */
export class DistinctCount {
  readonly #bound: number;
  #seen: Set<bigint | number | string> | undefined = new Set();
  #registers: Uint8Array | undefined;

  /** @param bound values that are counted exactly */
  constructor(bound = 10_000) {
    this.#bound = bound;
  }

  get isExact(): boolean {
    return this.#seen !== undefined;
  }

  get count(): number {
    return this.#seen?.size ?? estimate(this.#registers!);
  }

  add(value: bigint | number | string): void {
    if (this.#seen === undefined) note(this.#registers!, value);
    else if (this.#seen.add(value).size > this.#bound) this.#estimateFrom(this.#seen);
  }

  #estimateFrom(seen: ReadonlySet<bigint | number | string>): void {
    this.#registers = new Uint8Array(REGISTERS);
    for (const value of seen) note(this.#registers, value);
    this.#seen = undefined;
  }
}

const INDEX_BITS = 12;
const REGISTERS = 1 << INDEX_BITS;
const scratch = new DataView(new ArrayBuffer(8));

function note(registers: Uint8Array, value: bigint | number | string): void {
  const [high, low] = hash(value);
  const index = high >>> (32 - INDEX_BITS);
  // Leading zeros of the 52 bits that are left.
  const rest = (high << INDEX_BITS) >>> 0;
  const rank = rest >>> INDEX_BITS === 0 ? 21 + Math.clz32(low) : Math.clz32(rest) + 1;
  if (rank > registers[index]!) registers[index] = rank;
}

function hash(value: bigint | number | string): readonly [number, number] {
  if (typeof value === "string") return hashText(value);
  if (typeof value === "bigint") scratch.setBigInt64(0, value);
  else scratch.setFloat64(0, value === 0 ? 0 : value);
  return mixed(scratch.getUint32(0), scratch.getUint32(4));
}

/** Two 32-bit FNV-1a sums of the text's units, from different beginnings. */
function hashText(text: string): readonly [number, number] {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x85ebca6b) ^ (other >>> 15);
  }
  return mixed(one, other);
}

function mixed(high: number, low: number): readonly [number, number] {
  const one = avalanche(high ^ Math.imul(low, 0x9e3779b1));
  return [one, avalanche(low ^ Math.imul(one, 0x85ebca77))];
}

/** The finisher of MurmurHash3. */
function avalanche(word: number): number {
  let mix = word;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

function estimate(registers: Uint8Array): number {
  const sum = registers.reduce((total, rank) => total + 2 ** -rank, 0);
  const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
  const empty = registers.reduce((count, rank) => count + (rank === 0 ? 1 : 0), 0);
  return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}
