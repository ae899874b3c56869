/** How values and heads are encoded in records. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeShort, encodeValue } from "../../../src/store/records/codec.js";
import {
  headRecord,
  INLINE_BYTES,
  inlineRecord,
  readRecord,
  type StoredHead,
} from "../../../src/store/records/record.js";
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
  const head: StoredHead = {
    kind: "image",
    pixels: "uint8",
    shape: [2, 3],
    header: { name: "é", apix: 1.25 },
    statistics: { minimum: 0, maximum: 1, mean: 0.5, sigma: 1, square_sum: 2, mean_nonzero: 1, sigma_nonzero: 1 },
    content: { id: 0, length: 6 },
  };

  it.each([
    ["of plain attributes", head, 3],
    ["with a map among them", { ...head, header: { map: new Map([["a", 1]]) } }, 1],
    ["with more than a short value", { ...head, header: { text: "x".repeat(INLINE_BYTES) } }, 1],
  ] as [string, StoredHead, number][])("%s comes back as it was", (_, given, tag) => {
    const record = headRecord(given);
    expect([record[0], readRecord(record, "it")]).toEqual([tag, given]);
  });

  it.each([0, 1, 2, 3])("that is damaged is refused: tag %i", (tag) => {
    expect(() => readRecord(Uint8Array.from([tag, 0xc1, 0x7b]), "The entry")).toThrow("The entry is damaged");
  });
});
