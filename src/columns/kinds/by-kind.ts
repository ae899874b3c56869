import type { ColumnData, ColumnKind } from "../batch.js";

/** What is made of column data, by its kind: a table that the compiler holds complete. */
export type ByKind<Result, Rest extends readonly unknown[] = []> = {
  readonly [Kind in ColumnKind]: (column: Extract<ColumnData, { readonly kind: Kind }>, ...rest: Rest) => Result;
};

/** What a table makes of a column. */
export function applyByKind<Result, Rest extends readonly unknown[]>(
  table: ByKind<Result, Rest>,
  column: ColumnData,
  ...rest: Rest
): Result {
  const make = table[column.kind] as (column: ColumnData, ...rest: Rest) => Result;
  return make(column, ...rest);
}
