import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoreKey } from "../../../src/store/dictionary/keys.js";
import type { NewValue } from "../../../src/store/dictionary/prepare.js";
import { collect, openedStore } from "../support.js";

const VALUES: [string, NewValue][] = [
  ["null", null],
  ["a negative zero", -0],
  ["a negative zero within", { x: [-0, 0], y: new Map([[1, -0]]) }],
  ["a negative zero within what is a key", new Map([[{ a: { b: -0 } }, new Uint8Array(0)]])],
  ["a bigint", 2n ** 53n + 1n],
  ["a bigint over 64 bits", -(2n ** 70n)],
  ["not a number", [Number.NaN, Number.POSITIVE_INFINITY]],
  ["text", "Zellkern ä \u{1F52C}"],
  ["empty text", ""],
  ["a date", new Date(Date.UTC(2026, 10, 28))],
  ["a list", [1, "b", null, undefined]],
  ["a map with numbers as keys", new Map<number, string>([[1, "a"]])],
  ["a set", new Set(["a", "b"])],
  ["an object", { "name with spaces": { "a/b": [1] } }],
  ["bytes", new Uint8Array([1, 2, 3])],
  ["a Buffer", Buffer.from("abc")],
  ["a long Buffer", { data: Buffer.alloc(100_000, 7) }],
  ["a part of memory", new Uint16Array(Uint16Array.of(1, 2, 3, 4).buffer, 2, 2)],
  ["a view", new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
  ["clamped bytes", Uint8ClampedArray.of(1, 255)],
  ["no bytes", [new Uint8Array(0), new ArrayBuffer(0), new BigUint64Array(0)]],
  ["int64 values", new BigInt64Array([-1n, 2n ** 62n])],
  ["float64 values", new Float64Array([0.1, Number.NaN, -0])],
  ["a long text", "ä".repeat(200_000)],
  ["many values", Array.from({ length: 20_000 }, (_, index) => `item ${index}`)],
];

describe("a dictionary", () => {
  it.each(VALUES)("gives back %s as it was", async (_, value) => {
    const dictionary = (await openedStore()).open("values");
    await dictionary.set("it", value);
    expect(await dictionary.get("it")).toStrictEqual(value);
    expect(await dictionary.has("it")).toBe(true);
  });

  it("gives back any value as it was", async () => {
    const dictionary = (await openedStore(undefined, { sync: "batched" })).open("values");
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    await fc.assert(
      fc.asyncProperty(value.filter(isKept), async (kept) => {
        await dictionary.set("it", kept as NewValue);
        expect(await dictionary.get("it")).toStrictEqual(kept);
      }),
      { numRuns: 150 },
    );
  });

  it("does what a Map does, in the order of its keys", async () => {
    const dictionary = (await openedStore(undefined, { sync: "batched" })).open("values");
    const key = fc.oneof(
      fc.nat({ max: 20 }),
      fc.string({ unit: "grapheme", maxLength: 3 }).filter((text) => !text.includes("\0")),
    );
    const step = fc.tuple(fc.constantFrom("set", "set", "delete", "get"), key, fc.integer());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await dictionary.clear();
        const model = new Map<StoreKey, number>();
        for (const [what, name, value] of steps) {
          if (what === "set") {
            await dictionary.set(name, value);
            model.set(name, value);
          } else if (what === "delete") expect(await dictionary.delete(name)).toBe(model.delete(name));
          else expect(await dictionary.get(name)).toBe(model.get(name));
        }
        expect(dictionary.size).toBe(model.size);
        expect(await collect(dictionary.entries())).toEqual(
          [...model].sort(([one], [other]) => compareKeys(one, other)),
        );
      }),
      { numRuns: 25 },
    );
  });

  it("keeps a copy, which later changes do not reach", async () => {
    const dictionary = (await openedStore()).open("values");
    const list = ["a", "b", "c"];
    const pixels = new Float32Array([1, 2]);
    const writing = [dictionary.set(1, list), dictionary.set(2, { data: pixels, shape: [2] })];
    list[1] = "changed";
    pixels[0] = 5;
    await Promise.all(writing);
    const read = (await dictionary.get<string[]>(1))!;
    expect(read).toEqual(["a", "b", "c"]);
    (read as string[])[1] = "c";
    expect(await dictionary.get(1)).toEqual(["a", "b", "c"]);
    expect((await dictionary.getImage(2))!.data[0]).toBe(1);
  });

  it("keeps what was read as it is, whatever is read or written next", async () => {
    const dictionary = (await openedStore()).open("values");
    const itemOf = (n: number) => ({
      bytes: Buffer.alloc(300, n),
      more: [new Uint8Array(300).fill(n), "x".repeat(n)],
    });
    for (let n = 0; n < 9; n++) {
      await dictionary.set(n, itemOf(n));
      await dictionary.setImage(`image ${n}`, { data: Uint8Array.of(n), shape: [1], header: itemOf(n) });
    }
    const numbers = Array.from({ length: 9 }, (_, n) => n);
    const values = await Promise.all(numbers.map((n) => dictionary.get(n)));
    const attributes = await Promise.all(numbers.map((n) => dictionary.getAttribute(`image ${n}`, "bytes")));
    const walked = await collect(dictionary.values({ to: "" }));
    await dictionary.set(0, Buffer.alloc(1000, 77));
    expect(values).toEqual(numbers.map(itemOf));
    expect(walked).toEqual(values);
    expect(attributes).toEqual(numbers.map((n) => Buffer.alloc(300, n)));
  });

  it("refuses what it cannot keep, naming where it is", async () => {
    const dictionary = (await openedStore()).open("values");
    const bad = (value: unknown) => dictionary.set("it", value as NewValue);
    await expect(bad({ a: [1, () => 1] })).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
      message: "the value.a[1] is a function, which a store cannot keep",
    });
    await expect(bad(/x/)).rejects.toThrow("an instance of RegExp");
    await expect(bad("\ud800")).rejects.toThrow("half a surrogate pair");
    await expect(bad(JSON.parse('{"__proto__": 1}'))).rejects.toThrow("__proto__");
    for (const Derived of [Array, Map, Set, Date, Uint8Array, Float64Array, ArrayBuffer]) {
      class Own extends (Derived as new () => object) {}
      await expect(bad([new Own()])).rejects.toThrow("the value[0] is an instance of Own");
    }
    await expect(bad(undefined)).rejects.toThrow("use delete");
    await expect(bad({ data: new Uint8Array(3), shape: [2, 2] })).rejects.toThrow("2 x 2 has 4 pixels, its data has 3");
    expect(dictionary.size).toBe(0);
  });

  it.each([-2, 1.5, Number.NaN, "a\0b", "\u0004", "\ud800", "x".repeat(1901), [1], null])(
    "refuses the key %s",
    async (key) => {
      const dictionary = (await openedStore()).open("values");
      await expect(dictionary.set(key as never, 1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      await expect(dictionary.get(key as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    },
  );

  it("tells 1 from the text 1, and takes the longest key", async () => {
    const dictionary = (await openedStore()).open("values");
    const longest = "\u{10FFFF}".repeat(475);
    await dictionary.setMany([
      [1, "number"],
      ["1", "text"],
      [longest, "long"],
      [Number.MAX_SAFE_INTEGER, "last"],
    ]);
    expect(await dictionary.get(1)).toBe("number");
    expect(await dictionary.get("1")).toBe("text");
    expect(await collect(dictionary.keys({ prefix: longest }))).toEqual([longest]);
    expect(await collect(dictionary.keys())).toEqual([1, Number.MAX_SAFE_INTEGER, "1", longest]);
  });

  it("walks ranges both ways", async () => {
    const dictionary = (await openedStore()).open("values");
    const keys: StoreKey[] = [0, 1, 2, 3, "a", "ab", "abc", "b"];
    await dictionary.setMany(keys.map((key) => [key, `value ${key}`]));
    const walk = (range: object) => collect(dictionary.keys(range));
    expect(await walk({ from: 1, to: 3 })).toEqual([1, 2]);
    expect(await walk({ from: 1, to: 3, reverse: true })).toEqual([2, 1]);
    expect(await walk({ prefix: "ab" })).toEqual(["ab", "abc"]);
    expect(await walk({ prefix: "ab", reverse: true })).toEqual(["abc", "ab"]);
    expect(await walk({ prefix: "" })).toEqual(["a", "ab", "abc", "b"]);
    expect(await walk({ reverse: true, limit: 2 })).toEqual(["b", "abc"]);
    expect(await walk({ limit: 0 })).toEqual([]);
    expect(await collect(dictionary.values({ from: "b" }))).toEqual(["value b"]);
    await expect(walk({ prefix: "a", from: 1 })).rejects.toThrow("either prefix");
    await expect(walk({ limit: -1 })).rejects.toThrow("limit");
    await expect(walk({ form: 1 })).rejects.toThrow('no option "form"; did you mean "from"?');
    for (const none of [null, "a", 5]) {
      await expect(walk(none as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
      await expect(collect(dictionary.entries(none as never))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
  });

  it("walks more keys than it looks up at once, some of them removed meanwhile", async () => {
    const dictionary = (await openedStore()).open("values");
    await dictionary.setMany(Array.from({ length: 1_000 }, (_, index) => [index, index]));
    const seen: StoreKey[] = [];
    for await (const [key] of dictionary) {
      seen.push(key);
      if (key === 10) for (let gone = 400; gone < 500; gone++) await dictionary.delete(gone);
    }
    expect(seen.length).toBe(900);
    expect(await collect(dictionary.keys({ limit: 300, reverse: true }))).toEqual(
      Array.from({ length: 300 }, (_, index) => 999 - index),
    );
  });

  it("changes a value by what it was, or not at all", async () => {
    const dictionary = (await openedStore()).open("values");
    const add = () => dictionary.update<number>("count", (count = 0) => count + 1);
    await Promise.all(Array.from({ length: 50 }, add));
    expect(await dictionary.get("count")).toBe(50);
    const failure = new Error("on purpose");
    await expect(
      dictionary.update("count", () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    await expect(dictionary.update("count", () => (() => 1) as never)).rejects.toMatchObject({
      code: "UNSUPPORTED_TYPE",
    });
    expect(await dictionary.get("count")).toBe(50);
  });

  it("writes many at once or none", async () => {
    const dictionary = (await openedStore()).open("values");
    await expect(
      dictionary.setMany([
        ["a", 1],
        ["b", (() => 1) as never],
      ]),
    ).rejects.toMatchObject({ code: "UNSUPPORTED_TYPE" });
    expect(dictionary.size).toBe(0);
  });

  it("writes many from a list or a Map, and refuses what has no entries", async () => {
    const dictionary = (await openedStore()).open("values");
    await dictionary.setMany(new Map([["a", 1]]));
    for (const none of [5, null, "ab", { a: 1 }, ["ab"], [1], [["a"]], [["a", 1, 2]]]) {
      await expect(dictionary.setMany(none as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    expect(await collect(dictionary.entries())).toEqual([["a", 1]]);
  });

  it("keeps as a value what is an image but for something beside it", async () => {
    const dictionary = (await openedStore()).open("values");
    const value = { data: Float32Array.of(1, 2), shape: [2], dtype: "<f4" };
    await dictionary.set("it", value);
    expect(await dictionary.get("it")).toEqual(value);
  });

  it("stops when it is told to", async () => {
    const dictionary = (await openedStore()).open("values");
    const big = { data: new Uint8Array(40 * 2 ** 20), shape: [40, 2 ** 20] };
    await dictionary.set("big", big);
    const signal = AbortSignal.abort();
    await expect(dictionary.set("big", big, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await dictionary.set("short", 1);
    for (const key of ["big", "short"]) {
      await expect(dictionary.get(key, { signal })).rejects.toMatchObject({ code: "ABORTED" });
      await expect(dictionary.getImage(key, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    }
  });
});

function compareKeys(one: StoreKey, other: StoreKey): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

/** Whether a generated value is one that a store keeps, and Vitest can compare: sparse lists, null prototypes are not. */
function isKept(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (ArrayBuffer.isView(value)) return true;
  if (value instanceof Map) return [...value].flat().every((item) => item === undefined || isKept(item));
  if (value instanceof Set) return [...value].every((item) => item === undefined || isKept(item));
  if (Array.isArray(value))
    return Object.keys(value).length === value.length && value.every((item) => item === undefined || isKept(item));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(
    ([name, item]) => name !== "__proto__" && name.isWellFormed() && (item === undefined || isKept(item)),
  );
}
