import type { Format } from "../format.js";

/** A Parquet file begins and ends with "PAR1". */
const MAGIC = new TextEncoder().encode("PAR1");

/** Files of Apache Parquet. */
export const parquetFormat: Format = {
  name: "parquet",
  endings: [".parquet", ".pq"],
  isContent: ({ head }) => MAGIC.every((byte, index) => head[index] === byte),
  openSource: async (path, options) => (await import("./parquet-source.js")).openParquetFile(path, options),
  createSink: async (path, options) => (await import("./parquet-sink.js")).ParquetSink.create(path, options),
};
