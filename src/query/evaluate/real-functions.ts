/**
 * The functions of one and two float64, as C's mathematics library defines them. Where JavaScript's own differ in
 * special cases they are put right; sines, powers, logarithms and the like may differ from C's in the last place.
 */
import { nextAfter, roundHalfEven } from "./float-bits.js";

export const UNARY_FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  copy: (x) => x,
  ones_like: () => 1,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  log: Math.log,
  log1p: Math.log1p,
  log10: Math.log10,
  log2: Math.log2,
  exp: Math.exp,
  expm1: Math.expm1,
  absolute: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  round: roundHalfEven,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : Number.isNaN(x) ? x : 0),
};

export const BINARY_FUNCTIONS: Readonly<Record<string, (x: number, y: number) => number>> = {
  fmod: (x, y) => x % y,
  arctan2: Math.atan2,
  hypot: Math.hypot,
  nextafter: nextAfter,
  copysign: (x, y) => (isNegative(x) === isNegative(y) ? x : -x),
  maximum: (x, y) => (x > y || Number.isNaN(x) ? x : y),
  minimum: (x, y) => (x < y || Number.isNaN(x) ? x : y),
  pow: power,
};

export const TESTS: Readonly<Record<string, (x: number) => boolean>> = {
  isnan: Number.isNaN,
  isfinite: Number.isFinite,
  isinf: (x) => x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY,
  signbit: isNegative,
};

function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/** C's `pow`: 1 to any power is 1, even to NaN, and so is -1 to an infinite power. */
function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}
