import type { Format } from "../format.js";
import { CsvSink } from "./csv-sink.js";
import { openCsvSource } from "./csv-source.js";
import type { ByteChunk } from "./text/byte-reader.js";
import { COMMA, TAB } from "./write/csv-cells.js";

/** Files, plain or compressed by gzip, and streams of their bytes or text. */
export const csvFormat: Format = {
  name: "csv",
  endings: [".csv", ".csv.gz", ".txt", ".txt.gz"],
  openSource: openCsvSource,
  createSink: (path, options) => CsvSink.create(path, COMMA, options),
  isItem: (item, isList) => !isList && (item instanceof Uint8Array || typeof item === "string"),
  openItems: (items, options) => openCsvSource(items as AsyncIterable<ByteChunk>, options),
};

/** The same with tabs between cells. */
export const tsvFormat: Format = {
  name: "tsv",
  endings: [".tsv", ".tsv.gz", ".tab"],
  openSource: openCsvSource,
  createSink: (path, options) => CsvSink.create(path, TAB, options),
};
