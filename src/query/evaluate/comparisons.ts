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
import { MASK_OPERATIONS } from "./masks.js";
import { compareText, equalsLiteral } from "./text.js";
import {
  BLOCK_ROWS,
  type BoolVector,
  type LongVector,
  type NumberVector,
  type TextVector,
  type Vector,
} from "./vectors.js";

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
  if (operation === "eq" || operation === "ne") {
    const flip = operation === "ne" ? 1 : 0;
    const [values, limit] = a.constant === undefined ? [a, b.constant] : [b, a.constant];
    if (limit !== undefined) return (out, count) => equalTo(values.values, limit, out, count, flip);
    return (out, count) => equalPairs(a.values, b.values, out, count, flip);
  }
  const strict = operation === "gt";
  if (b.constant !== undefined) {
    const compare = strict ? greaterThan : greaterOrEqualTo;
    const limit = b.constant;
    return (out, count) => compare(a.values, limit, out, count);
  }
  if (a.constant !== undefined) {
    const compare = strict ? lessThan : lessOrEqualTo;
    const limit = a.constant;
    return (out, count) => compare(b.values, limit, out, count);
  }
  const compare = strict ? greaterPairs : greaterOrEqualPairs;
  return (out, count) => compare(a.values, b.values, out, count);
}

function compareLongs(operation: Comparison, a: LongVector, b: LongVector): Compare {
  const flip = operation === "ne" || operation === "ge" ? 1 : 0;
  const equality = operation === "eq" || operation === "ne";
  if (b.constant !== undefined) return compareWithConstant(operation, a, b.constant, false);
  if (a.constant !== undefined) return compareWithConstant(operation, b, a.constant, true);
  return (out, count) => {
    const x = a.block.toWords(count);
    const y = b.block.toWords(count);
    if (equality) equalWordPairs(x, y, out, count, flip);
    else if (operation === "gt") greaterWordPairs(x, y, out, count, 0);
    else greaterWordPairs(y, x, out, count, 1);
  };
}

/** `turned` says that the constant stands on the left. */
function compareWithConstant(operation: Comparison, { block }: LongVector, limit: bigint, turned: boolean): Compare {
  const flip = operation === "ne" || operation === "ge" ? 1 : 0;
  if (operation === "eq" || operation === "ne") {
    return (out, count) => wordsEqualTo(block.toWords(count), limit, out, count, flip);
  }
  // a >= b is not (a < b), and b >= a is not (a > b).
  const compare = turned !== (operation === "ge") ? wordsLessThan : wordsGreaterThan;
  return (out, count) => compare(block.toWords(count), limit, out, count, flip);
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
