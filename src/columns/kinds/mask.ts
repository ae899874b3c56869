/** Masks on regions of interest: an image, a plane, a rectangle, and its bits. */
import type { MaskColumn } from "../batch.js";
import { joinValues, takeValues, takeWords } from "./numbers.js";
import type { KindOperations } from "./operations.js";
import { emptySequences, joinSequences, sequenceBytes, sliceSequences, takeSequences } from "./sequences.js";

type Place = Omit<MaskColumn, "kind" | "offsets" | "bytes">;

/** Bytes of a row besides its bits, the end of these among them. */
const ROW_BYTES = 8 + 2 * 4 + 4 * 8 + 4;

/** What `of` makes of each member but the bits. */
function places(of: <Name extends keyof Place>(name: Name) => Place[Name]): Place {
  return { imageId: of("imageId"), theZ: of("theZ"), theT: of("theT"), x: of("x"), y: of("y"), w: of("w"), h: of("h") };
}

export const mask: KindOperations<MaskColumn> = {
  parts: {
    imageId: BigInt64Array,
    theZ: Int32Array,
    theT: Int32Array,
    x: Float64Array,
    y: Float64Array,
    w: Float64Array,
    h: Float64Array,
    offsets: Int32Array,
    bytes: Uint8Array,
  },
  empty: () => ({
    kind: "mask",
    imageId: new BigInt64Array(0),
    theZ: new Int32Array(0),
    theT: new Int32Array(0),
    x: new Float64Array(0),
    y: new Float64Array(0),
    w: new Float64Array(0),
    h: new Float64Array(0),
    ...emptySequences(),
  }),
  length: ({ imageId }) => imageId.length,
  bytes: (column) => column.imageId.length * ROW_BYTES + sequenceBytes(column),
  slice: (column, start, stop) => ({
    kind: "mask",
    ...places((name) => column[name].subarray(start, stop) as never),
    ...sliceSequences(column, start, stop),
  }),
  join: (parts) => ({
    kind: "mask",
    ...places((name) => joinValues(parts.map((part) => part[name] as Float64Array)) as never),
    ...joinSequences(parts),
  }),
  take(column, positions) {
    const { length } = positions;
    return {
      kind: "mask",
      imageId: takeWords(column.imageId, new BigInt64Array(length), positions),
      theZ: takeValues(column.theZ, new Int32Array(length), positions),
      theT: takeValues(column.theT, new Int32Array(length), positions),
      x: takeWords(column.x, new Float64Array(length), positions),
      y: takeWords(column.y, new Float64Array(length), positions),
      w: takeWords(column.w, new Float64Array(length), positions),
      h: takeWords(column.h, new Float64Array(length), positions),
      ...takeSequences(column, positions),
    };
  },
};
