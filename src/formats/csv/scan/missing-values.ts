/** Texts that stand for a missing value: those pandas takes for one (`pandas.read_csv`, `na_values`). */
export const MISSING_VALUES: readonly string[] = [
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
];

const LONGEST_IN_MASK = 31;

/** Recognizes missing values in bytes; a cell that is none costs one table look-up. */
export class MissingValues {
  /** Whether a text that reads as a number is among them, so that numbers must be looked up too. */
  readonly includesNumbers: boolean;
  readonly includesEmpty: boolean;
  /** For each first byte, bit `n` is set where a missing value of `n` bytes begins with it (31: or more). */
  readonly #lengths = new Int32Array(256);
  readonly #texts: readonly Uint8Array[];

  constructor(texts: readonly string[] = MISSING_VALUES) {
    this.#texts = texts.map((text) => new TextEncoder().encode(text));
    this.includesEmpty = texts.includes("");
    this.includesNumbers = texts.some((text) => text.trim() !== "" && !Number.isNaN(Number(text)));
    for (const text of this.#texts) {
      if (text.length > 0) this.#lengths[text[0]!]! |= 1 << Math.min(text.length, LONGEST_IN_MASK);
    }
  }

  /** Whether `bytes[start] ..< bytes[end]` is a missing value. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length === 0) return this.includesEmpty;
    const bit = 1 << Math.min(length, LONGEST_IN_MASK);
    return (this.#lengths[bytes[start]!]! & bit) !== 0 && this.#equalsOne(bytes, start, length);
  }

  #equalsOne(bytes: Uint8Array, start: number, length: number): boolean {
    return this.#texts.some(
      (text) => text.length === length && text.every((byte, index) => byte === bytes[start + index]),
    );
  }
}
