/** Lists as cells of array columns. */

import type { ArrayColumn } from "../../columns/batch.js";
import { fitsInt64 } from "../../columns/int64.js";
import type { ElementKind } from "../../columns/kinds/array.js";
import { unsafeInteger, unsupportedValue, valueDoesNotFit } from "./value-errors.js";

/** A list of numbers or bigints, or a typed array. */
export type ListValue = ArrayLike<unknown>;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;
const NAMED: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  null: Number.NaN,
  none: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** What the lists of a column have in common. */
export class ListProfile {
  /** Elements in each row; undefined before the first. */
  size: number | undefined;
  readonly #column: string;
  readonly #forced: ElementKind | undefined;
  #sawFloat = false;
  #sawDouble = false;
  #sawInteger = false;
  #firstRow = 0;

  constructor(column: string, forced: ElementKind | undefined) {
    this.#column = column;
    this.#forced = forced;
  }

  /** @throws DataError for a list of another length, an empty one, or one with elements that are no numbers. */
  add(list: ListValue, row: number): void {
    if (list.length === 0) throw valueDoesNotFit(this.#column, row, list, "is an empty list; OMERO.tables keeps none");
    if (this.size === undefined) {
      this.size = list.length;
      this.#firstRow = row;
    } else if (this.size !== list.length) {
      const why = `has another length than the ${this.size} of row ${this.#firstRow}; all lists of a column must be equally long`;
      throw valueDoesNotFit(this.#column, row, list, why);
    }
    if (this.#forced === undefined) this.#see(list, row);
    else checkElements(list, this.#forced, this.#column, row);
  }

  get element(): ElementKind {
    if (this.#forced !== undefined) return this.#forced;
    if (this.#sawDouble || (this.#sawFloat && this.#sawInteger)) return "double";
    return this.#sawFloat ? "float" : "long";
  }

  #see(list: ListValue, row: number): void {
    if (list instanceof Float32Array) this.#sawFloat = true;
    else if (list instanceof Float64Array) this.#sawDouble = true;
    else if (isIntegerArray(list)) {
      this.#sawInteger = true;
      if (list instanceof BigUint64Array) checkElements(list, "long", this.#column, row);
    } else if (isIntegers(list)) {
      this.#sawInteger = true;
      checkElements(list, "long", this.#column, row);
    } else {
      this.#sawDouble = true;
      checkElements(list, "double", this.#column, row);
    }
  }
}

function isIntegerArray(list: ListValue): boolean {
  return ArrayBuffer.isView(list) && !(list instanceof Float32Array || list instanceof Float64Array);
}

function isIntegers(list: ListValue): boolean {
  for (let index = 0; index < list.length; index++) {
    const element = list[index];
    if (typeof element !== "bigint" && !(Number.isInteger(element) && !Object.is(element, -0))) return false;
  }
  return true;
}

function checkElements(list: ListValue, kind: ElementKind, column: string, row: number): void {
  for (let index = 0; index < list.length; index++) {
    const element = list[index];
    if (typeof element === "bigint") checkBigint(element, kind, column, row);
    else if (typeof element !== "number") {
      if (element === null || element === undefined)
        throw valueDoesNotFit(column, row, element, "stands in a list; use NaN");
      throw unsupportedValue(column, row, element, "stands in a list; array columns hold numbers only");
    } else if (kind === "long" && !Number.isSafeInteger(element)) {
      if (!Number.isInteger(element)) throw valueDoesNotFit(column, row, element, "stands in a list of integers");
      throw unsafeInteger(column, row, element, "exceeds 2^53, beyond which numbers are not exact; use bigints");
    }
  }
}

function checkBigint(element: bigint, kind: ElementKind, column: string, row: number): void {
  if (kind === "long") {
    if (fitsInt64(element)) return;
    throw unsafeInteger(column, row, element, "exceeds 64 bits");
  }
  if (!Number.isSafeInteger(Number(element))) {
    throw unsafeInteger(column, row, element, "stands in a list with fractions and would be rounded");
  }
}

/** Array columns' data of `rowCount` lists, which a profile has checked. */
export function listColumn(
  listAt: (row: number) => ListValue,
  rowCount: number,
  size: number,
  element: ElementKind,
): ArrayColumn {
  if (element === "long") {
    const values = new BigInt64Array(rowCount * size);
    for (let row = 0; row < rowCount; row++) {
      const list = listAt(row);
      if (list instanceof BigInt64Array) values.set(list, row * size);
      else for (let index = 0; index < size; index++) values[row * size + index] = BigInt(list[index] as number);
    }
    return { kind: "array", size, values };
  }
  const values = element === "float" ? new Float32Array(rowCount * size) : new Float64Array(rowCount * size);
  for (let row = 0; row < rowCount; row++) {
    const list = listAt(row);
    for (let index = 0; index < size; index++) values[row * size + index] = Number(list[index]);
  }
  return { kind: "array", size, values };
}

/**
 * A list from its text, as Python and JSON write it: numbers between brackets, with commas or spaces between them; `nan`,
 * `null`, `inf` in any case. Undefined for other text.
 */
export function parseList(text: string): (number | bigint)[] | undefined {
  const inner = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const parts = inner.includes(",") ? inner.split(",") : inner.split(/\s+/).filter((part) => part !== "");
  const list: (number | bigint)[] = [];
  for (const part of parts) {
    const element = parseElement(part.trim());
    if (element === undefined) return undefined;
    list.push(element);
  }
  return list;
}

function parseElement(text: string): number | bigint | undefined {
  if (INTEGER.test(text)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text.replace("+", ""));
  }
  if (NUMBER.test(text)) return Number(text);
  return Object.hasOwn(NAMED, text.toLowerCase()) ? NAMED[text.toLowerCase()] : undefined;
}
