/** One column of a table in memory: its rows are appended, read and overwritten in bulk. */

import type {
  ArrayColumn,
  ColumnData,
  ColumnField,
  ColumnKind,
  MaskColumn,
  StringColumn,
} from "../../columns/batch.js";
import { elementArray } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";

/** Rows of a column that can be added to. */
export interface GrowingColumn {
  /** Bytes of its cells. */
  readonly bytes: number;
  append(data: ColumnData): void;
  /** The rows at these numbers, in this order. */
  take(rows: RowPlaces): ColumnData;
  /** Puts row `i` of `data` in place of row `rows[i]`. */
  overwrite(rows: Float64Array, data: ColumnData): void;
}

/** Rows `start ..< stop`, or rows one by one. */
export type RowPlaces = { readonly start: number; readonly stop: number } | Float64Array;

type NumberArray = BigInt64Array | Float64Array | Float32Array | Uint8Array | Int32Array;
type ArrayConstructor<T> = new (length: number) => T;

/** Typed array that grows by doubling; `width` elements a row. */
class GrowingArray<T extends NumberArray> {
  readonly #width: number;
  readonly #make: ArrayConstructor<T>;
  #values: T;
  #length = 0;

  constructor(make: ArrayConstructor<T>, width = 1) {
    this.#make = make;
    this.#width = width;
    this.#values = new make(0);
  }

  get bytes(): number {
    return this.#length * this.#values.BYTES_PER_ELEMENT;
  }

  append(values: T): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) {
      const grown = new this.#make(Math.max(length, 2 * this.#values.length, 64));
      grown.set(this.#values.subarray(0, this.#length) as never);
      this.#values = grown;
    }
    this.#values.set(values as never, this.#length);
    this.#length = length;
  }

  take(rows: RowPlaces): T {
    const width = this.#width;
    if (!(rows instanceof Float64Array)) {
      return this.#values.slice(rows.start * width, rows.stop * width) as T;
    }
    const taken = new this.#make(rows.length * width);
    for (let index = 0; index < rows.length; index++) {
      const from = rows[index]! * width;
      for (let element = 0; element < width; element++) {
        taken[index * width + element] = this.#values[from + element]!;
      }
    }
    return taken;
  }

  overwrite(rows: Float64Array, values: T): void {
    for (let index = 0; index < rows.length; index++) {
      const row = values.subarray(index * this.#width, (index + 1) * this.#width);
      this.#values.set(row as never, rows[index]! * this.#width);
    }
  }
}

const MAKERS: { readonly [Kind in ColumnKind]: (field: ColumnField) => GrowingColumn } = {
  long: () => valuesColumn("long", new GrowingArray(BigInt64Array)),
  bool: () => valuesColumn("bool", new GrowingArray(Uint8Array)),
  double: () => valuesColumn("double", new GrowingArray(Float64Array)),
  string: ({ size }) => new GrowingText(size),
  array: arrayColumn,
  mask: () => new GrowingMasks(),
};

export function growingColumn(field: ColumnField): GrowingColumn {
  return MAKERS[columnKind(field.type)](field);
}

function valuesColumn<T extends NumberArray>(kind: "long" | "bool" | "double", values: GrowingArray<T>): GrowingColumn {
  return {
    get bytes() {
      return values.bytes;
    },
    append: (data) => values.append((data as unknown as { values: T }).values),
    take: (rows) => ({ kind, values: values.take(rows) }) as unknown as ColumnData,
    overwrite: (rows, data) => values.overwrite(rows, (data as unknown as { values: T }).values),
  };
}

function arrayColumn({ type, size }: ColumnField): GrowingColumn {
  const values = new GrowingArray(elementArray(type), size);
  return {
    get bytes() {
      return values.bytes;
    },
    append: (data) => values.append((data as ArrayColumn).values),
    take: (rows) => ({ kind: "array", size, values: values.take(rows) }),
    overwrite: (rows, data) => values.overwrite(rows, (data as ArrayColumn).values),
  };
}

/** Text in fields of fixed width, filled up with zero bytes, as tables keep it: trailing NULs are lost. */
class GrowingText implements GrowingColumn {
  readonly #width: number;
  readonly #bytes: GrowingArray<Uint8Array>;

  constructor(width: number) {
    this.#width = width;
    this.#bytes = new GrowingArray(Uint8Array, width);
  }

  get bytes(): number {
    return this.#bytes.bytes;
  }

  append(data: ColumnData): void {
    this.#bytes.append(this.#padded(data as StringColumn));
  }

  overwrite(rows: Float64Array, data: ColumnData): void {
    this.#bytes.overwrite(rows, this.#padded(data as StringColumn));
  }

  take(rows: RowPlaces): StringColumn {
    const padded = this.#bytes.take(rows);
    const count = padded.length / this.#width;
    const offsets = new Int32Array(count + 1);
    const bytes = new Uint8Array(padded.length);
    for (let row = 0, end = 0; row < count; row++) {
      const start = row * this.#width;
      let stop = start + this.#width;
      while (stop > start && padded[stop - 1] === 0) stop--;
      bytes.set(padded.subarray(start, stop), end);
      end += stop - start;
      offsets[row + 1] = end;
    }
    return { kind: "string", offsets, bytes: bytes.slice(0, offsets[count]) };
  }

  #padded({ offsets, bytes }: StringColumn): Uint8Array {
    const count = offsets.length - 1;
    const padded = new Uint8Array(count * this.#width);
    for (let row = 0; row < count; row++) {
      padded.set(bytes.subarray(offsets[row], offsets[row + 1]), row * this.#width);
    }
    return padded;
  }
}

class GrowingMasks implements GrowingColumn {
  readonly #numbers = {
    imageId: new GrowingArray(BigInt64Array),
    theZ: new GrowingArray(Int32Array),
    theT: new GrowingArray(Int32Array),
    x: new GrowingArray(Float64Array),
    y: new GrowingArray(Float64Array),
    w: new GrowingArray(Float64Array),
    h: new GrowingArray(Float64Array),
  };
  readonly #bits: Uint8Array[] = [];
  #bitBytes = 0;

  get bytes(): number {
    return Object.values(this.#numbers).reduce((sum, { bytes }) => sum + bytes, this.#bitBytes);
  }

  append(data: ColumnData): void {
    const mask = data as MaskColumn;
    for (const [name, values] of Object.entries(this.#numbers)) {
      (values as GrowingArray<NumberArray>).append(mask[name as "x"]);
    }
    for (const bits of bitsByRow(mask)) this.#bits.push(bits);
    this.#bitBytes += mask.bytes.length;
  }

  overwrite(rows: Float64Array, data: ColumnData): void {
    const mask = data as MaskColumn;
    for (const [name, values] of Object.entries(this.#numbers)) {
      (values as GrowingArray<NumberArray>).overwrite(rows, mask[name as "x"]);
    }
    for (const [index, bits] of bitsByRow(mask).entries()) {
      this.#bitBytes += bits.length - this.#bits[rows[index]!]!.length;
      this.#bits[rows[index]!] = bits;
    }
  }

  take(rows: RowPlaces): MaskColumn {
    const bits =
      rows instanceof Float64Array
        ? Array.from(rows, (row) => this.#bits[row]!)
        : this.#bits.slice(rows.start, rows.stop);
    const offsets = new Int32Array(bits.length + 1);
    for (const [row, { length }] of bits.entries()) offsets[row + 1] = offsets[row]! + length;
    const bytes = new Uint8Array(offsets[bits.length]!);
    for (const [row, content] of bits.entries()) bytes.set(content, offsets[row]);
    const { imageId, theZ, theT, x, y, w, h } = this.#numbers;
    return {
      kind: "mask",
      imageId: imageId.take(rows),
      theZ: theZ.take(rows),
      theT: theT.take(rows),
      x: x.take(rows),
      y: y.take(rows),
      w: w.take(rows),
      h: h.take(rows),
      offsets,
      bytes,
    };
  }
}

function bitsByRow({ offsets, bytes }: MaskColumn): Uint8Array[] {
  return Array.from({ length: offsets.length - 1 }, (_, row) => bytes.slice(offsets[row], offsets[row + 1]));
}
