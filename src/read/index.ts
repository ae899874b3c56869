/** Reading tables: what they are, and what is selected from them in several forms. */

export { type DownloadTableOptions, downloadTable } from "./download-table.js";
export type { RowRange, RowsOption } from "./plan/selection.js";
export type { SelectionOptions } from "./plan/table-selection.js";
export {
  type DownloadCsvOptions,
  downloadCsv,
  type ReadCsvFrameOptions,
  type ReadCsvOptions,
  readCsv,
  readCsvArrow,
} from "./read-csv.js";
export {
  type ReadArrowOptions,
  type ReadOptions,
  type ReadTableOptions,
  readArrow,
  readBatches,
  readTable,
} from "./read-table.js";
export {
  type ReadTileDBArrowOptions,
  type ReadTileDBOptions,
  readTileDB,
  readTileDBArrow,
  readTileDBBatches,
} from "./read-tiledb.js";
export { openTableSource, type SourceOptions, type TableSource } from "./source.js";
export { getTableColumns, getTableHeaders, getTableSize, type TableHeaders } from "./table-info.js";
export { addTableMethods, type RowObjectsOptions, type TableMethods } from "./table-methods.js";
export { type TableObject, type TableObjectsOptions, type TableObjectType, tableObjects } from "./table-objects.js";
