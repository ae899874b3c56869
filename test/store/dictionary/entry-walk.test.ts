/** Walks of a dictionary beside a sorted Map. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KeyRange, StoreKey } from "../../../src/store/dictionary/keys.js";
import type { NewValue } from "../../../src/store/dictionary/prepare.js";
import { collect, openedStore } from "../support.js";

const keys = fc.oneof(
  fc.nat({ max: 30 }),
  fc.string({ unit: fc.constantFrom("a", "b", "ä", "\u{1F52C}"), maxLength: 3 }),
);
const values: fc.Arbitrary<NewValue> = fc.oneof(
  { weight: 5, arbitrary: fc.oneof(fc.integer(), fc.string(), fc.record({ n: fc.integer() })) },
  fc.bigInt(),
  fc.constant("x".repeat(20_000)),
  fc.constant({ data: Uint8Array.of(1, 2), shape: [2], header: { a: 1 } }),
);
const ranges: fc.Arbitrary<KeyRange> = fc.record(
  {
    from: fc.option(keys, { nil: undefined }),
    to: fc.option(keys, { nil: undefined }),
    prefix: fc.option(fc.constantFrom("", "a", "ab", "\u{1F52C}"), { nil: undefined }),
    reverse: fc.boolean(),
    limit: fc.option(fc.nat({ max: 40 }), { nil: undefined }),
  },
  { requiredKeys: [] },
);

function compareKeys(one: StoreKey, other: StoreKey): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

function within(key: StoreKey, { from, to, prefix }: KeyRange): boolean {
  if (prefix !== undefined) return typeof key === "string" && key.startsWith(prefix);
  return (from === undefined || compareKeys(key, from) >= 0) && (to === undefined || compareKeys(key, to) < 0);
}

function walked(model: ReadonlyMap<StoreKey, unknown>, range: KeyRange): [StoreKey, unknown][] {
  const all = [...model].sort(([one], [other]) => compareKeys(one, other)).filter(([key]) => within(key, range));
  if (range.reverse) all.reverse();
  return all.slice(0, range.limit);
}

/** What a range means: a prefix is given alone. */
const meant = ({ from, to, prefix, ...rest }: KeyRange): KeyRange =>
  prefix === undefined ? { from, to, ...rest } : { prefix, ...rest };

describe("a walk", () => {
  it("gives what a sorted Map has in the range, both ways, whatever the values", async () => {
    const dictionary = (await openedStore(undefined, { sync: "batched" })).open("d");
    const entries = fc.array(fc.tuple(keys, values), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(entries, fc.array(ranges, { minLength: 1, maxLength: 8 }), async (all, asked) => {
        await dictionary.clear();
        await dictionary.setMany(all);
        const model = new Map<StoreKey, unknown>();
        for (const [key] of all) model.set(key, await dictionary.get(key));
        for (const range of asked.map(meant)) {
          const expected = walked(model, range);
          expect(await collect(dictionary.entries(range))).toEqual(expected);
          expect(await collect(dictionary.values(range))).toEqual(expected.map(([, value]) => value));
          expect(await collect(dictionary.keys(range))).toEqual(expected.map(([key]) => key));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("sees what this process writes meanwhile, as a Map does", async () => {
    const dictionary = (await openedStore(undefined, { sync: "batched" })).open("d");
    await dictionary.setMany(Array.from({ length: 300 }, (_, n) => [n, { n }]));
    const seen: unknown[] = [];
    for await (const [key, value] of dictionary.entries<{ n: number }>()) {
      seen.push([key, value.n]);
      if (key === 5)
        await dictionary.setMany([
          [6, { n: -6 }],
          [299, { n: -299 }],
          [300, { n: 300 }],
        ]);
      if (key === 100) await dictionary.delete(101);
      if (key === 200) await dictionary.clear();
    }
    const expected = Array.from({ length: 201 }, (_, n) => [n, n === 6 ? -6 : n]).filter(([n]) => n !== 101);
    expect(seen).toEqual(expected);
  });

  it("may be left, and taken step by step or all at once", async () => {
    const dictionary = (await openedStore(undefined, { sync: "batched" })).open("d");
    await dictionary.setMany(Array.from({ length: 50 }, (_, n) => [n, n % 10 === 0 ? "x".repeat(20_000) : n]));
    const walk = dictionary.entries();
    const steps = await Promise.all(Array.from({ length: 52 }, () => walk.next()));
    expect(steps.map(({ value }) => value?.[0])).toEqual([...Array(50).keys(), undefined, undefined]);
    const left = dictionary.entries();
    for await (const [key] of left) if (key === 3) break;
    expect(await left.next()).toEqual({ done: true, value: undefined });
    await expect(dictionary.entries({ limit: -1 }).next()).rejects.toThrow("limit");
    await expect(dictionary.entries().throw(new Error("enough"))).rejects.toThrow("enough");
  });
});
