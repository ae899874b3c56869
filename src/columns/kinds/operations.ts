/** What can be done with the data of a column of each kind, whatever the kind is. */
import type { ColumnData, ColumnType } from "../batch.js";

type TypedArrayClass = new (length: number) => ArrayBufferView;

export interface KindOperations<Data extends ColumnData> {
  /** The typed arrays that the data consists of, by member; none for arrays, whose class depends on the column's type. */
  readonly parts: Readonly<Record<string, TypedArrayClass>>;
  /** No rows of a column of `size` ({@link ColumnField.size}). */
  empty(type: ColumnType, size: number): Data;
  /** Rows. */
  length(column: Data): number;
  /** Bytes held. */
  bytes(column: Data): number;
  /** Rows `start ..< stop`, sharing memory. */
  slice(column: Data, start: number, stop: number): Data;
  /** The rows of all one after the other, at least two. */
  join(parts: readonly Data[]): Data;
  /** The rows at `positions`, in that order. */
  take(column: Data, positions: Int32Array): Data;
}
