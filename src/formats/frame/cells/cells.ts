/**
 * The cells of a column, or the labels of rows. Numbers are kept in a typed array, and cells of which many are equal
 * as codes in one, which is several times faster to work with than a list of JavaScript values; the list is made when
 * something asks for it. What is in nobody else's hands is shared by
 * frames rather than copied.
 */

import { type CodedCells, codedCells, listOfCodes } from "./coded-cells.js";
import type { FrameCell } from "./frame-cell.js";
import { newCells } from "./new-cells.js";

export class Cells {
  readonly length: number;
  #numbers: Float64Array | undefined;
  /** False where it was tried in vain. */
  #coded: CodedCells | false | undefined;
  #list: FrameCell[] | undefined;
  /** Whether the list is in other hands, which may change it. */
  #isLent = false;
  /** Whether other cells have the same list. */
  #isShared = false;

  private constructor(numbers: Float64Array | undefined, list: FrameCell[] | undefined, coded?: CodedCells) {
    this.#numbers = numbers;
    this.#list = list;
    this.#coded = coded;
    this.length = (numbers ?? coded?.codes ?? list)!.length;
  }

  /** Of numbers, which are not changed any more. */
  static ofNumbers(numbers: Float64Array): Cells {
    return new Cells(numbers, undefined);
  }

  static ofCodes(coded: CodedCells): Cells {
    return new Cells(undefined, undefined, coded);
  }

  /** Of a list that nothing else holds. */
  static of(list: FrameCell[]): Cells {
    return new Cells(undefined, list);
  }

  /** Of a list that something else holds. */
  static lent(list: FrameCell[]): Cells {
    const cells = new Cells(undefined, list);
    cells.#isLent = true;
    return cells;
  }

  /** 0, 1, 2, ... */
  static upTo(count: number): Cells {
    const numbers = new Float64Array(count);
    for (let row = 0; row < count; row++) numbers[row] = row;
    return new Cells(numbers, undefined);
  }

  /** The cells as JavaScript values, to be read only. */
  get list(): readonly FrameCell[] {
    this.#list ??= this.#newList();
    return this.#list;
  }

  /** The cells where all are numbers, to be read only; undefined otherwise. */
  get numbers(): Float64Array | undefined {
    if (this.#numbers !== undefined) return this.#numbers;
    if (this.#list === undefined) return undefined;
    const numbers = allNumbers(this.#list);
    if (!this.#isLent) this.#numbers = numbers;
    return numbers;
  }

  /** The cells as codes where many are equal, to be read only; undefined otherwise. */
  get coded(): CodedCells | undefined {
    if (this.#isLent || this.#numbers !== undefined) return undefined;
    this.#coded ??= codedCells(this.#list!) ?? false;
    return this.#coded || undefined;
  }

  /** Whether they are in a typed array already. */
  get areTyped(): boolean {
    return this.#numbers !== undefined || Boolean(this.#coded);
  }

  /** The list for others, who may change it: these cells are then what it holds. */
  lend(): FrameCell[] {
    if (this.#isLent) return this.#list!;
    if (this.#isShared && this.#list !== undefined) this.#list = this.#list.slice();
    this.#list ??= this.#newList();
    this.#numbers = undefined;
    this.#coded = undefined;
    this.#isLent = true;
    return this.#list;
  }

  /** A list of one's own. */
  toList(): FrameCell[] {
    return this.#list === undefined ? this.#newList() : this.#list.slice();
  }

  /** The same cells for another frame: what becomes of those changes nothing in these. */
  copy(): Cells {
    if (this.#isLent) {
      const numbers = allNumbers(this.#list!);
      return numbers === undefined ? Cells.of(this.#list!.slice()) : Cells.ofNumbers(numbers);
    }
    if (this.#numbers !== undefined) return Cells.ofNumbers(this.#numbers);
    if (this.#coded) return Cells.ofCodes(this.#coded);
    const cells = Cells.of(this.#list!);
    cells.#isShared = true;
    this.#isShared = true;
    return cells;
  }

  #newList(): FrameCell[] {
    return this.#numbers === undefined ? listOfCodes(this.#coded as CodedCells) : listOf(this.#numbers);
  }
}

/** The engine makes a loop quicker than `Array.from`. */
function listOf(numbers: Float64Array): number[] {
  const list = newCells<number>(numbers.length, 0.5);
  for (let row = 0; row < numbers.length; row++) list[row] = numbers[row]!;
  return list;
}

/** The numbers of a list; undefined where there is anything else. */
export function allNumbers(list: readonly unknown[]): Float64Array | undefined {
  if (list.length > 0 && typeof list[0] !== "number") return undefined;
  const numbers = new Float64Array(list.length);
  for (let row = 0; row < list.length; row++) {
    const cell = list[row];
    if (typeof cell !== "number") return undefined;
    numbers[row] = cell;
  }
  return numbers;
}
