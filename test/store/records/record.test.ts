/** How values and heads are encoded in records. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeShort, encodeValue } from "../../../src/store/records/codec.js";
import type { StoredHead } from "../../../src/store/records/heads.js";
import { headRecord, INLINE_BYTES, inlineRecord, readRecord } from "../../../src/store/records/record.js";
import { readValues, UNREAD } from "../../../src/store/records/record-group.js";
import type { Storable } from "../../../src/store/records/storable.js";

function roundTrip(value: Storable): { readonly tag: number; readonly value: unknown } {
  const record = inlineRecord(encodeShort(value, INLINE_BYTES))!;
  const read = readRecord(record, "it");
  return { tag: record[0]!, value: read.kind === "inline" ? read.value : read };
}

describe("a short value", () => {
  it("comes back as it was, from JSON where that keeps it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__":')); // no name that a store keeps
        expect(roundTrip(value as Storable).value).toEqual(value);
      }),
    );
    expect(roundTrip({ n: 1, name: "valüe", list: [1.5, null, true, {}] }).tag).toBe(2);
  });

  const shared = { a: 1 };
  it.each([
    ["undefined", { a: undefined }],
    ["numbers beyond JSON", [Number.NaN, Number.POSITIVE_INFINITY]],
    ["minus zero", { a: [-0] }],
    ["a bigint", [1n]],
    ["a date", { at: new Date(0) }],
    ["a map", new Map([[1, "a"]])],
    ["a set", { set: new Set([1]) }],
    ["a typed array", { data: Float32Array.of(1, 2) }],
    ["bytes", new Uint8Array(3).buffer],
  ] as [string, Storable][])("with %s is not JSON", (_, value) => {
    const { tag, value: read } = roundTrip(value);
    expect([tag, read]).toEqual([0, value]);
  });

  it("keeps what is in it twice one thing", () => {
    const { tag, value } = roundTrip([shared, shared]);
    expect(tag).toBe(0);
    expect((value as unknown[])[0]).toBe((value as unknown[])[1]);
  });

  it("is read in the form in which earlier versions kept it", () => {
    const value = { n: 1, name: "value" };
    expect(readRecord(Uint8Array.from([0, ...encodeValue(value)]), "it")).toEqual({ kind: "inline", value });
  });

  it("has no record where it is too long", () => {
    for (const value of ["ä".repeat(INLINE_BYTES / 2 + 1), new Uint8Array(INLINE_BYTES), Array(10_000).fill("ab")]) {
      expect(inlineRecord(encodeShort(value as Storable, INLINE_BYTES))).toBeUndefined();
    }
  });
});

describe("a head", () => {
  const statistics = { minimum: 0, maximum: 1, mean: 0.5, sigma: 1, square_sum: 2, mean_nonzero: 1, sigma_nonzero: 1 };
  const head: StoredHead = {
    kind: "image",
    pixels: "uint8",
    shape: [2, 3],
    header: { name: "é", apix: 1.25 },
    statistics,
    content: { id: 0, length: 6 },
  };
  const lowest = -(2n ** 63n);

  it.each([
    ["of plain attributes", head],
    ["of none", { ...head, header: {} }],
    ["with a map among them", { ...head, header: { map: new Map([["a", 1]]) } }],
    ["with more than a short value", { ...head, header: { text: "x".repeat(INLINE_BYTES) } }],
    ["of five axes", { ...head, shape: [1, 1, 1, 2, 3] }],
    ["of not a number", { ...head, statistics: { ...statistics, mean: Number.NaN, sigma: Number.POSITIVE_INFINITY } }],
    [
      "of int64 pixels",
      {
        ...head,
        pixels: "int64",
        content: { id: 2 ** 40, length: 48 },
        statistics: { ...statistics, minimum: lowest, maximum: 1n },
      },
    ],
    [
      "of uint64 pixels",
      {
        ...head,
        pixels: "uint64",
        content: { id: 1, length: 48 },
        statistics: { ...statistics, minimum: 0n, maximum: 2n ** 64n - 1n },
      },
    ],
    ["of a table", { kind: "table", rowCount: 1, columnCount: 2, batches: [5, 1], content: { id: 3, length: 6 } }],
    ["of a long value", { kind: "value", content: { id: 3, length: 60_000 } }],
  ] as [string, StoredHead][])("%s comes back as it was", (_, given) => {
    expect(readRecord(headRecord(given), "it")).toEqual(given);
  });

  it.each([encodeValue(head as never), Buffer.from(JSON.stringify(head))])(
    "is read in the forms in which earlier versions kept it",
    (bytes) => {
      const tag = bytes[0] === "{".charCodeAt(0) ? 3 : 1;
      expect(readRecord(Uint8Array.from([tag, ...bytes]), "it")).toEqual(head);
    },
  );

  it.each([0, 1, 2, 3, 4])("that is damaged is refused: tag %i", (tag) => {
    expect(() => readRecord(Uint8Array.from([tag, 0xc1, 0x7b]), "The entry")).toThrow("The entry is damaged");
  });

  it("of an image that was cut is refused, wherever that was", () => {
    const whole = headRecord(head);
    for (let length = 1; length < whole.length; length++) {
      expect(() => readRecord(whole.subarray(0, length), "The entry")).toThrow("The entry is damaged");
    }
  });
});

describe("records read together", () => {
  const inline = (value: Storable) => inlineRecord(encodeShort(value, INLINE_BYTES))!;
  const read = (records: readonly Uint8Array[]) => readValues(records.map((value, key) => ({ key, value })));

  it("give what each gives alone", () => {
    const values = [1, "a", null, { n: [1, 2] }, [], "ä\u{1F52C}"];
    expect(read([])).toEqual([]);
    expect(read(values.map(inline))).toEqual(values);
    expect(read([...values, 5n].map(inline))).toEqual([...values, 5n]);
  });

  it("leave to be read alone what is damaged or has a content", () => {
    const damaged = Uint8Array.from([2, 0x31, 0x2c, 0x32]);
    expect(read([inline(1), damaged, inline(2)])).toEqual([1, UNREAD, 2]);
    expect(read([inline(1), headRecord({ kind: "value", content: { id: 1, length: 2 } })])).toEqual([1, UNREAD]);
  });
});
