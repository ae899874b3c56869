import type * as Arrow from "apache-arrow";
import type { Format } from "../format.js";
import { isArrowTable, isRecordBatch, openArrowTable, openRecordBatches } from "./arrow-source.js";

/** Arrow tables, and streams of record batches. */
export const arrowFormat: Format = {
  name: "arrow",
  isObject: isArrowTable,
  openObject: (table, options) => openArrowTable(table as Arrow.Table, options),
  isItem: isRecordBatch,
  openItems: (items, options) => openRecordBatches(items as AsyncIterable<Arrow.RecordBatch>, options),
};
