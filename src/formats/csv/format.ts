import type { Format, NewFileOptions } from "../format.js";
import type { ByteChunk } from "./text/byte-reader.js";

/** Files, plain or compressed by gzip, and streams of their bytes or text. */
export const csvFormat: Format = {
  name: "csv",
  endings: [".csv", ".csv.gz", ".txt", ".txt.gz"],
  openSource: async (path, options) => (await reading()).openCsvSource(path, options),
  createSink: (path, options) => createSink(path, "COMMA", options),
  isItem: (item, isList) => !isList && (item instanceof Uint8Array || typeof item === "string"),
  openItems: async (items, options) => (await reading()).openCsvSource(items as AsyncIterable<ByteChunk>, options),
};

/** The same with tabs between cells. */
export const tsvFormat: Format = {
  name: "tsv",
  endings: [".tsv", ".tsv.gz", ".tab"],
  openSource: async (path, options) => (await reading()).openCsvSource(path, options),
  createSink: (path, options) => createSink(path, "TAB", options),
};

function reading() {
  return import("./csv-source.js");
}

async function createSink(path: string, delimiter: "COMMA" | "TAB", options: NewFileOptions) {
  const [{ CsvSink }, delimiters] = await Promise.all([import("./csv-sink.js"), import("./write/csv-cells.js")]);
  return CsvSink.create(path, delimiters[delimiter], options);
}
