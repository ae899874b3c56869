import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longOperation, negateLongs } from "../../../src/query/evaluate/long-arithmetic.js";
import { LongBlock } from "../../../src/query/evaluate/long-block.js";

/** Values of every size, the bounds of the fast forms above all. */
const int64 = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.constantFrom(
    2n ** 31n,
    -(2n ** 31n),
    2n ** 32n,
    2n ** 52n,
    2n ** 53n,
    2n ** 53n - 1n,
    -(2n ** 53n),
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
  fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const rows = fc.array(fc.tuple(int64, int64), { minLength: 1, maxLength: 8 });

function blockOf(values: readonly bigint[]): LongBlock {
  const block = new LongBlock();
  const source = BigInt64Array.from(values);
  block.setColumn(source, new Int32Array(source.buffer));
  return block;
}

function valuesOf(block: LongBlock, count: number): bigint[] {
  block.toWords(count);
  return [...block.values.subarray(0, count)];
}

const floorQuotient = (a: bigint, b: bigint): bigint => {
  if (b === 0n) return 0n;
  return a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
};

const WANTED: Record<string, (a: bigint, b: bigint) => bigint> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  floordiv: floorQuotient,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  lshift: (a, b) => a << (b & 63n),
  rshift: (a, b) => a >> (b & 63n),
};

describe("int64 wraps round, in whatever form it is worked on", () => {
  it.each(Object.keys(WANTED))("%s", (name) => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const out = new LongBlock();
        longOperation(name)(blockOf(pairs.map(([a]) => a)), blockOf(pairs.map(([, b]) => b)), out, pairs.length);
        expect(valuesOf(out, pairs.length)).toEqual(pairs.map(([a, b]) => BigInt.asIntN(64, WANTED[name]!(a, b))));
      }),
      { numRuns: 300, examples: [[[[2n, 2n ** 53n - 1n]]], [[[-2n, -(2n ** 53n) + 1n]]], [[[3n, 3002399751580331n]]]] },
    );
  });

  it("mod has the divisor's sign", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const out = new LongBlock();
        longOperation("mod")(blockOf(pairs.map(([a]) => a)), blockOf(pairs.map(([, b]) => b)), out, pairs.length);
        const wanted = pairs.map(([a, b]) => (b === 0n ? 0n : BigInt.asIntN(64, (a % b) + b) % b));
        expect(valuesOf(out, pairs.length)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("pow that does not fit is the least int64", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(int64, fc.bigInt({ min: -2n, max: 70n })), { minLength: 1, maxLength: 8 }),
        (pairs) => {
          const out = new LongBlock();
          longOperation("pow")(blockOf(pairs.map(([a]) => a)), blockOf(pairs.map(([, b]) => b)), out, pairs.length);
          const wanted = pairs.map(([a, b]) => {
            if (b < 0n) return a === 1n || a === -1n ? a : 0n;
            const power = a ** b;
            return BigInt.asIntN(64, power) === power ? power : -(2n ** 63n);
          });
          expect(valuesOf(out, pairs.length)).toEqual(wanted);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is negated", () => {
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1, maxLength: 8 }), (values) => {
        const out = new LongBlock();
        negateLongs(blockOf(values), out, values.length);
        expect(valuesOf(out, values.length)).toEqual(values.map((value) => BigInt.asIntN(64, -value)));
      }),
    );
  });
});

it("turns words into numbers and back, unless a value is beyond 2^53", () => {
  fc.assert(
    fc.property(fc.array(int64, { minLength: 1, maxLength: 8 }), (values) => {
      const block = blockOf(values);
      const safe = values.every((value) => value < 2n ** 53n && value > -(2n ** 53n));
      expect(block.toNumbers(values.length)).toBe(safe);
      if (!safe) return;
      const numbers = Float64Array.from(block.numbers.subarray(0, values.length));
      const again = new LongBlock();
      again.setNumbers(numbers, block.bound);
      expect([...numbers].map(BigInt)).toEqual(values);
      expect(valuesOf(again, values.length)).toEqual(values);
    }),
  );
});
