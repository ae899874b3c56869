/** Columns of batches as the values that hyparquet-writer takes. */
import type { DecodedArray } from "hyparquet";
import type { ColumnData, MaskColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";

const VALUES: { readonly [K in ColumnData["kind"]]: (column: Extract<ColumnData, { kind: K }>) => DecodedArray } = {
  long: ({ values }) => values,
  double: ({ values }) => values,
  bool: (column) => columnValues(column),
  string: (column) => columnValues(column),
  array: (column) => columnValues(column).map((list) => Array.from(list as ArrayLike<unknown>)),
  mask: masks,
};

export function parquetValues(column: ColumnData): DecodedArray {
  return (VALUES[column.kind] as (column: ColumnData) => DecodedArray)(column);
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
