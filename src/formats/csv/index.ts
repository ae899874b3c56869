export type { ByteChunk } from "./byte-reader.js";
export type { CsvColumn, CsvKind } from "./column-kind.js";
export type { CsvInput } from "./csv-input.js";
export { type CsvKinds, type CsvTable, type OpenCsvOptions, openCsv } from "./csv-table.js";
export type { CsvDialect, CsvOptions } from "./dialect.js";
export { MISSING_VALUES } from "./missing-values.js";
