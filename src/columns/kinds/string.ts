/** Text: UTF-8 of any length a row. */
import type { StringColumn } from "../batch.js";
import type { KindOperations } from "./operations.js";
import { emptySequences, joinSequences, sequenceBytes, sliceSequences, takeSequences } from "./sequences.js";

export const string: KindOperations<StringColumn> = {
  parts: { offsets: Int32Array, bytes: Uint8Array },
  empty: () => ({ kind: "string", ...emptySequences() }),
  length: ({ offsets }) => offsets.length - 1,
  bytes: (column) => column.offsets.byteLength + sequenceBytes(column),
  slice: (column, start, stop) => ({ kind: "string", ...sliceSequences(column, start, stop) }),
  join: (parts) => ({ kind: "string", ...joinSequences(parts) }),
  take: (column, positions) => ({ kind: "string", ...takeSequences(column, positions) }),
};
