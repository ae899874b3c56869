/** Operations other than comparisons and casts, as vectors. */

import { roundHalfEven } from "./float-bits.js";
import { invertLongs, longOperation, negateLongs, signsOfLongs } from "./long-arithmetic.js";
import { BLOCK_ROWS, LongBlock } from "./long-block.js";
import { chooseMask, chooseNumbers, chooseWords, invertMask, isUniform, MASK_OPERATIONS } from "./masks.js";
import { numberOperation } from "./number-arithmetic.js";
import { TESTS, UNARY_FUNCTIONS } from "./real-functions.js";
import { containsText } from "./text.js";
import type { BoolVector, LongVector, NumberVector, TextVector, Vector } from "./vectors.js";

type NumberKind = NumberVector["kind"];

/** @param operands of the kinds the operation's signature takes */
export function operationVector(operation: string, kind: Vector["kind"], operands: readonly Vector[]): Vector {
  if (operation === "where") return whereVector(kind, operands as [BoolVector, Vector, Vector]);
  if (operation === "contains") return containsVector(operands as [TextVector, TextVector]);
  const [a, b] = operands as [Vector, Vector | undefined];
  switch (kind) {
    case "bool":
      return b ? logicalVector(operation, a as BoolVector, b as BoolVector) : testVector(operation, a);
    case "long":
      return longVector(operation, a as LongVector, b as LongVector | undefined);
    default:
      return b
        ? numberPairs(operation, kind as NumberKind, a as NumberVector, b as NumberVector)
        : eachNumber(operation, kind as NumberKind, a as NumberVector);
  }
}

/** For & and | the right side is looked at only if the left has not decided every row. */
function logicalVector(operation: string, a: BoolVector, b: BoolVector): BoolVector {
  const combine = MASK_OPERATIONS[operation]!;
  const decisive = operation === "and" ? 0 : operation === "or" ? 1 : undefined;
  return {
    kind: "bool",
    values: new Uint8Array(BLOCK_ROWS),
    load(start, count) {
      a.load(start, count);
      if (decisive !== undefined && isUniform(a.values, decisive, count)) {
        this.values.fill(decisive, 0, count);
        return;
      }
      b.load(start, count);
      combine(a.values, b.values, this.values, count);
    },
  };
}

function testVector(operation: string, a: Vector): BoolVector {
  const values = new Uint8Array(BLOCK_ROWS);
  if (a.kind === "bool") {
    const load = (start: number, count: number): void => {
      a.load(start, count);
      if (operation === "invert") invertMask(a.values, values, count);
      else values.set(a.values.subarray(0, count));
    };
    return { kind: "bool", values, load };
  }
  const test = TESTS[operation]!;
  const numbers = a as NumberVector;
  const load = (start: number, count: number): void => {
    numbers.load(start, count);
    for (let index = 0; index < count; index++) values[index] = test(numbers.values[index]!) ? 1 : 0;
  };
  return { kind: "bool", values, load };
}

function containsVector([a, b]: [TextVector, TextVector]): BoolVector {
  return {
    kind: "bool",
    values: new Uint8Array(BLOCK_ROWS),
    load(start, count) {
      a.load(start, count);
      b.load(start, count);
      containsText(a, b, this.values, count);
    },
  };
}

function numberPairs(operation: string, kind: NumberKind, a: NumberVector, b: NumberVector): NumberVector {
  const combine = numberOperation(kind, operation);
  return {
    kind,
    values: new Float64Array(BLOCK_ROWS),
    load(start, count) {
      a.load(start, count);
      b.load(start, count);
      combine(a.values, b.values, this.values, count);
    },
  };
}

function eachNumber(operation: string, kind: NumberKind, a: NumberVector): NumberVector {
  const loop = kind === "double" ? NUMBER_LOOPS[operation] : undefined;
  const apply = loop ?? eachOf(numberFunction(operation, kind));
  return {
    kind,
    values: new Float64Array(BLOCK_ROWS),
    load(start, count) {
      a.load(start, count);
      apply(a.values, this.values, count);
    },
  };
}

type NumberLoop = (values: Float64Array, out: Float64Array, count: number) => void;

function eachOf(apply: (x: number) => number): NumberLoop {
  return (values, out, count) => {
    for (let index = 0; index < count; index++) out[index] = apply(values[index]!);
  };
}

/** Operations so cheap that calling them would cost more. */
const NUMBER_LOOPS: Readonly<Record<string, NumberLoop>> = {
  neg: (values, out, count) => {
    for (let index = 0; index < count; index++) out[index] = -values[index]!;
  },
  absolute: (values, out, count) => {
    for (let index = 0; index < count; index++) out[index] = Math.abs(values[index]!);
  },
  sqrt: (values, out, count) => {
    for (let index = 0; index < count; index++) out[index] = Math.sqrt(values[index]!);
  },
};

function numberFunction(operation: string, kind: NumberKind): (x: number) => number {
  if (kind === "int") {
    if (operation === "neg") return (x) => -x | 0;
    if (operation === "invert") return (x) => ~x;
  }
  if (operation === "neg") return (x) => -x;
  const apply = UNARY_FUNCTIONS[operation] ?? roundHalfEven;
  return kind === "float" ? (x) => Math.fround(apply(x)) : apply;
}

function longVector(operation: string, a: LongVector, b: LongVector | undefined): LongVector {
  const block = new LongBlock();
  const combine = b ? longOperation(operation) : eachLong(operation);
  return {
    kind: "long",
    block,
    load(start, count) {
      a.load(start, count);
      b?.load(start, count);
      combine(a.block, b?.block ?? a.block, block, count);
    },
  };
}

type LongFunction = (a: LongBlock, _: LongBlock, out: LongBlock, count: number) => void;

function eachLong(operation: string): LongFunction {
  switch (operation) {
    case "neg":
      return (a, _, out, count) => negateLongs(a, out, count);
    case "invert":
      return (a, _, out, count) => invertLongs(a, out, count);
    case "sign":
      return (a, _, out, count) => signsOfLongs(a, out, count);
    case "ones_like":
      return (_a, _, out, count) => out.writeNumbers(1).fill(1, 0, count);
    default:
      return (a, _, out, count) => {
        a.toWords(count);
        out.setColumn(a.values, a.words);
      };
  }
}

function whereVector(kind: Vector["kind"], [mask, a, b]: [BoolVector, Vector, Vector]): Vector {
  const loadAll = (start: number, count: number): void => {
    mask.load(start, count);
    a.load(start, count);
    b.load(start, count);
  };
  if (kind === "long") {
    const [x, y] = [(a as LongVector).block, (b as LongVector).block];
    const block = new LongBlock();
    const load = (start: number, count: number): void => {
      loadAll(start, count);
      const [xWords, yWords] = [x.toWords(count), y.toWords(count)];
      block.writeWords();
      chooseWords(mask.values, xWords, yWords, block.words, count);
    };
    return { kind, block, load };
  }
  if (kind === "bool") {
    const values = new Uint8Array(BLOCK_ROWS);
    const load = (start: number, count: number): void => {
      loadAll(start, count);
      chooseMask(mask.values, (a as BoolVector).values, (b as BoolVector).values, values, count);
    };
    return { kind, values, load };
  }
  const values = new Float64Array(BLOCK_ROWS);
  const load = (start: number, count: number): void => {
    loadAll(start, count);
    chooseNumbers(mask.values, (a as NumberVector).values, (b as NumberVector).values, values, count);
  };
  return { kind: kind as NumberKind, values, load };
}
