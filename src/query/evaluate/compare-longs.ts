/** Comparisons of int64 by their 32-bit words. `flip` is 1 to negate. */
import { HIGH, LOW } from "./long-block.js";

export function equalWordPairs(a: Int32Array, b: Int32Array, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    const equal = a[2 * index] === b[2 * index] && a[2 * index + 1] === b[2 * index + 1];
    out[index] = (equal ? 1 : 0) ^ flip;
  }
}

export function greaterWordPairs(a: Int32Array, b: Int32Array, out: Uint8Array, count: number, flip: number): void {
  for (let index = 0; index < count; index++) {
    const high = a[2 * index + HIGH]!;
    const otherHigh = b[2 * index + HIGH]!;
    const greater = high > otherHigh || (high === otherHigh && a[2 * index + LOW]! >>> 0 > b[2 * index + LOW]! >>> 0);
    out[index] = (greater ? 1 : 0) ^ flip;
  }
}

export function wordsEqualTo(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  const low = Number(BigInt.asIntN(32, limit));
  const high = Number(limit >> 32n);
  for (let index = 0; index < count; index++) {
    out[index] = (a[2 * index + LOW] === low && a[2 * index + HIGH] === high ? 1 : 0) ^ flip;
  }
}

export function wordsGreaterThan(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  const low = Number(BigInt.asUintN(32, limit));
  const high = Number(limit >> 32n);
  for (let index = 0; index < count; index++) {
    const word = a[2 * index + HIGH]!;
    const greater = word > high || (word === high && a[2 * index + LOW]! >>> 0 > low);
    out[index] = (greater ? 1 : 0) ^ flip;
  }
}

export function wordsLessThan(a: Int32Array, limit: bigint, out: Uint8Array, count: number, flip: number): void {
  const low = Number(BigInt.asUintN(32, limit));
  const high = Number(limit >> 32n);
  for (let index = 0; index < count; index++) {
    const word = a[2 * index + HIGH]!;
    const less = word < high || (word === high && a[2 * index + LOW]! >>> 0 < low);
    out[index] = (less ? 1 : 0) ^ flip;
  }
}
