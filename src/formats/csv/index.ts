export { type CsvTable, type OpenCsvOptions, openCsv } from "./csv-table.js";
export type { CsvDialect, CsvOptions } from "./opening/dialect.js";
export type { CsvColumn, CsvKind } from "./scan/column-kind.js";
export { MISSING_VALUES } from "./scan/missing-values.js";
export type { CsvKinds } from "./scanned-columns.js";
export type { ByteChunk } from "./text/byte-reader.js";
export type { CsvInput } from "./text/csv-input.js";
