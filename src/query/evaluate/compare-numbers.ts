/**
 * Comparisons of float64. `flip` is 1 to negate: numexpr knows eq, ne, gt and ge, and "less" as "greater" turned round;
 * for NaN "not equal" is the negation of "equal", but "less" is not the negation of "greater or equal". `Number` of a
 * comparison is free of branches, of which random data would have every other one mispredicted.
 */

export function equalPairs(a: Float64Array, b: Float64Array, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index] === b[index]) ^ flip;
}

export function greaterPairs(a: Float64Array, b: Float64Array, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! > b[index]!);
}

export function greaterOrEqualPairs(a: Float64Array, b: Float64Array, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! >= b[index]!);
}

export function equalTo(a: Float64Array, limit: number, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index] === limit) ^ flip;
}

export function greaterThan(a: Float64Array, limit: number, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! > limit);
}

export function greaterOrEqualTo(a: Float64Array, limit: number, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! >= limit);
}

export function lessThan(a: Float64Array, limit: number, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! < limit);
}

export function lessOrEqualTo(a: Float64Array, limit: number, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = Number(a[index]! <= limit);
}
