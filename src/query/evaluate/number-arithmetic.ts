/**
 * Arithmetic on float64, and on int32 and float32 held as float64: each result is brought back into its kind, int32 by
 * wrapping round, float32 by rounding. Division and remainder are numexpr's (`numexpr/interp_body.cpp`): towards minus
 * infinity, and 0 for whole numbers divided by 0.
 */
import { BINARY_FUNCTIONS } from "./real-functions.js";

export type NumberOperation = (a: Float64Array, b: Float64Array, out: Float64Array, count: number) => void;

export function addNumbers(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = a[index]! + b[index]!;
}

export function subtractNumbers(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = a[index]! - b[index]!;
}

export function multiplyNumbers(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = a[index]! * b[index]!;
}

function divideNumbers(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = a[index]! / b[index]!;
}

/** A loop over pairs; for operations that cost more than calling them. */
function eachPair(operation: (x: number, y: number) => number): NumberOperation {
  return (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = operation(a[index]!, b[index]!);
  };
}

const DOUBLE_OPERATIONS: Readonly<Record<string, NumberOperation>> = {
  add: addNumbers,
  sub: subtractNumbers,
  mul: multiplyNumbers,
  div: divideNumbers,
  mod: eachPair((x, y) => x - Math.floor(x / y) * y),
  floordiv: eachPair((x, y) => Math.floor(x / y)),
  ...Object.fromEntries(Object.entries(BINARY_FUNCTIONS).map(([name, operation]) => [name, eachPair(operation)])),
};

/** float32: the result of one float64 operation on float32 operands, rounded, is that of the float32 operation. */
const FLOAT_OPERATIONS: Readonly<Record<string, NumberOperation>> = {
  ...Object.fromEntries(Object.entries(DOUBLE_OPERATIONS).map(([name, operation]) => [name, rounded(operation)])),
  mod: eachPair((x, y) => {
    const quotient = Math.floor(Math.fround(x / y));
    return Math.fround(x - Math.fround(quotient * y));
  }),
  floordiv: eachPair((x, y) => Math.floor(Math.fround(x / y))),
  nextafter: eachPair(nextAfterFloat),
};

function rounded(operation: NumberOperation): NumberOperation {
  return (a, b, out, count) => {
    operation(a, b, out, count);
    for (let index = 0; index < count; index++) out[index] = Math.fround(out[index]!);
  };
}

function nextAfterFloat(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === y) return y;
  const smallest = 2 ** -149;
  if (x === 0) return y > 0 ? smallest : -smallest;
  const bits = new Int32Array(Float32Array.of(x).buffer);
  bits[0] = bits[0]! + (y > x === x > 0 ? 1 : -1);
  return new Float32Array(bits.buffer)[0]!;
}

const INT_OPERATIONS: Readonly<Record<string, NumberOperation>> = {
  add: eachPair((x, y) => (x + y) | 0),
  sub: eachPair((x, y) => (x - y) | 0),
  mul: eachPair(Math.imul),
  mod: eachPair((x, y) => (y === 0 ? 0 : ((((x % y) + y) | 0) % y) + 0)),
  floordiv: eachPair((x, y) => (y === 0 ? 0 : Math.floor(x / y) | 0)),
  pow: eachPair(intPower),
  and: eachPair((x, y) => x & y),
  or: eachPair((x, y) => x | y),
  xor: eachPair((x, y) => x ^ y),
  lshift: eachPair((x, y) => x << y),
  rshift: eachPair((x, y) => x >> y),
};

function intPower(x: number, y: number): number {
  if (y < 0) return x === 0 ? 0 : Math.trunc(1 / x) + 0;
  const power = Math.trunc(x ** y);
  return Math.abs(power) < 2 ** 31 ? power : -(2 ** 31);
}

/** The operation of two operands of one kind that gives that kind. */
export function numberOperation(kind: "int" | "float" | "double", name: string): NumberOperation {
  const operations = { int: INT_OPERATIONS, float: FLOAT_OPERATIONS, double: DOUBLE_OPERATIONS }[kind];
  return operations[name]!;
}
