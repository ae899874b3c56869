/** The ways rows are reached: by a table service or in a file; what reading costs there, and how much is best read at a time. */
import {
  type CallCost,
  DEFAULT_MEMORY_BUDGET,
  fileReadCost,
  fileSliceCost,
  readCost,
  sliceCost,
} from "../../columns/chunk-size.js";
import type { ReadableTable } from "../../columns/table.js";

export interface AccessMethod {
  /** Cost of reading `columnCount` columns of consecutive rows of `rowWidth` bytes. */
  readonly readCost: (columnCount: number, rowWidth: number) => CallCost;
  /** Cost of reading rows by number. */
  readonly sliceCost: (columnCount: number, rowWidth: number) => CallCost;
  /** Bytes for all answers alive at once. */
  readonly memoryBudget: number;
  /** Requests to have in flight at first. */
  readonly concurrency: number;
  /** Requests to have in flight at most, where measuring shows that more bring rows faster. */
  readonly mostConcurrency: number;
}

/** The table service of a server. */
export const SERVICE: AccessMethod = {
  readCost,
  sliceCost,
  memoryBudget: DEFAULT_MEMORY_BUDGET,
  concurrency: 2,
  mostConcurrency: 4,
};

/** A table's file on this machine. Larger pieces would only leave the processor's cache. */
export const LOCAL_FILE: AccessMethod = {
  readCost: fileReadCost,
  sliceCost: fileSliceCost,
  memoryBudget: 32 * 1024 * 1024,
  concurrency: 3,
  mostConcurrency: 3,
};

/** A table, and how its rows are reached. */
export interface AccessPath {
  readonly table: ReadableTable;
  readonly method: AccessMethod;
}
