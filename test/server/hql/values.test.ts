import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rdouble, rlong, rstring } from "../../../src/rtypes.js";
import { calculate, compare, order, plain, type Value } from "../../../src/server/hql/values.js";

const like = (text: string, pattern: string) => compare("like", rstring(text), rstring(pattern));

describe("compare", () => {
  it("matches patterns as regular expressions do", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "🧬") });
    const signs = fc.string({ unit: fc.constantFrom("a", "b", "%", "_", "🧬") });
    fc.assert(
      fc.property(letters, signs, (text, pattern) => {
        const expression = new RegExp(`^${pattern.replaceAll("%", ".*").replaceAll("_", ".")}$`, "su");
        expect(like(text, pattern)).toBe(expression.test(text));
      }),
    );
  });

  it("is not held up by patterns with many wildcards", () => {
    const start = Date.now();
    expect(like("a".repeat(20_000), `${"%a".repeat(100)}%b`)).toBe(false);
    expect(Date.now() - start).toBeLessThan(2000);
  });

  it("compares whole and real numbers by value, and nothing with null", () => {
    expect(compare("=", rlong(2n ** 53n + 1n), rdouble(2 ** 53))).toBe(false);
    expect(compare("<=", rlong(1), rdouble(1))).toBe(true);
    expect(compare("=", rlong(1), rstring("1"))).toBe(false);
    expect(compare("!=", null, rlong(1))).toBeNull();
  });

  it("orders with nulls last", () => {
    const values: Value[] = [null, rlong(2), rdouble(1.5), null, rlong(-1)];
    expect(values.sort(order).map(plain)).toEqual([-1n, 1.5, 2n, null, null]);
  });

  it("calculates within 64 bits", () => {
    expect(calculate("+", rlong(2n ** 63n - 1n), rlong(1))).toEqual(rlong(-(2n ** 63n)));
    expect(() => calculate("/", rlong(1), rlong(0))).toThrow(/could not execute/);
    expect(calculate("*", rlong(3), rdouble(0.5))).toEqual(rdouble(1.5));
    expect(calculate("-", null, rlong(1))).toBeNull();
    expect(() => calculate("-", rstring("a"), rlong(1))).toThrow(/could not execute/);
  });
});
