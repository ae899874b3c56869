import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, type ColumnData, type ColumnType, field } from "../../../src/columns/batch.js";
import { compileCondition } from "../../../src/query/compile.js";
import { textColumn } from "../text-column.js";

const OPERATORS = ["<", "<=", "==", "!=", ">=", ">"] as const;
type Operator = (typeof OPERATORS)[number];

function holds(operator: Operator, order: number): boolean {
  return { "<": order < 0, "<=": order <= 0, "==": order === 0, "!=": order !== 0, ">=": order >= 0, ">": order > 0 }[
    operator
  ];
}

function batchOf(type: ColumnType, a: ColumnData, b: ColumnData, rowCount: number): ColumnBatch {
  return {
    fields: [field("a", type, 99), field("b", type, 99)],
    columns: [a, b],
    rowCount,
    rowNumbers: { start: 0, step: 1 },
  };
}

function maskOf(condition: string, batch: ColumnBatch): boolean[] {
  return Array.from(compileCondition(condition, batch.fields).evaluate(batch), (hit) => hit === 1);
}

describe("int64", () => {
  const int64 = fc.oneof(
    fc.bigInt({ min: -3n, max: 3n }),
    fc.constantFrom(
      2n ** 31n,
      2n ** 32n,
      2n ** 32n - 1n,
      -(2n ** 32n),
      2n ** 53n,
      2n ** 53n + 1n,
      -(2n ** 53n) - 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  it.each(OPERATORS)("%s", (operator) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(int64, int64), { minLength: 1, maxLength: 10 }), (pairs) => {
        const [a, b] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
        const column = (values: bigint[]): ColumnData => ({ kind: "long", values: BigInt64Array.from(values) });
        const batch = batchOf("Long", column(a), column(b), pairs.length);
        const order = (x: bigint, y: bigint) => (x < y ? -1 : x > y ? 1 : 0);
        expect(maskOf(`a ${operator} b`, batch)).toEqual(pairs.map(([x, y]) => holds(operator, order(x, y))));
        expect(maskOf(`a ${operator} ${b[0]}`, batch)).toEqual(a.map((x) => holds(operator, order(x, b[0]!))));
        expect(maskOf(`${b[0]} ${operator} a`, batch)).toEqual(a.map((x) => holds(operator, order(b[0]!, x))));
        expect(maskOf(`a + 0 ${operator} b`, batch)).toEqual(pairs.map(([x, y]) => holds(operator, order(x, y))));
        expect(maskOf(`b + 0 ${operator} ${a[0]}`, batch)).toEqual(b.map((x) => holds(operator, order(x, a[0]!))));
      }),
    );
  });
});

describe("float64", () => {
  it.each(OPERATORS)("%s", (operator) => {
    const double = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN));
    const compare = (x: number, y: number) => holds(operator, x < y ? -1 : x > y ? 1 : x === y ? 0 : Number.NaN);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(double, double), { minLength: 1, maxLength: 10 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (pairs, limit) => {
          const column = (values: number[]): ColumnData => ({ kind: "double", values: Float64Array.from(values) });
          const batch = batchOf("Double", column(pairs.map(([x]) => x)), column(pairs.map(([, y]) => y)), pairs.length);
          const written = Object.is(limit, -0)
            ? "-0.0"
            : Number.isInteger(limit)
              ? `${BigInt(limit)}.0`
              : String(limit);
          expect(maskOf(`a ${operator} b`, batch)).toEqual(pairs.map(([x, y]) => compare(x, y)));
          expect(maskOf(`a ${operator} ${written}`, batch)).toEqual(pairs.map(([x]) => compare(x, limit)));
          expect(maskOf(`${written} ${operator} a`, batch)).toEqual(pairs.map(([x]) => compare(limit, x)));
        },
      ),
    );
  });
});

describe("text", () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "Z", "é", "日"), maxLength: 12 }),
    fc.constantFrom("", "Nucleus", "Nucleolus", "Nucleus ", "nucleus"),
  );
  /** Bytes as signed, the shorter text continued by NULs. */
  function order(x: string, y: string): number {
    const [a, b] = [x, y].map((value) => new Int8Array(new TextEncoder().encode(value))) as [Int8Array, Int8Array];
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const difference = (a[index] ?? 0) - (b[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
  const literal = (value: string) =>
    `b'${Array.from(new TextEncoder().encode(value), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}'`;

  it.each(OPERATORS)("%s", (operator) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 10 }),
        text.filter((value) => value !== ""),
        (pairs, limit) => {
          const batch = batchOf(
            "String",
            textColumn(pairs.map(([x]) => x)),
            textColumn(pairs.map(([, y]) => y)),
            pairs.length,
          );
          expect(maskOf(`a ${operator} b`, batch)).toEqual(pairs.map(([x, y]) => holds(operator, order(x, y))));
          expect(maskOf(`a ${operator} ${literal(limit)}`, batch)).toEqual(
            pairs.map(([x]) => holds(operator, order(x, limit))),
          );
          expect(maskOf(`${literal(limit)} ${operator} a`, batch)).toEqual(
            pairs.map(([x]) => holds(operator, order(limit, x))),
          );
        },
      ),
    );
  });

  it("finds text in text", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 3 });
    const whole = fc.string({ unit: fc.constantFrom("a", "b", "é"), maxLength: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(whole, part), { minLength: 1, maxLength: 10 }), part, (pairs, wanted) => {
        const batch = batchOf(
          "String",
          textColumn(pairs.map(([x]) => x)),
          textColumn(pairs.map(([, y]) => y)),
          pairs.length,
        );
        expect(maskOf("contains(a, b)", batch)).toEqual(pairs.map(([x, y]) => x.includes(y)));
        expect(maskOf(`contains(a, ${literal(wanted)})`, batch)).toEqual(pairs.map(([x]) => x.includes(wanted)));
        expect(maskOf(`contains(${literal(wanted)}, a)`, batch)).toEqual(pairs.map(([x]) => wanted.includes(x)));
      }),
    );
  });

  it("ends at a NUL as far as contains() goes, and is followed by NULs as far as comparisons go", () => {
    const batch = batchOf(
      "String",
      textColumn(["ab\0", "ab", "ab\0c", "", "\0a"]),
      textColumn(["", "", "", "", ""]),
      5,
    );
    expect(maskOf("a == 'ab'", batch)).toEqual([true, true, false, false, false]);
    expect(maskOf("a == 'ab\\0'", batch)).toEqual([true, true, false, false, false]);
    expect(maskOf("a == 'ab\\0c'", batch)).toEqual([false, false, true, false, false]);
    expect(maskOf("a == ''", batch)).toEqual([false, false, false, true, true]);
    expect(maskOf("a == '\\0'", batch)).toEqual([false, false, false, true, false]);
    expect(maskOf("contains(a, 'c')", batch)).toEqual([false, false, false, false, false]);
    expect(maskOf("contains(a, 'b\\0c')", batch)).toEqual([true, true, true, false, false]);
  });
});
