/** Comparisons of two vectors of one kind: eq, ne, gt and ge. */

import { equalWordPairs, greaterWordPairs, wordsEqualTo, wordsGreaterThan, wordsLessThan } from "./compare-longs.js";
import {
  equalPairs,
  equalTo,
  greaterOrEqualPairs,
  greaterOrEqualTo,
  greaterPairs,
  greaterThan,
  lessOrEqualTo,
  lessThan,
} from "./compare-numbers.js";
import { BLOCK_ROWS } from "./long-block.js";
import { MASK_OPERATIONS } from "./masks.js";
import { compareText, equalsLiteral } from "./text.js";
import type { BoolVector, LongVector, NumberVector, TextVector, Vector } from "./vectors.js";

export type Comparison = "eq" | "ne" | "gt" | "ge";

type Compare = (out: Uint8Array, count: number) => void;

export function comparisonVector(operation: Comparison, a: Vector, b: Vector): BoolVector {
  const compare = comparison(operation, a, b);
  return {
    kind: "bool",
    values: new Uint8Array(BLOCK_ROWS),
    load(start, count) {
      a.load(start, count);
      b.load(start, count);
      compare(this.values, count);
    },
  };
}

function comparison(operation: Comparison, a: Vector, b: Vector): Compare {
  switch (a.kind) {
    case "bool":
      return (out, count) => MASK_OPERATIONS[operation]!(a.values, (b as BoolVector).values, out, count);
    case "text":
      return compareTexts(operation, a, b as TextVector);
    case "long":
      return compareLongs(operation, a, b as LongVector);
    default:
      return compareNumbers(operation, a, b as NumberVector);
  }
}

function compareNumbers(operation: Comparison, a: NumberVector, b: NumberVector): Compare {
  const [limit, vector, turned] = a.constant === undefined ? [b.constant, a, false] : [a.constant, b, true];
  if (limit !== undefined) {
    const compare = numberComparison(operation, limit, turned);
    return (out, count) => compare(vector.values, out, count);
  }
  const compare = NUMBER_PAIRS[operation];
  return (out, count) => compare(a.values, b.values, out, count);
}

/** `turned` says that the limit stands on the left. */
function numberComparison(
  operation: Comparison,
  limit: number,
  turned: boolean,
): (values: Float64Array, out: Uint8Array, count: number) => void {
  if (operation === "eq" || operation === "ne") {
    const flip = operation === "ne" ? 1 : 0;
    return (values, out, count) => equalTo(values, limit, out, count, flip);
  }
  const orders = turned ? { gt: lessThan, ge: lessOrEqualTo } : { gt: greaterThan, ge: greaterOrEqualTo };
  const compare = orders[operation];
  return (values, out, count) => compare(values, limit, out, count);
}

function compareLongs(operation: Comparison, a: LongVector, b: LongVector): Compare {
  if (b.constant !== undefined) return compareWithConstant(operation, a, b.constant, false);
  if (a.constant !== undefined) return compareWithConstant(operation, b, a.constant, true);
  const asNumbers = NUMBER_PAIRS[operation];
  return (out, count) => {
    const [x, y] = [a.block, b.block];
    const haveWords = x.hasWords && y.hasWords;
    if (!haveWords && x.toNumbers(count) && y.toNumbers(count)) asNumbers(x.numbers, y.numbers, out, count);
    else compareWords(operation, x.toWords(count), y.toWords(count), out, count);
  };
}

const NUMBER_PAIRS: Record<Comparison, (a: Float64Array, b: Float64Array, out: Uint8Array, count: number) => void> = {
  eq: (a, b, out, count) => equalPairs(a, b, out, count, 0),
  ne: (a, b, out, count) => equalPairs(a, b, out, count, 1),
  gt: greaterPairs,
  ge: greaterOrEqualPairs,
};

function compareWords(operation: Comparison, x: Int32Array, y: Int32Array, out: Uint8Array, count: number): void {
  if (operation === "gt") greaterWordPairs(x, y, out, count, 0);
  else if (operation === "ge") greaterWordPairs(y, x, out, count, 1);
  else equalWordPairs(x, y, out, count, operation === "ne" ? 1 : 0);
}

const SAFE = 2n ** 53n;

/** `turned` says that the constant stands on the left. */
function compareWithConstant(operation: Comparison, { block }: LongVector, limit: bigint, turned: boolean): Compare {
  const words = wordComparison(operation, limit, turned);
  if (limit <= -SAFE || limit >= SAFE) return (out, count) => words(block.toWords(count), out, count);
  const numbers = numberComparison(operation, Number(limit), turned);
  return (out, count) => {
    if (!block.hasWords && block.toNumbers(count)) numbers(block.numbers, out, count);
    else words(block.toWords(count), out, count);
  };
}

function wordComparison(
  operation: Comparison,
  limit: bigint,
  turned: boolean,
): (words: Int32Array, out: Uint8Array, count: number) => void {
  const flip = operation === "ne" || operation === "ge" ? 1 : 0;
  // a >= b is not (a < b), and b >= a is not (a > b).
  const orders = turned !== (operation === "ge") ? wordsLessThan : wordsGreaterThan;
  const compare = operation === "eq" || operation === "ne" ? wordsEqualTo : orders;
  return (words, out, count) => compare(words, limit, out, count, flip);
}

const ORDERS: Record<Comparison, (order: number) => boolean> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};

function compareTexts(operation: Comparison, a: TextVector, b: TextVector): Compare {
  if (operation === "eq" || operation === "ne") {
    const flip = operation === "ne" ? 1 : 0;
    const [column, literal] = a.constant === undefined ? [a, b.constant] : [b, a.constant];
    if (literal && column.constant === undefined) {
      return (out, count) => equalsLiteral(column, literal, out, count, flip);
    }
  }
  return (out, count) => compareText(a, b, out, count, ORDERS[operation]);
}
