/** JavaScript values as column data, once a profile of them has told that they fit. */

import type { ArrayColumn, ColumnData, ColumnField, ColumnKind, StringColumn } from "../../columns/batch.js";
import { HIGH_HALF, LOW_HALF, wordHalves } from "../../columns/int64.js";
import { elementKind } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { type ListValue, listColumn, parseList } from "./lists.js";
import { maskColumn, toMask } from "./masks.js";
import { textOf } from "./value-sort.js";

export type Values = ArrayLike<unknown>;

const LONGEST_WRITTEN_BY_UNIT = 48;

const COLUMNS: Readonly<Record<ColumnKind, typeof valueColumn>> = {
  long: (values, start, stop) => ({ kind: "long", values: longs(values, start, stop) }),
  double: (values, start, stop) => ({ kind: "double", values: doubles(values, start, stop) }),
  bool: (values, start, stop) => ({ kind: "bool", values: bools(values, start, stop) }),
  string: textColumn,
  array: arrayColumn,
  mask(values, start, stop, { name }) {
    const rows = Array.from({ length: stop - start }, (_, index) => start + index);
    return maskColumn(rows.map((row) => toMask(values[row], name, row)));
  },
};

/** Rows `start ..< stop` of values, as a column of `field`'s type. */
export function valueColumn(values: Values, start: number, stop: number, field: ColumnField): ColumnData {
  return COLUMNS[columnKind(field.type)](values, start, stop, field);
}

function longs(values: Values, start: number, stop: number): BigInt64Array {
  if (values instanceof BigInt64Array) return values.subarray(start, stop);
  const result = new BigInt64Array(stop - start);
  const words = wordHalves(result);
  for (let row = start; row < stop; row++) {
    const value = values[row] as number | bigint;
    const at = row - start;
    if (typeof value === "bigint") result[at] = value;
    else if ((value | 0) === value) {
      words[2 * at + LOW_HALF] = value;
      words[2 * at + HIGH_HALF] = value >> 31;
    } else result[at] = BigInt(value);
  }
  return result;
}

function doubles(values: Values, start: number, stop: number): Float64Array {
  if (values instanceof Float64Array) return values.subarray(start, stop);
  const result = new Float64Array(stop - start);
  for (let row = start; row < stop; row++) {
    const value = values[row];
    result[row - start] = typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : Number.NaN;
  }
  return result;
}

function bools(values: Values, start: number, stop: number): Uint8Array {
  const result = new Uint8Array(stop - start);
  for (let row = start; row < stop; row++) {
    const value = values[row];
    result[row - start] = value === true || value === 1 || value === 1n ? 1 : 0;
  }
  return result;
}

function arrayColumn(values: Values, start: number, stop: number, { type, size }: ColumnField): ArrayColumn {
  const listAt = (index: number): ListValue => {
    const value = values[start + index];
    return typeof value === "string" ? parseList(value)! : (value as ListValue);
  };
  return listColumn(listAt, stop - start, size, elementKind(type)!);
}

function textColumn(values: Values, start: number, stop: number): StringColumn {
  const writer = new TextWriter(stop - start);
  for (let row = start; row < stop; row++) writer.add(textOf(values[row]));
  return writer.column();
}

/** Texts as UTF-8, one after the other. */
class TextWriter {
  readonly #offsets: Int32Array;
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array;
  #row = 0;
  #at = 0;

  constructor(rows: number) {
    this.#offsets = new Int32Array(rows + 1);
    this.#bytes = new Uint8Array(Math.max(64, rows * 8));
  }

  add(text: string): void {
    if (this.#at + 3 * text.length > this.#bytes.length) this.#grow(3 * text.length);
    this.#at += this.#writeAscii(text);
    this.#offsets[++this.#row] = this.#at;
  }

  column(): StringColumn {
    return { kind: "string", offsets: this.#offsets, bytes: this.#bytes.subarray(0, this.#at) };
  }

  /** Short ASCII texts unit by unit, which is quicker than the encoder; others by that. Returns the bytes written. */
  #writeAscii(text: string): number {
    const length = text.length;
    if (length <= LONGEST_WRITTEN_BY_UNIT) {
      let index = 0;
      for (; index < length; index++) {
        const unit = text.charCodeAt(index);
        if (unit > 127) break;
        this.#bytes[this.#at + index] = unit;
      }
      if (index === length) return length;
    }
    return this.#encoder.encodeInto(text, this.#bytes.subarray(this.#at)).written;
  }

  #grow(wanted: number): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + wanted));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}
