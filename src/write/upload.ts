/** Uploading: rows from any source become a new table, attached to objects; after a failure nothing of it is left. */

import { CONNECTION_OPTIONS, checkConnectionOption } from "../connect/connection-option.js";
import { ArgumentError, throwIfAborted } from "../errors.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { emitWarning } from "../flow/warnings.js";
import type { RowSource } from "../formats/open-source.js";
import { ANNOTATION_OPTIONS } from "../gateway/attachments.js";
import { LINK_OPTIONS, linkTargets } from "../gateway/links.js";
import type { Destination, NewTable, TableClaim, UploadResult } from "./destinations/destination.js";
import { BY_FILE } from "./destinations/file.js";
import { type ServerTableOptions, ServerTableUpload } from "./destinations/server-table.js";
import { BY_SERVICE } from "./destinations/service.js";
import { isRemoteTable, type RemoteTableOptions, TileDBDestination } from "./destinations/tiledb.js";
import { checkResolveNames } from "./named-rows.js";
import { previewUpload, type UploadPreview } from "./preview.js";
import { WEB_SERVER_OPTIONS } from "./remote/web-server.js";
import { checkChunkSize } from "./send-rows.js";
import { CHOICE_OPTIONS, chosenSource } from "./source-choice.js";

/** What to attach a table to, and how it is stored. */
export interface UploadOptions extends ServerTableOptions, RemoteTableOptions {
  /**
   * How the rows reach the server: by its table service, call by call (`service`, default), or as the file that OMERO keeps
   * of a table, made here and sent as it is (`file`). The latter takes a fraction of the time, and as much room for
   * temporary files as the table. It is for servers that keep tables in HDF5, as OMERO does unless it is set up otherwise;
   * the server's table service opens the file, and if it does not find the same columns and rows, or the server refuses
   * the file, the file is removed and the service is used, with a warning.
   */
  readonly route?: "service" | "file" | undefined;
  /** Whether nothing is made: see {@link DryRunOptions}. Default false. */
  readonly dryRun?: false | undefined;
}

/** Options of an upload that makes nothing, and tells what it would make: columns, types, objects found, the first rows. */
export interface DryRunOptions extends Omit<UploadOptions, "dryRun"> {
  /** Nothing is made. */
  readonly dryRun: true;
}

type AnyOptions = UploadOptions | DryRunOptions;

const UPLOAD_OPTIONS: OptionNames<AnyOptions> = {
  ...CONNECTION_OPTIONS,
  ...LINK_OPTIONS,
  route: true,
  dryRun: true,
  chunkSize: true,
  ...CHOICE_OPTIONS,
  resolveNames: true,
  signal: true,
  onProgress: true,
  onWarning: true,
  ...ANNOTATION_OPTIONS,
  metadata: true,
  replace: true,
  split: true,
  localPath: true,
  remotePath: true,
  prefix: true,
  web: true,
};

/**
 * Uploads rows as a new table and attaches it to objects: `parentId` (an Image unless `parentType` says otherwise) and
 * `links`, which must all be in one group; the table is kept there.
 *
 * Column types follow from all of the data: integers Long, floats Double, text String (as wide as its longest value in
 * bytes of UTF-8), booleans Bool, lists array columns; integer columns named image, dataset, roi, well, plate, field,
 * wellsample or file, in any case, hold ids, -1 where a cell of a CSV is empty. Other integers with missing values become
 * Double with NaN. What is found out of a CSV, and what is repaired in it, is told to `onWarning`; `strict` refuses
 * repairs. A `/` in a name is stored as `\`.
 *
 * Everything is checked before anything is made on the server. If the upload fails half-way or is aborted, the table is
 * removed again; the error says so, or what is left.
 *
 * Names of wells, plates, datasets, images and regions of interest become ids: see `resolveNames`. With `dryRun` nothing
 * is made, and the result tells what would be.
 *
 * With `localPath` the table is a remote one: see {@link RemoteTableOptions}, `createTileDB` and `registerTable`, which do
 * the two halves of it. An array that is whole stays there when registering it fails.
 *
 * @throws ArgumentError, DataError (with `column`, `row`), FileError: nothing was made; among them DataError
 * `UNRESOLVED_NAMES` for names that no object, or several, below the first one have
 * @throws TableError `NOT_FOUND` for an object to attach to that is not there; `UPLOAD_FAILED` with `cause`, and `path`
 * of a remote table's array
 * @throws AbortError, and what `connectToOmero` throws
 *
 * @example
 * ```ts
 * const { fileId } = await uploadTable("measurements.csv", "Measurements", { connection, parentId: 142 });
 * const plate = { connection, parentType: "Plate", parentId: 7 };
 * const { columns, unresolved } = await uploadTable("wells.csv", "Wells", { ...plate, dryRun: true });
 * ```
 */
export async function uploadTable(source: RowSource, tableName: string, options: DryRunOptions): Promise<UploadPreview>;
export async function uploadTable(source: RowSource, tableName: string, options: UploadOptions): Promise<UploadResult>;
export async function uploadTable(
  source: RowSource,
  tableName: string,
  options: UploadOptions | DryRunOptions,
): Promise<UploadResult | UploadPreview> {
  return upload(source, tableName, options);
}

/** As {@link uploadTable}, with a claim by which others know the table while it is being made. */
export async function uploadClaimed(
  source: RowSource,
  tableName: string,
  options: UploadOptions,
  claim: TableClaim,
): Promise<UploadResult> {
  return (await upload(source, tableName, options, claim)) as UploadResult;
}

async function upload(
  source: RowSource,
  tableName: string,
  options: AnyOptions,
  claim?: TableClaim,
): Promise<UploadResult | UploadPreview> {
  checkOptions(options, UPLOAD_OPTIONS, "uploadTable");
  return watchingCallbacks(options, async (watched) => {
    const table = { ...checkUpload(tableName, watched), claim };
    const destination = chooseDestination(table);
    throwIfAborted(watched.signal, "uploadTable");
    return watched.dryRun === true ? previewUpload(source, table) : destination.upload(source);
  });
}

/** What can be checked whatever the destination. */
function checkUpload(tableName: string, options: AnyOptions): NewTable<AnyOptions> {
  if (typeof tableName !== "string" || tableName.trim() === "") {
    throw new ArgumentError("INVALID_ARGUMENT", "The table needs a name");
  }
  checkOptions(options, UPLOAD_OPTIONS, "uploadTable");
  if (options.web) checkOptions(options.web, WEB_SERVER_OPTIONS, "web of uploadTable");
  checkConnectionOption(options);
  checkChunkSize(options.chunkSize);
  checkResolveNames(options.resolveNames);
  chosenSource(options);
  const { onWarning = emitWarning } = options;
  return { tableName, targets: linkTargets(options), options, onWarning };
}

function chooseDestination(table: NewTable<AnyOptions>): Destination {
  const { route = "service" } = table.options;
  if (route !== "service" && route !== "file") {
    throw new ArgumentError("INVALID_ARGUMENT", `route must be "service" or "file"; found ${String(route)}`);
  }
  if (isRemoteTable(table.options)) return new TileDBDestination(table);
  return new ServerTableUpload(table, route === "file" ? BY_FILE : BY_SERVICE);
}
