/** Values that hyparquet decodes as those a source gives: times as ISO 8601 text, nothing where there is none. */
import type { DecodedArray, ParquetParsers, SchemaElement, SchemaTree } from "hyparquet";
import type { ArrowColumn } from "../arrow/arrow-columns.js";
import { isoDate, isoTime, isoTimestamp, type TimeUnit } from "../arrow/iso-time.js";
import { annotations } from "./column-types.js";

const DAY = 86_400_000;
const UNITS: Readonly<Record<string, TimeUnit>> = { MILLIS: 1, MICROS: 2, NANOS: 3 };
const MILLISECONDS: TimeUnit = 1;
const MICROSECONDS: TimeUnit = 2;
const NANOSECONDS: TimeUnit = 3;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Times as the numbers they are, as their units tell; text that is not UTF-8 is an error. */
export const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => value,
  timestampFromMicroseconds: (value) => value,
  timestampFromNanoseconds: (value) => value,
  dateFromDays: (value) => value,
  stringFromBytes: (bytes) => bytes && decoder.decode(bytes),
  jsonFromBytes: (bytes) => bytes && decoder.decode(bytes),
};

export function arrowColumnOf({ element, children }: SchemaTree, decoded: DecodedArray): ArrowColumn {
  const toList = LISTS[children[0]?.children[0]?.element.type ?? ""];
  if (toList !== undefined && annotations(element).includes("LIST")) {
    return {
      kind: "values",
      values: Array.from(decoded as ArrayLike<unknown[] | null>, (list) => typed(list, toList)),
    };
  }
  const toText = timeText(element);
  if (toText === undefined && ArrayBuffer.isView(decoded)) return { kind: "values", values: decoded };
  const values = Array.from(decoded as ArrayLike<unknown>, (value) => value ?? undefined);
  if (toText === undefined) return { kind: "values", values };
  return { kind: "values", values: values.map((value) => (value === undefined ? value : toText(value as number))) };
}

/** Lists of one type, which tell it even where all numbers are whole. */
const LISTS: Readonly<Record<string, (list: unknown[]) => unknown>> = {
  FLOAT: (list) => Float32Array.from(list as number[]),
  DOUBLE: (list) => Float64Array.from(list as number[]),
  INT32: (list) => BigInt64Array.from(list as number[], BigInt),
  INT64: (list) => BigInt64Array.from(list as bigint[], BigInt),
};

/** Lists that lack an element stay as they are, to be refused. */
function typed(list: unknown[] | null, toList: (list: unknown[]) => unknown): unknown {
  if (list === null || list === undefined) return undefined;
  return list.some((element) => element === null || element === undefined) ? list : toList(list);
}

function timeText(element: SchemaElement): ((value: number | bigint) => string) | undefined {
  const types = annotations(element);
  const logical = element.logical_type;
  if (types.includes("DATE")) return (value) => isoDate(Number(value) * DAY);
  if (logical?.type === "TIMESTAMP") {
    const unit = UNITS[logical.unit]!;
    return (value) => isoTimestamp(BigInt(value), unit, logical.isAdjustedToUTC);
  }
  if (logical?.type === "TIME") return (value) => isoTime(BigInt(value), UNITS[logical.unit]!);
  if (types.includes("TIMESTAMP_MILLIS")) return (value) => isoTimestamp(BigInt(value), MILLISECONDS, true);
  if (types.includes("TIMESTAMP_MICROS")) return (value) => isoTimestamp(BigInt(value), MICROSECONDS, true);
  if (types.includes("TIME_MILLIS")) return (value) => isoTime(BigInt(value), MILLISECONDS);
  if (types.includes("TIME_MICROS")) return (value) => isoTime(BigInt(value), MICROSECONDS);
  if (element.type === "INT96") return (value) => isoTimestamp(BigInt(value), NANOSECONDS, false);
  return undefined;
}
