import type { ColumnBatch } from "../../columns/batch.js";
import type { Format } from "../format.js";
import { isColumnBatch, openBatches } from "./batches-source.js";

/** Column batches: one, or a list or stream of them. */
export const batchesFormat: Format = {
  name: "batches",
  isObject: isColumnBatch,
  openObject: (batch, options) => openBatches([batch as ColumnBatch], options),
  isItem: isColumnBatch,
  openItems: (items, options) => openBatches(items as AsyncIterable<ColumnBatch>, options),
};
