/** OMERO.tables as DataFrames, Arrow tables and files. Importing this loads none of the packages it works with. */
import { addObjectMethods } from "./gateway/connection-methods.js";
import { addTableMethods } from "./read/index.js";

addObjectMethods();
addTableMethods();

export {
  type ArrayColumn,
  type BoolColumn,
  type ColumnBatch,
  type ColumnData,
  type ColumnField,
  type ColumnKind,
  type ColumnType,
  type DoubleColumn,
  field,
  type LongColumn,
  type MaskColumn,
  type RowNumbers,
  rowNumberArray,
  rowNumberAt,
  type StringColumn,
} from "./columns/batch.js";
export type { OnProgress, Progress, ReadableTable, RowSpan, TableMetadata, WritableTable } from "./columns/table.js";
export type { CallOptions } from "./connect/ice/client/call.js";
export type { ProxyRef } from "./connect/ice/codec/proxy-ref.js";
/** Everything of OMERO's Slice definitions: model objects, requests, parameters and services, as types. */
export type * as omero from "./connect/ice/schema/omero.js";
export type {
  Exporter,
  IAdmin,
  IConfig,
  IContainer,
  IMetadata,
  IPixels,
  IProjection,
  IQuery,
  IRenderingSettings,
  IRoi,
  IScript,
  ISession,
  IShare,
  ITimeline,
  ITypes,
  IUpdate,
  OmeroServices,
  Parameters,
  RawFileStore,
  RawPixelsStore,
  RenderingEngine,
  Search,
  ServiceFactory,
  SharedResources,
  ThumbnailStore,
} from "./connect/ice/schema/omero.js";
export {
  type ConnectOptions,
  connectToOmero,
  type GroupInfo,
  type GroupRef,
  type ObjectId,
  type OmeroConnection,
  type ServiceId,
  type SessionEvents,
  type SessionInfo,
  type StatefulService,
  type TlsMode,
  type UserInfo,
  type UserSessionOptions,
} from "./connect/index.js";
export {
  AbortError,
  ArgumentError,
  abortError,
  CallerError,
  ConditionError,
  ConnectionError,
  DataError,
  type ErrorDetails,
  FileError,
  LoginError,
  OmeroError,
  type OmeroErrorOptions,
  ServerError,
  StoreError,
  TableError,
  TimeoutError,
  throwIfAborted,
  WireError,
  type WrittenSpan,
} from "./errors.js";
export type { OnWarning } from "./flow/warnings.js";
export { toArrowTable } from "./formats/arrow/arrow-sink.js";
export { toArrowStream } from "./formats/arrow/ipc/to-arrow-stream.js";
export type { CsvDialect, CsvOptions } from "./formats/csv/index.js";
export { MISSING_VALUES } from "./formats/csv/scan/missing-values.js";
export type { FrameType, RowLabel } from "./formats/frame/cells/cell-table.js";
export type { FrameCell } from "./formats/frame/cells/frame-cell.js";
export { type FrameOptions, toDataFrame } from "./formats/frame/frame.js";
export type { Int64Option } from "./formats/frame/frame-column.js";
export type { FrameLike } from "./formats/frame/frame-columns.js";
export type { IsinValues, KeepOption } from "./formats/frame/operations/duplicates.js";
export type { FrameCsvOptions } from "./formats/frame/operations/frame-csv.js";
export type { MergeHow, MergeOptions } from "./formats/frame/operations/merge.js";
export type {
  AxisOption,
  ColumnNames,
  DataFrame,
  DropDuplicatesOptions,
  FrameMembers,
  FrameOperand,
  FrameSortOptions,
  Places,
} from "./formats/frame/types/data-frame.js";
export type { AggregateName, GroupBy } from "./formats/frame/types/group-by.js";
export type {
  AscendingOption,
  InPlaceOption,
  Series,
  SeriesOperand,
  TextMethods,
} from "./formats/frame/types/series.js";
export type { RowSource } from "./formats/open-source.js";
export type { ColumnTypes } from "./formats/values/column-types.js";
export type { ObjectMethods } from "./gateway/connection-methods.js";
export {
  type AttachedFileOption,
  type AttachmentsOption,
  type DownloadFileOptions,
  downloadFile,
  type ListFilesOptions,
  listFiles,
  listTables,
} from "./gateway/files/attached-file.js";
export type { FileRef } from "./gateway/files/original-file.js";
export { type UploadedFile, type UploadFileOptions, uploadFile } from "./gateway/files/upload-file.js";
export type { Link, LinkOptions, ParentOption } from "./gateway/links.js";
export type { ObjectRef } from "./gateway/object-ref.js";
export { inGroup, queryParameters } from "./gateway/query-parameters.js";
export { type NewTableOptions, newTable, openTable } from "./gateway/tables/open-table.js";
export { listOrphanTables, type OrphanTable, type OrphanTablesOptions } from "./gateway/tables/orphan-tables.js";
export type { RemoteTable } from "./gateway/tables/table.js";
export {
  allOf,
  anyOf,
  type ConditionBuilder,
  type ConditionVariables,
  checkCondition,
  column,
  compileCondition,
  not,
  parseCondition,
  quoteName,
} from "./query/index.js";
export {
  type DownloadCsvOptions,
  type DownloadTableOptions,
  downloadCsv,
  downloadTable,
  getTableColumns,
  getTableHeaders,
  getTableSize,
  type ReadArrowOptions,
  type ReadCsvFrameOptions,
  type ReadCsvOptions,
  type ReadOptions,
  type ReadTableOptions,
  type ReadTileDBArrowOptions,
  type ReadTileDBOptions,
  type RowObjectsOptions,
  type RowRange,
  type RowsOption,
  readArrow,
  readBatches,
  readCsv,
  readCsvArrow,
  readTable,
  readTileDB,
  readTileDBArrow,
  readTileDBBatches,
  type TableHeaders,
  type TableMethods,
  type TableObject,
  type TableObjectsOptions,
  type TableObjectType,
  tableObjects,
} from "./read/index.js";
export * from "./rtypes.js";
export {
  type PlannedTable,
  type PlanScanOptions,
  parseScanJob,
  planScan,
  type ReadPartitionOptions,
  readPartition,
  type ScanJob,
  type ScanPlan,
  type ScanQuery,
  type ScanValue,
} from "./scan/index.js";
export type { StoreOption } from "./store/cache/store-option.js";
export {
  type ColumnDescription,
  describeTable,
  type PictureForm,
  type PlotKind,
  type PlotOptions,
  type PlotTableOptions,
  plotTable,
  type TableDescription,
  type TablePlot,
} from "./view/index.js";
export {
  type AppendOptions,
  type AppendResult,
  appendRows,
  type Constants,
  type CopiedIds,
  type CopyResult,
  type CopyTableOptions,
  type CopyTarget,
  type CreateTileDBOptions,
  copyTable,
  createTileDB,
  type DeleteTableOptions,
  type DryRunOptions,
  deleteTable,
  type FoundObjects,
  getTableMetadata,
  type IdColumnType,
  type IdMaps,
  type MetadataInput,
  type RegisterOptions,
  type RegisterTableOptions,
  type RemoteTableOptions,
  type ReplacedTable,
  registerTable,
  type SetMetadataOptions,
  setTableMetadata,
  type TableOption,
  type UnresolvedNames,
  type UpdateOptions,
  type UpdateResult,
  type UploadOptions,
  type UploadPreview,
  type UploadResult,
  updateRows,
  uploadTable,
  type WebServerOptions,
} from "./write/index.js";
