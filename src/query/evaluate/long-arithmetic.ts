/**
 * Arithmetic on int64, which wraps round. While operands and results are sure to lie within ±2^53 it is done on
 * float64, otherwise on BigInts. Bits are worked on in words.
 */
import { fitsInt64, HIGH_HALF, INT64_MIN, LOW_HALF } from "../../columns/int64.js";
import type { LongBlock } from "./long-block.js";
import { addNumbers, multiplyNumbers, subtractNumbers } from "./number-arithmetic.js";

export type LongOperation = (a: LongBlock, b: LongBlock, out: LongBlock, count: number) => void;

const SAFE = 2 ** 53;

interface Arithmetic {
  /** Bound of the results, given those of the operands; from 2^53 on BigInts are used. */
  readonly bound: (a: number, b: number) => number;
  readonly numbers: (a: Float64Array, b: Float64Array, out: Float64Array, count: number) => void;
  readonly whole: (a: bigint, b: bigint) => bigint;
}

const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  add: { bound: (a, b) => a + b, numbers: addNumbers, whole: (a, b) => a + b },
  sub: { bound: (a, b) => a + b, numbers: subtractNumbers, whole: (a, b) => a - b },
  mul: { bound: (a, b) => a * b, numbers: multiplyWhole, whole: (a, b) => a * b },
  mod: {
    bound: (a, b) => (exactQuotient(a) ? 2 * b : Number.POSITIVE_INFINITY),
    numbers: remainders,
    whole: wholeRemainder,
  },
  floordiv: {
    bound: (a) => (exactQuotient(a) ? a + 1 : Number.POSITIVE_INFINITY),
    numbers: quotients,
    whole: wholeQuotient,
  },
  pow: { bound: powerBound, numbers: powers, whole: wholePower },
};

function arithmetic({ bound, numbers, whole }: Arithmetic): LongOperation {
  return (a, b, out, count) => {
    if (a.toNumbers(count) && b.toNumbers(count)) {
      const limit = bound(a.bound, b.bound);
      if (limit < SAFE) return numbers(a.numbers, b.numbers, out.writeNumbers(limit), count);
    }
    a.toWords(count);
    b.toWords(count);
    out.writeWords();
    for (let index = 0; index < count; index++) out.values[index] = whole(a.values[index]!, b.values[index]!);
  };
}

function multiplyWhole(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  multiplyNumbers(a, b, out, count);
  for (let index = 0; index < count; index++) out[index] = out[index]! + 0;
}

/**
 * Within ±2^52 the rounded quotient lies on the same side of every whole number as the exact one, so its floor is exact.
 */
function exactQuotient(bound: number): boolean {
  return bound < 2 ** 52;
}

function remainders(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) {
    const x = a[index]!;
    const y = b[index]!;
    const remainder = x - Math.floor(x / y) * y;
    out[index] = y === 0 ? 0 : remainder;
  }
}

function quotients(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) {
    const y = b[index]!;
    out[index] = y === 0 ? 0 : Math.floor(a[index]! / y) + 0;
  }
}

function wholeRemainder(a: bigint, b: bigint): bigint {
  return b === 0n ? 0n : BigInt.asIntN(64, (a % b) + b) % b;
}

function wholeQuotient(a: bigint, b: bigint): bigint {
  if (b === 0n) return 0n;
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** A little above the greatest power, which is itself rounded. */
function powerBound(a: number, b: number): number {
  return Math.max(1, a) ** b * (1 + 2 ** -48);
}

/** Powers whose bound is at most 2^53. A negative power is the quotient 1 / base, of base 0 it is 0. */
function powers(a: Float64Array, b: Float64Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) {
    const base = a[index]!;
    const exponent = b[index]!;
    if (exponent < 0 || Math.abs(base) <= 1) {
      out[index] = Number(wholePower(BigInt(base), BigInt(exponent)));
      continue;
    }
    let power = 1;
    for (let times = 0; times < exponent; times++) power *= base;
    out[index] = power;
  }
}

/** What does not fit becomes -2^63, which is what the processor makes of it. */
function wholePower(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) return base === 1n || base === -1n ? base : 0n;
  if (base === 0n || base === 1n) return exponent === 0n ? 1n : base;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (exponent > 63n) return INT64_MIN;
  const power = base ** exponent;
  return fitsInt64(power) ? power : INT64_MIN;
}

function eachWord(operation: (x: number, y: number) => number): LongOperation {
  return (a, b, out, count) => {
    const x = a.toWords(count);
    const y = b.toWords(count);
    out.writeWords();
    for (let index = 0; index < 2 * count; index++) out.words[index] = operation(x[index]!, y[index]!);
  };
}

/** Shifts by the lowest six bits of the second operand, as the processor does. */
function eachShift(
  shift: (out: Int32Array, index: number, low: number, high: number, bits: number) => void,
): LongOperation {
  return (a, b, out, count) => {
    const x = a.toWords(count);
    const y = b.toWords(count);
    out.writeWords();
    for (let index = 0; index < count; index++) {
      shift(out.words, 2 * index, x[2 * index + LOW_HALF]!, x[2 * index + HIGH_HALF]!, y[2 * index + LOW_HALF]! & 63);
    }
  };
}

function shiftLeft(out: Int32Array, index: number, low: number, high: number, bits: number): void {
  const upper = (high << bits) | (bits === 0 ? 0 : low >>> (32 - bits));
  out[index + LOW_HALF] = bits < 32 ? low << bits : 0;
  out[index + HIGH_HALF] = bits < 32 ? upper : low << (bits - 32);
}

function shiftRight(out: Int32Array, index: number, low: number, high: number, bits: number): void {
  const lower = (low >>> bits) | (bits === 0 ? 0 : high << (32 - bits));
  out[index + LOW_HALF] = bits < 32 ? lower : high >> (bits - 32);
  out[index + HIGH_HALF] = bits < 32 ? high >> bits : high >> 31;
}

const OPERATIONS: Readonly<Record<string, LongOperation>> = {
  ...Object.fromEntries(Object.entries(ARITHMETIC).map(([name, operation]) => [name, arithmetic(operation)])),
  and: eachWord((x, y) => x & y),
  or: eachWord((x, y) => x | y),
  xor: eachWord((x, y) => x ^ y),
  lshift: eachShift(shiftLeft),
  rshift: eachShift(shiftRight),
};

export function longOperation(name: string): LongOperation {
  return OPERATIONS[name]!;
}

export function negateLongs(a: LongBlock, out: LongBlock, count: number): void {
  if (a.toNumbers(count)) {
    const numbers = out.writeNumbers(a.bound);
    for (let index = 0; index < count; index++) numbers[index] = 0 - a.numbers[index]!;
    return;
  }
  a.toWords(count);
  out.writeWords();
  for (let index = 0; index < count; index++) out.values[index] = -a.values[index]!;
}

export function invertLongs(a: LongBlock, out: LongBlock, count: number): void {
  const words = a.toWords(count);
  out.writeWords();
  for (let index = 0; index < 2 * count; index++) out.words[index] = ~words[index]!;
}

export function signsOfLongs(a: LongBlock, out: LongBlock, count: number): void {
  const words = a.toWords(count);
  const numbers = out.writeNumbers(1);
  for (let index = 0; index < count; index++) {
    const high = words[2 * index + HIGH_HALF]!;
    numbers[index] = high < 0 ? -1 : high === 0 && words[2 * index + LOW_HALF] === 0 ? 0 : 1;
  }
}
