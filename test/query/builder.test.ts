import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, field } from "../../src/columns/batch.js";
import { ArgumentError } from "../../src/errors.js";
import { allOf, anyOf, type ConditionBuilder, column, compileQuery, not } from "../../src/query/index.js";
import { textColumn } from "./text-column.js";

const NAMES = ["mean area", "a`b", "class", "sum", "Größe µm", "x.y", "'q'", "True"];

function rowsOf(condition: ConditionBuilder, batch: ColumnBatch): number[] {
  const mask = compileQuery(condition, batch.fields).evaluate(batch);
  return [...mask.keys()].filter((row) => mask[row] === 1);
}

function numbers(name: string, values: number[]): ColumnBatch {
  return {
    fields: [field(name, "Double")],
    columns: [{ kind: "double", values: Float64Array.from(values) }],
    rowCount: values.length,
    rowNumbers: { start: 0, step: 1 },
  };
}

function texts(name: string, values: string[]): ColumnBatch {
  return {
    fields: [field(name, "String", 64)],
    columns: [textColumn(values)],
    rowCount: values.length,
    rowNumbers: { start: 0, step: 1 },
  };
}

describe("writes", () => {
  const a = column("a");
  it.each<[ConditionBuilder, string]>([
    [a.eq(1), "(`a` == 1)"],
    [a.ne("x"), "(`a` != 'x')"],
    [a.gt(-1.5), "(`a` > (-1.5))"],
    [a.ge(2n ** 60n), "(`a` >= 1152921504606846976)"],
    [a.lt(1e21), "(`a` < 1e+21)"],
    [a.le(2 ** 60), "(`a` <= 1152921504606847000.0)"],
    [a.eq(-0), "(`a` == (-0.0))"],
    [a.lt(Number.NEGATIVE_INFINITY), "(`a` < (-1e999))"],
    [a.eq(true), "(`a` == True)"],
    [a.gt(column("b c")), "(`a` > `b c`)"],
    [a.between(1, 2), "((`a` >= 1) & (`a` <= 2))"],
    [a.in([1, 2, 1]), "((`a` == 1) | (`a` == 2))"],
    [a.in([]), "((`a` == `a`) & False)"],
    [a.contains("é"), "contains(`a`, b'\\xc3\\xa9')"],
    [a.isNaN(), "isnan(`a`)"],
    [a.plus(1).minus(column("b")).times(2).dividedBy(3).modulo(4).gt(0), "((((((`a` + 1) - `b`) * 2) / 3) % 4) > 0)"],
    [not(a.gt(1).or(a.lt(0))), "~((`a` > 1) | (`a` < 0))"],
    [anyOf(a.gt(1)), "(`a` > 1)"],
    [allOf(a.gt(1), a.lt(5), a.ne(3)), "((`a` > 1) & (`a` < 5) & (`a` != 3))"],
  ])("%s", (condition, text) => {
    expect(condition.query).toBe(text);
    expect(String(condition)).toBe(text);
  });
});

it("refuses what cannot be written", () => {
  expect(() => column("a").eq(Number.NaN)).toThrow(ArgumentError);
  expect(() => allOf()).toThrow(ArgumentError);
  expect(() => anyOf()).toThrow(ArgumentError);
});

it("finds what JavaScript finds among numbers, whatever the column is called", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES),
      fc.array(fc.double(), { minLength: 1, maxLength: 20 }),
      fc.double({ noNaN: true }),
      (name, values, limit) => {
        const batch = numbers(name, [...values, limit]);
        const rows = (test: (value: number) => boolean) =>
          [...values, limit].flatMap((value, row) => (test(value) ? [row] : []));
        const c = column(name);
        expect(rowsOf(c.gt(limit), batch)).toEqual(rows((value) => value > limit));
        expect(rowsOf(c.eq(limit), batch)).toEqual(rows((value) => value === limit));
        expect(rowsOf(not(c.le(limit)), batch)).toEqual(rows((value) => !(value <= limit)));
        expect(rowsOf(c.isNaN(), batch)).toEqual(rows(Number.isNaN));
        expect(rowsOf(c.in([]), batch)).toEqual([]);
      },
    ),
  );
});

it("finds what JavaScript finds among texts, whatever they hold", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 6 }).filter((value) => !value.includes("\0"));
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), fc.array(text, { maxLength: 20 }), text, (name, values, wanted) => {
      const batch = texts(name, [...values, wanted]);
      const rows = (test: (value: string) => boolean) =>
        [...values, wanted].flatMap((value, row) => (test(value) ? [row] : []));
      expect(rowsOf(column(name).eq(wanted), batch)).toEqual(rows((value) => value === wanted));
      expect(rowsOf(column(name).in([wanted, "é", "b"]), batch)).toEqual(
        rows((value) => [wanted, "é", "b"].includes(value)),
      );
      expect(rowsOf(column(name).contains(wanted), batch)).toEqual(rows((value) => value.includes(wanted)));
    }),
  );
});
