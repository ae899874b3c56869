/** The kinds with one number a row: long, double and bool. */
import type { BoolColumn, DoubleColumn, LongColumn } from "../batch.js";
import type { KindOperations } from "./operations.js";
import { joinValues, takeValues, takeWords } from "./values.js";

export const long: KindOperations<LongColumn> = {
  parts: { values: BigInt64Array },
  empty: () => ({ kind: "long", values: new BigInt64Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "long", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "long", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "long",
    values: takeWords(values, new BigInt64Array(positions.length), positions),
  }),
};

export const double: KindOperations<DoubleColumn> = {
  parts: { values: Float64Array },
  empty: () => ({ kind: "double", values: new Float64Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "double", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "double", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "double",
    values: takeWords(values, new Float64Array(positions.length), positions),
  }),
};

export const bool: KindOperations<BoolColumn> = {
  parts: { values: Uint8Array },
  empty: () => ({ kind: "bool", values: new Uint8Array(0) }),
  length: ({ values }) => values.length,
  bytes: ({ values }) => values.byteLength,
  slice: ({ values }, start, stop) => ({ kind: "bool", values: values.subarray(start, stop) }),
  join: (parts) => ({ kind: "bool", values: joinValues(parts.map(({ values }) => values)) }),
  take: ({ values }, positions) => ({
    kind: "bool",
    values: takeValues(values, new Uint8Array(positions.length), positions),
  }),
};
