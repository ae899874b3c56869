/** Operations on truth values, one byte each, 0 or 1. */

export type MaskOperation = (a: Uint8Array, b: Uint8Array, out: Uint8Array, count: number) => void;

export const MASK_OPERATIONS: Readonly<Record<string, MaskOperation>> = {
  and: (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = a[index]! & b[index]!;
  },
  or: (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = a[index]! | b[index]!;
  },
  xor: (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = a[index]! ^ b[index]!;
  },
  ne: (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = a[index]! ^ b[index]!;
  },
  eq: (a, b, out, count) => {
    for (let index = 0; index < count; index++) out[index] = a[index]! ^ b[index]! ^ 1;
  },
};

export function invertMask(a: Uint8Array, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = a[index]! ^ 1;
}

/** Whether all of a mask has the same `value`. */
export function isUniform(mask: Uint8Array, value: 0 | 1, count: number): boolean {
  for (let index = 0; index < count; index++) if (mask[index] !== value) return false;
  return true;
}

export function maskToNumbers(mask: Uint8Array, out: Float64Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = mask[index]!;
}

/** Row by row the element of `a` where the mask is set, of `b` elsewhere. */
export function chooseNumbers(
  mask: Uint8Array,
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  count: number,
): void {
  for (let index = 0; index < count; index++) out[index] = mask[index] === 1 ? a[index]! : b[index]!;
}

export function chooseMask(mask: Uint8Array, a: Uint8Array, b: Uint8Array, out: Uint8Array, count: number): void {
  for (let index = 0; index < count; index++) out[index] = mask[index] === 1 ? a[index]! : b[index]!;
}

export function chooseWords(mask: Uint8Array, a: Int32Array, b: Int32Array, out: Int32Array, count: number): void {
  for (let index = 0; index < count; index++) {
    const from = mask[index] === 1 ? a : b;
    out[2 * index] = from[2 * index]!;
    out[2 * index + 1] = from[2 * index + 1]!;
  }
}
