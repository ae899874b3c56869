/** What the values of a column have in common, seen one after the other; and the type of column that follows. */

import type { ArrayColumn, BoolColumn, ColumnKind, ColumnType, StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { fitsInt64 } from "../../columns/int64.js";
import { elementKind } from "../../columns/kinds/array.js";
import { columnKind, columnLength } from "../../columns/kinds/kinds.js";
import { DataError } from "../../errors.js";
import type { ColumnContent } from "./column-content.js";
import type { FieldOptions } from "./column-types.js";
import { ListProfile, type ListValue, parseList } from "./lists.js";
import { toMask } from "./masks.js";
import { shownValue, trailingNul, unsafeInteger, unsupportedValue, valueDoesNotFit } from "./value-errors.js";
import {
  BOOL,
  FRACTION,
  INTEGER,
  LIST,
  MASK,
  MISSING,
  OTHER,
  SORT_NAMES,
  sortOf,
  TEXT,
  textOf,
  type ValueSort,
} from "./value-sort.js";

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const NUMBERS = INTEGER | FRACTION;

interface Place {
  readonly row: number;
  readonly value: unknown;
}

export type TypedValues =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Whether a value, of a sort, fits a type asked for; notes what is to be known of it. */
type Fits = (profile: ValueProfile, value: unknown, sort: ValueSort, row: number) => boolean;

export class ValueProfile {
  static readonly #FITS: Readonly<Record<ColumnKind, Fits>> = {
    long: (profile, value, sort, row) => sort === INTEGER && profile.#isInt64(value as number | bigint, row),
    double: (_profile, _value, sort) => (sort & (NUMBERS | MISSING)) !== 0,
    bool: (_profile, value, sort) =>
      sort === BOOL || (sort === INTEGER && (Number(value) === 0 || Number(value) === 1)),
    string: (profile, value, sort, row) => profile.#fitsText(value, sort, row),
    array: (profile, value, sort, row) => profile.#fitsList(value, sort, row),
    mask: (profile, value, sort, row) => (sort & (MASK | TEXT)) !== 0 && toMask(value, profile.name, row) !== undefined,
  };

  readonly name: string;
  readonly #type: ColumnType | undefined;
  readonly #typesOf: FieldOptions["typesOf"];
  readonly #fits: Fits | undefined;
  /** The sorts of values seen, one bit each. */
  #sorts = 0;
  readonly #first = new Map<ValueSort, Place>();
  #width = 0;
  #unsafeNumber: Place | undefined;
  #unsafeBigint: Place | undefined;
  #lists: ListProfile | undefined;

  /**
   * @param type one the caller asks for, or the table has; a value it cannot hold is an error at once
   * @param typesOf whose types they are
   */
  constructor(name: string, type?: ColumnType, typesOf: FieldOptions["typesOf"] = "columnTypes") {
    this.name = name;
    this.#type = type;
    this.#typesOf = typesOf;
    this.#fits = type && ValueProfile.#FITS[columnKind(type)];
  }

  /** @throws DataError naming column, row and value, for one that no column, or not the type asked for, can hold. */
  add(value: unknown, row: number): void {
    const sort = sortOf(value);
    this.#note(sort, row, value);
    if (this.#fits !== undefined) {
      if (!this.#fits(this, value, sort, row)) throw this.#doesNotFit(value, row);
    } else if (sort === TEXT) this.#addText(textOf(value), row);
    else if (sort === INTEGER) this.#addInteger(value as number | bigint, row);
    else if (sort === LIST) this.#addList(value as ListValue, row);
    else if (sort === MASK) toMask(value, this.name, row);
    else if (sort === OTHER) throw unsupportedValue(this.name, row, value, "is of a type that no column can hold");
  }

  /** Values in a row. Most columns are of one sort, of which one value tells no more than the one before. */
  addValues(values: ArrayLike<unknown>, firstRow: number): void {
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (this.#type !== undefined || typeof value !== "number" || !this.#knows(value))
        this.add(value, firstRow + index);
    }
  }

  /** A typed array of integers or floats, all at once where its type alone says what it holds. */
  addTyped(values: TypedValues, firstRow: number): void {
    const isFloat = values instanceof Float64Array || values instanceof Float32Array;
    const kind = isFloat ? "double" : "long";
    if (this.#type !== undefined && columnKind(this.#type) !== kind) this.addValues(values, firstRow);
    else if (isFloat) this.#note(FRACTION, firstRow, values[0]);
    else {
      this.#note(INTEGER, firstRow, values[0]);
      if (values instanceof BigInt64Array) this.#addInt64(values, firstRow);
      else if (values instanceof BigUint64Array) this.addValues(values, firstRow);
    }
  }

  /** A column of text, booleans or lists in columnar form. */
  addColumn(column: StringColumn | BoolColumn | ArrayColumn, firstRow: number): void {
    const rows = columnLength(column);
    if (rows === 0) return;
    if (this.#type !== undefined && columnKind(this.#type) !== column.kind)
      this.addValues(columnValues(column), firstRow);
    else if (column.kind === "bool") this.#note(BOOL, firstRow, true);
    else if (column.kind === "array") this.addValues(columnValues(column), firstRow);
    else {
      this.#note(TEXT, firstRow, "");
      this.#addTexts(column, firstRow);
    }
  }

  /** Whether nothing but missing values was seen. */
  get isEmpty(): boolean {
    return (this.#sorts & ~MISSING) === 0;
  }

  /** Whether values of sorts were seen that no column can hold together, except as text. */
  get isMixed(): boolean {
    const sorts = this.#sorts & ~MISSING;
    return sorts !== 0 && (sorts & ~NUMBERS) !== 0 && (sorts & (sorts - 1)) !== 0;
  }

  /** @throws DataError if the values are of sorts that no column can hold together. */
  conclude(rowCount: number): ColumnContent {
    if (this.#type !== undefined) return this.#concludeAs(this.#type);
    if (this.isMixed) throw this.#mixed();
    const { name } = this;
    const gaps = (this.#sorts & MISSING) !== 0;
    if ((this.#sorts & TEXT) !== 0) return { name, kind: "string", size: this.#width };
    if ((this.#sorts & BOOL) !== 0) {
      return gaps ? { name, kind: "string", size: "false".length, gaps: "booleans" } : { name, kind: "bool" };
    }
    if ((this.#sorts & NUMBERS) !== 0) return this.#concludeNumbers(gaps);
    if ((this.#sorts & (LIST | MASK)) !== 0) return this.#concludeObjects(gaps);
    return rowCount === 0 ? { name, kind: "string", size: 0 } : { name, kind: "double" };
  }

  /** Whether a number is of a sort already seen, and safe. */
  #knows(value: number): boolean {
    if ((value | 0) === value) return (this.#sorts & INTEGER) !== 0 && (value !== 0 || 1 / value > 0);
    return (this.#sorts & FRACTION) !== 0 && value % 1 !== 0 && value - value === 0;
  }

  #note(sort: ValueSort, row: number, value: unknown): void {
    if ((this.#sorts & sort) !== 0) return;
    this.#sorts |= sort;
    this.#first.set(sort, { row, value });
  }

  #addInt64(values: BigInt64Array, firstRow: number): void {
    if (this.#unsafeBigint !== undefined) return;
    const index = values.findIndex((value) => value > MAX_SAFE || value < -MAX_SAFE);
    if (index >= 0) this.#unsafeBigint = { row: firstRow + index, value: values[index] };
  }

  #addTexts({ offsets, bytes }: StringColumn, firstRow: number): void {
    for (let row = 1; row < offsets.length; row++) {
      const stop = offsets[row]!;
      const length = stop - offsets[row - 1]!;
      if (length > this.#width) this.#width = length;
      if (length > 0 && bytes[stop - 1] === 0) throw trailingNul(this.name, firstRow + row - 1);
    }
  }

  #concludeAs(type: ColumnType): ColumnContent {
    const { name } = this;
    const kind = columnKind(type);
    if (kind === "string") return { name, kind, size: this.#width };
    if (kind === "array") return { name, kind, size: this.#lists?.size ?? 1, element: elementKind(type) };
    return { name, kind };
  }

  #concludeNumbers(gaps: boolean): ColumnContent {
    const { name } = this;
    if ((this.#sorts & FRACTION) !== 0) {
      this.#refuse(this.#unsafeBigint, "stands in a column with fractions and would be rounded");
      return { name, kind: "double" };
    }
    this.#refuse(this.#unsafeNumber, "exceeds 2^53, beyond which numbers are not exact");
    if (!gaps) return { name, kind: "long" };
    this.#refuse(this.#unsafeBigint, "stands in a column with missing values, whose integers must become doubles");
    return { name, kind: "double", gaps: "integers" };
  }

  #refuse(place: Place | undefined, why: string): void {
    if (place === undefined) return;
    const remedy = "Give bigints without gaps, or set columnTypes to Double if rounding is meant, or to String";
    throw unsafeInteger(this.name, place.row, place.value, `${why}. ${remedy}.`);
  }

  #concludeObjects(gaps: boolean): ColumnContent {
    const { name } = this;
    const isList = (this.#sorts & LIST) !== 0;
    if (gaps) {
      const { row, value } = this.#first.get(MISSING)!;
      throw valueDoesNotFit(
        name,
        row,
        value,
        `stands in a column of ${isList ? "lists" : "masks"}, which has no place for it`,
      );
    }
    if (!isList) return { name, kind: "mask" };
    return { name, kind: "array", size: this.#lists!.size, element: this.#lists!.element };
  }

  #mixed(): DataError {
    const { name } = this;
    const [[sort], [other, { row, value }]] = [...this.#first].filter(([sort]) => sort !== MISSING) as [
      [ValueSort, Place],
      [ValueSort, Place],
    ];
    const text = `Column "${name}" holds ${SORT_NAMES[sort]} and, in row ${row}, ${SORT_NAMES[other]} (${shownValue(value)})`;
    const remedy = `give it values of one sort, or columnTypes: { ${JSON.stringify(name)}: "String" }`;
    return new DataError("VALUE_DOES_NOT_FIT", `${text}; ${remedy}`, { column: name, row });
  }

  #addInteger(value: number | bigint, row: number): void {
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value)) this.#unsafeNumber ??= { row, value };
    } else if (!fitsInt64(value)) {
      throw unsafeInteger(this.name, row, value, "exceeds 64 bits. Set columnTypes to String, or Double, to keep it.");
    } else if (!Number.isSafeInteger(Number(value))) this.#unsafeBigint ??= { row, value };
  }

  #addText(text: string, row: number): void {
    if (text.charCodeAt(text.length - 1) === 0) throw trailingNul(this.name, row);
    if (!text.isWellFormed())
      throw valueDoesNotFit(this.name, row, text, "holds half a surrogate pair, which UTF-8 cannot hold");
    if (text.length * 3 > this.#width) this.#width = Math.max(this.#width, Buffer.byteLength(text));
  }

  #addList(list: ListValue, row: number): void {
    this.#lists ??= new ListProfile(this.name, this.#type === undefined ? undefined : elementKind(this.#type));
    this.#lists.add(list, row);
  }

  #doesNotFit(value: unknown, row: number): DataError {
    const type = this.#type;
    const whose =
      this.#typesOf === "table" ? `the table's ${type} column` : `the ${type} column that columnTypes asks for`;
    return valueDoesNotFit(this.name, row, value, `does not fit ${whose}`);
  }

  #fitsText(value: unknown, sort: ValueSort, row: number): boolean {
    if ((sort & (LIST | MASK | OTHER)) !== 0) return false;
    this.#addText(textOf(value), row);
    return true;
  }

  #isInt64(value: number | bigint, row: number): boolean {
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
      throw unsafeInteger(this.name, row, value, "exceeds 2^53, beyond which numbers are not exact. Give a bigint.");
    }
    this.#addInteger(value, row);
    return true;
  }

  #fitsList(value: unknown, sort: ValueSort, row: number): boolean {
    const list = sort === LIST ? (value as ListValue) : typeof value === "string" ? parseList(value) : undefined;
    if (list === undefined) return false;
    this.#addList(list, row);
    return true;
  }
}
