/** Columns of batches as the values that hyparquet-writer takes. */
import type { DecodedArray } from "hyparquet";
import type { ColumnData, MaskColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { applyByKind, type ByKind } from "../../columns/kinds/by-kind.js";

const VALUES: ByKind<DecodedArray> = {
  long: ({ values }) => values,
  double: ({ values }) => values,
  bool: columnValues,
  string: columnValues,
  array: (column) => columnValues(column).map((list) => Array.from(list as ArrayLike<unknown>)),
  mask: masks,
};

export function parquetValues(column: ColumnData): DecodedArray {
  return applyByKind(VALUES, column);
}

function masks({ imageId, theZ, theT, x, y, w, h, offsets, bytes }: MaskColumn): DecodedArray {
  return Array.from({ length: imageId.length }, (_, row) => ({
    imageId: imageId[row],
    theZ: theZ[row],
    theT: theT[row],
    x: x[row],
    y: y[row],
    w: w[row],
    h: h[row],
    bytes: bytes.subarray(offsets[row], offsets[row + 1]),
  }));
}
