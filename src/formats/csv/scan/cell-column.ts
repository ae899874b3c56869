/**
 * One column of a CSV file while it is scanned: the kind its cells have shown so far, what was seen in them, and the
 * values of the chunk of rows at hand.
 */
import type { ColumnData } from "../../../columns/batch.js";

/** Kinds in the order they widen: nothing but missing values seen, ... */
export const NONE = 0;
export const BOOL_CELLS = 1;
export const LONG_CELLS = 2;
export const DOUBLE_CELLS = 3;
export const STRING_CELLS = 4;
export type CellKind = typeof NONE | typeof BOOL_CELLS | typeof LONG_CELLS | typeof DOUBLE_CELLS | typeof STRING_CELLS;

/** Where a value stood that only some column types can hold. */
export interface CellPlace {
  /** 0-based, of the data rows. */
  readonly row: number;
  /** 1-based line of the file. */
  readonly line: number;
  readonly text: string;
}

const BYTES_PER_STRING = 16;
/** What stands for no object in OMERO's columns of ids. */
export const NO_ID = -1n;

export interface CellColumnOptions {
  readonly chunkRows: number;
  readonly storing?: boolean;
  readonly kind?: CellKind;
  readonly fixed?: boolean;
  readonly ids?: boolean;
}

export class CellColumn {
  readonly name: string;
  kind: CellKind;
  /** A kind the caller asked for: cells that do not fit are errors instead of widening it. */
  readonly fixed: boolean;
  /** Whether its integers are ids: "1.0" is one, and a missing one is -1, which OMERO takes for none. */
  readonly ids: boolean;

  sawMissing = false;
  /** A missing value with spaces around, which is a value where the column is text. */
  sawSpacedMissing = false;
  sawInteger = false;
  /** A number with a decimal mark or an exponent, or an infinity. */
  sawFraction = false;
  sawBool = false;
  /** Text because of missing values among booleans, or because nothing else holds both; no other text so far. */
  onlyBools = false;
  /** First integer beyond 2^53, and beyond 64 bits. */
  unsafeInteger: CellPlace | undefined;
  beyondInt64: CellPlace | undefined;
  /** First row, of the whole file, whose text ends in a NUL character. */
  trailingNulRow: number | undefined;
  /** Rows of the chunks handed on so far. */
  rowsBefore = 0;
  /** Longest cell that is not missing, in bytes of UTF-8. */
  width = 0;
  /** Shortest cell of a column of integers, in bytes. */
  shortest = Number.POSITIVE_INFINITY;
  /** An integer that begins with a needless zero. */
  sawLeadingZero = false;
  /** A cell of a sort that integers padded with zeros do not have: a sign, or spaces. */
  sawUnpadded = false;
  /** Integers, padded with zeros to one width, that are kept as text. */
  padded = false;
  /** Ids written as floating-point numbers, and ids that are missing. */
  wholeIds = 0;
  missingIds = 0;
  /** The first cell that made text of a column of numbers. */
  firstText: CellPlace | undefined;
  /** An integer written as zero with a minus sign: only a double keeps the sign. */
  sawNegativeZero = false;
  /** The values of earlier cells were lost in widening; their rows must be scanned again. */
  lostValues = false;

  /** Off while only kinds, widths and counts are wanted. */
  storing: boolean;
  doubles!: Float64Array;
  words!: Int32Array;
  longs!: BigInt64Array;
  bools!: Uint8Array;
  offsets!: Int32Array;
  bytes!: Uint8Array;
  readonly #chunkRows: number;

  constructor(
    name: string,
    { chunkRows, storing = false, kind = NONE, fixed = false, ids = false }: CellColumnOptions,
  ) {
    this.name = name;
    this.#chunkRows = chunkRows;
    this.storing = storing;
    this.kind = kind;
    this.fixed = fixed;
    this.ids = ids;
    this.renew();
  }

  /** Begins the file anew, with the kind found so far and what was seen. */
  restart(storing: boolean): void {
    this.rowsBefore = 0;
    this.wholeIds = 0;
    this.missingIds = 0;
    this.lostValues = false;
    this.storing = storing;
    this.renew();
  }

  /** Fresh storage. */
  renew(): void {
    const rows = this.#chunkRows;
    const buffer = new ArrayBuffer(this.kind === STRING_CELLS || this.kind === BOOL_CELLS ? 0 : rows * 8);
    this.doubles = new Float64Array(buffer);
    this.words = new Int32Array(buffer);
    this.longs = new BigInt64Array(buffer);
    this.bools = new Uint8Array(this.kind === BOOL_CELLS ? rows : 0);
    this.offsets = new Int32Array(this.kind === STRING_CELLS ? rows + 1 : 0);
    this.bytes = new Uint8Array(
      this.kind === STRING_CELLS ? Math.max(64, rows * Math.min(this.width, BYTES_PER_STRING)) : 0,
    );
  }

  /** Turns to a wider kind when `row` rows of the chunk are filled. */
  widen(kind: CellKind, row: number): void {
    const before = this.kind;
    if (before === LONG_CELLS && kind === DOUBLE_CELLS) {
      if (this.sawNegativeZero || this.missingIds > 0) this.lostValues = true;
      for (let index = 0; index < row; index++) this.doubles[index] = Number(this.longs[index]);
      this.kind = kind;
      return;
    }
    if (before !== NONE || this.sawSpacedMissing) this.lostValues = true;
    this.onlyBools = kind === STRING_CELLS && (before === BOOL_CELLS || (before === NONE && this.sawBool));
    this.kind = kind;
    this.renew();
    if (kind === DOUBLE_CELLS) this.doubles.fill(Number.NaN, 0, row);
    if (kind === LONG_CELLS) this.longs.fill(NO_ID, 0, row);
  }

  /** Integers that shall be kept as text, from the beginning of the file on. */
  keepAsText(): void {
    this.kind = STRING_CELLS;
    this.padded = true;
  }

  /** Makes ready for the chunk after one of `rows` rows; what was taken of that one is no longer written to. */
  nextChunk(rows: number): void {
    this.rowsBefore += rows;
    if (this.storing) this.renew();
  }

  setMissing(row: number): void {
    if (this.kind === DOUBLE_CELLS) this.doubles[row] = Number.NaN;
    else if (this.kind === LONG_CELLS) this.longs[row] = NO_ID;
    else if (this.kind === STRING_CELLS) this.offsets[row + 1] = this.offsets[row]!;
  }

  setLong(row: number, value: bigint): void {
    this.longs[row] = value;
  }

  setText(row: number, source: Uint8Array, start: number, end: number): void {
    if (source[end - 1] === 0 && end > start) this.trailingNulRow ??= this.rowsBefore + row;
    if (!this.storing) return;
    const at = this.offsets[row]!;
    const length = end - start;
    if (at + length > this.bytes.length) this.#growBytes(at, length);
    const bytes = this.bytes;
    if (length > 32) bytes.set(source.subarray(start, end), at);
    else for (let index = 0; index < length; index++) bytes[at + index] = source[start + index]!;
    this.offsets[row + 1] = at + length;
  }

  /** The first `rows` rows, as column data that shares this column's storage. A column without a value has none. */
  take(rows: number): ColumnData | undefined {
    switch (this.kind) {
      case NONE:
        return undefined;
      case BOOL_CELLS:
        return { kind: "bool", values: this.bools.subarray(0, rows) };
      case LONG_CELLS:
        return { kind: "long", values: this.longs.subarray(0, rows) };
      case DOUBLE_CELLS:
        return { kind: "double", values: this.doubles.subarray(0, rows) };
      case STRING_CELLS:
        return {
          kind: "string",
          offsets: this.offsets.subarray(0, rows + 1),
          bytes: this.bytes.subarray(0, this.offsets[rows]),
        };
    }
  }

  #growBytes(used: number, wanted: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, used + wanted));
    grown.set(this.bytes.subarray(0, used));
    this.bytes = grown;
  }
}
