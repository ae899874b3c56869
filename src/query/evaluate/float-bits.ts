/** Operations on the bits of floating-point numbers. */

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** C's `rint`: the nearest whole number, of two equally near ones the even; the sign of zero is kept. */
export function roundHalfEven(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude < 2 ** 52)) return x;
  const rounded = magnitude + 2 ** 52 - 2 ** 52;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}

/** C's `nextafter`: the float64 next to `x` in the direction of `y`. */
export function nextAfter(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  float[0] = x;
  bits[0] = bits[0]! + (y > x === x > 0 ? 1n : -1n);
  return float[0]!;
}

/** The float32 nearest to the int64 `high * 2^32 + low`, rounded once. */
export function int64ToFloat32(high: number, low: number): number {
  const exact = high >= -(2 ** 21) && high < 2 ** 21;
  if (exact) return Math.fround(high * 2 ** 32 + (low >>> 0));
  const sticky = (low & 0x7ff) === 0 ? 0 : 1;
  const upper = high * 2 ** 21 + (low >>> 11);
  return Math.fround(sticky === 1 && upper % 2 === 0 ? upper + 1 : upper) * 2 ** 11;
}

/** The float16 nearest to `x`, of two equally near ones the even. */
export function roundToFloat16(x: number): number {
  const magnitude = Math.abs(x);
  if (!(magnitude > 0) || magnitude === Number.POSITIVE_INFINITY) return x;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - 10);
  const rounded = roundHalfEven(magnitude / unit) * unit;
  return Math.sign(x) * (rounded > 65504 ? Number.POSITIVE_INFINITY : rounded);
}
