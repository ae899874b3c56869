/**
 * Comparisons of int64 by their 32-bit words. `flip` is 1 to negate. With a limit within ±2^53 an int64 is compared as
 * float64: one of greater magnitude may be rounded, but not across the limit.
 */
import { HIGH_HALF, LOW_HALF } from "../../columns/int64.js";

const SAFE = 2n ** 53n;
const WORD = 2 ** 32;

export function equalWordPairs(a: Int32Array, b: Int32Array, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    const differing = (a[2 * index]! ^ b[2 * index]!) | (a[2 * index + 1]! ^ b[2 * index + 1]!);
    out[index] = Number(differing === 0) ^ flip;
  }
}

export function greaterWordPairs(a: Int32Array, b: Int32Array, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    const high = a[2 * index + HIGH_HALF]!;
    const otherHigh = b[2 * index + HIGH_HALF]!;
    const lowGreater = Number(a[2 * index + LOW_HALF]! >>> 0 > b[2 * index + LOW_HALF]! >>> 0);
    out[index] = (Number(high > otherHigh) | (Number(high === otherHigh) & lowGreater)) ^ flip;
  }
}

export function wordsEqualTo(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  const low = Number(BigInt.asIntN(32, limit));
  const high = Number(limit >> 32n);
  for (let index = 0; index < count; index++) {
    out[index] = Number(((a[2 * index + LOW_HALF]! ^ low) | (a[2 * index + HIGH_HALF]! ^ high)) === 0) ^ flip;
  }
}

export function wordsGreaterThan(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  if (-SAFE < limit && limit < SAFE) safeGreaterThan(a, Number(limit), out, count, flip);
  else greaterWordPairs(a, wordsOf(limit, count), out, count, flip);
}

export function wordsLessThan(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  if (-SAFE < limit && limit < SAFE) safeLessThan(a, Number(limit), out, count, flip);
  else greaterWordPairs(wordsOf(limit, count), a, out, count, flip);
}

function safeGreaterThan(a: Int32Array, limit: number, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    out[index] = Number(a[2 * index + HIGH_HALF]! * WORD + (a[2 * index + LOW_HALF]! >>> 0) > limit) ^ flip;
  }
}

function safeLessThan(a: Int32Array, limit: number, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    out[index] = Number(a[2 * index + HIGH_HALF]! * WORD + (a[2 * index + LOW_HALF]! >>> 0) < limit) ^ flip;
  }
}

function wordsOf(value: bigint, count: number): Int32Array {
  return new Int32Array(new BigInt64Array(count).fill(value).buffer);
}
