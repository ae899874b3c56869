import type * as Arrow from "apache-arrow";
import type { BatchStreamOptions, Format, NewFileOptions } from "../format.js";
import { isArrowTable, isRecordBatch, openArrowTable, openRecordBatches } from "./arrow-source.js";
import type { IpcKind } from "./ipc/ipc-encoder.js";
import { isArrowFile, isArrowStream } from "./ipc/magic.js";

/** Arrow tables, streams of record batches, and files of record batches. */
export const arrowFormat: Format = {
  name: "arrow",
  endings: [".arrow", ".feather"],
  isContent: ({ head }) => isArrowFile(head),
  openSource,
  createSink: (path, options) => createSink(path, "file", options),
  isObject: isArrowTable,
  openObject: (table, options) => openArrowTable(table as Arrow.Table, options),
  isItem: isRecordBatch,
  openItems: (items, options) => openRecordBatches(items as AsyncIterable<Arrow.RecordBatch>, options),
};

/** Streams of record batches in a file, which can be read as they come. */
export const arrowStreamFormat: Format = {
  name: "arrows",
  endings: [".arrows"],
  isContent: ({ head }) => isArrowStream(head),
  openSource,
  createSink: (path, options) => createSink(path, "stream", options),
};

async function openSource(path: string | URL, options: BatchStreamOptions) {
  const { openArrowFile } = await import("./ipc/arrow-file-source.js");
  return openArrowFile(path, options);
}

async function createSink(path: string, kind: IpcKind, options: NewFileOptions) {
  const { ArrowFileSink } = await import("./ipc/arrow-file-sink.js");
  return ArrowFileSink.create(path, kind, options);
}
