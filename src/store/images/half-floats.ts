/** Floating-point numbers of 16 bits (IEEE 754), for which JavaScript has no array. */
export function fromHalfFloats(halves: Uint16Array): Float32Array {
  const numbers = new Float32Array(halves.length);
  for (let at = 0; at < numbers.length; at++) numbers[at] = halfFloat(halves[at]!);
  return numbers;
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
