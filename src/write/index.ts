/** Writing tables. */

export { type AppendOptions, type AppendResult, appendRows } from "./append.js";
export {
  type CopiedIds,
  type CopyResult,
  type CopyTableOptions,
  type CopyTarget,
  copyTable,
} from "./copy/copy-table.js";
export type { IdColumnType } from "./copy/id-columns.js";
export type { IdMaps } from "./copy/id-maps.js";
export { type CreateTileDBOptions, createTileDB } from "./create-tiledb.js";
export { type DeleteTableOptions, deleteTable } from "./delete-table.js";
export type { ReplacedTable, UploadResult } from "./destinations/destination.js";
export type { RemoteTableOptions } from "./destinations/tiledb.js";
export type { MetadataInput, MetadataValue } from "./metadata.js";
export type { UnresolvedNames } from "./names/name-faults.js";
export type { FoundObjects } from "./names/resolve-names.js";
export type { UploadPreview } from "./preview.js";
export { type RegisterOptions, type RegisterTableOptions, registerTable } from "./remote/register.js";
export type { WebServerOptions } from "./remote/web-server.js";
export { getTableMetadata, type SetMetadataOptions, setTableMetadata } from "./table-metadata.js";
export type { TableOption } from "./table-option.js";
export { type Constants, type UpdateOptions, type UpdateResult, updateRows } from "./update.js";
export type { UpdateTargets } from "./update-targets.js";
export { type DryRunOptions, type UploadOptions, uploadTable } from "./upload.js";
