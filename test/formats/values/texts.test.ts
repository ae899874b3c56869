import { expect, test } from "vitest";
import { isoDate, isoTime, isoTimestamp, type TimeUnit } from "../../../src/formats/arrow/iso-time.js";
import { parseList } from "../../../src/formats/values/lists.js";
import { mimetypeOf } from "../../../src/gateway/files/mimetypes.js";

test.each<[bigint, TimeUnit, boolean, string]>([
  [0n, 0, true, "1970-01-01T00:00:00Z"],
  [-1n, 1, false, "1969-12-31T23:59:59.999"],
  [1_700_000_000_123_456n, 2, true, "2023-11-14T22:13:20.123456Z"],
  [-1n, 3, false, "1969-12-31T23:59:59.999999999"],
  [-62_135_596_800n, 0, false, "0001-01-01T00:00:00"],
])("the time %s in unit %s", (value, unit, isUtc, text) => {
  expect(isoTimestamp(value, unit, isUtc)).toBe(text);
});

test("a time beyond JavaScript's dates is an error", () => {
  expect(() => isoTimestamp(2n ** 62n, 0, true)).toThrow(RangeError);
});

test("days and times of day", () => {
  expect(isoDate(86_400_000 * 59)).toBe("1970-03-01");
  expect(isoDate(1)).toBe("1970-01-01T00:00:00.001Z");
  expect([isoTime(86_399n, 0), isoTime(1n, 3)]).toEqual(["23:59:59", "00:00:00.000000001"]);
});

test.each([
  ["[1, 2]", [1, 2]],
  [" [ 1.5 , -2e3 ] ", [1.5, -2000]],
  ["[1. 2.\n 3.]", [1, 2, 3]],
  ["[nan, inf, -Infinity, null, None]", [NaN, Infinity, -Infinity, NaN, NaN]],
  ["[9007199254740993]", [9007199254740993n]],
  ["[]", []],
  ["[1, ]", undefined],
  ["[1, x]", undefined],
  ["1, 2", undefined],
  ["[[1], [2]]", undefined],
  ["[constructor]", undefined],
])("the list %j", (text, list) => {
  expect(parseList(text)).toEqual(list);
});

test.each([
  ["a.csv", "text/csv"],
  ["A.CSV.GZ", "application/x-gzip"],
  ["constructor", "application/octet-stream"],
  ["x.constructor", "application/octet-stream"],
])("the media type of %s", (name, mimetype) => {
  expect(mimetypeOf(name)).toBe(mimetype);
});
