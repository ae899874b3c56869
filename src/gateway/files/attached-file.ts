/** Files that OMERO keeps besides tables: found, listed, downloaded. */

import { type OnProgress, TABLE_MIMETYPE } from "../../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../../connect/connection-option.js";
import type { OmeroConnection } from "../../connect/index.js";
import { ArgumentError, DataError, TableError, throwIfAborted } from "../../errors.js";
import { watchingCallbacks } from "../../flow/callbacks.js";
import { finalPath, TARGET_FILE_OPTIONS, type TargetFileOptions } from "../../flow/files/target-file.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { type Attachment, attachmentsOf } from "../attachments.js";
import { findObject } from "../find-object.js";
import { type LinkTarget, PARENT_OPTIONS, type ParentOption, parentTarget } from "../links.js";
import { FILE_REF_OPTIONS, type FileRef } from "./original-file.js";
import { openFile, type RemoteFile } from "./raw-file.js";
import { type DownloadTarget, openDownloadTarget } from "./resumed-file.js";

/** Attachments of an object, all of them or those with a namespace or name. */
export interface AttachmentsOption extends ParentOption {
  /** Only annotations of this namespace. */
  readonly namespace?: string | undefined;
  /** Only files of this name. */
  readonly name?: string | undefined;
}

export const ATTACHMENTS_OPTIONS: OptionNames<AttachmentsOption> = {
  ...PARENT_OPTIONS,
  namespace: true,
  name: true,
};

/** Which object, where, and which of its files. */
export interface ListFilesOptions extends ConnectionOption, AttachmentsOption {}

/**
 * The files attached to an object, tables among them, in the order they were attached.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED` for an object that is not there, or may not be read
 *
 * @example
 * ```ts
 * for (const file of await listFiles({ connection, parent: "Image:101" })) console.log(file.name, file.size);
 * ```
 */
export async function listFiles(options: ListFilesOptions): Promise<Attachment[]> {
  checkOptions(options, { ...CONNECTION_OPTIONS, ...ATTACHMENTS_OPTIONS }, "listFiles");
  const { namespace, name, signal } = options;
  const parent = givenParent(options);
  throwIfAborted(signal, "listFiles");
  return withConnection(options, async (connection) => {
    const found = await attachmentsOf(connection, parent, { namespace, name }, undefined, { signal });
    if (found.length === 0) await findObject(connection, parent.type, parent.id, { signal });
    return found;
  });
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless an object is named to which files can be attached */
function givenParent(options: ParentOption): LinkTarget {
  const parent = parentTarget(options);
  if (parent) return parent;
  throw new ArgumentError("INVALID_ARGUMENT", 'Say of which object: give parent, for example "Image:101", or parentId');
}

/** One file: by its id, by that of its annotation, or as the only attachment of an object that is meant. */
export interface AttachedFileOption extends FileRef, AttachmentsOption {}

/** The names of {@link AttachedFileOption}, to be spread into those of functions that take them. */
export const ATTACHED_FILE_OPTIONS: OptionNames<AttachedFileOption> = { ...FILE_REF_OPTIONS, ...ATTACHMENTS_OPTIONS };

/**
 * Opens the file that options name.
 * @throws ArgumentError `INVALID_ARGUMENT` unless they name one; TableError `NOT_FOUND`, `NOT_PERMITTED`
 */
export async function openAttachedFile(
  connection: OmeroConnection,
  options: AttachedFileOption & { readonly signal?: AbortSignal | undefined },
): Promise<RemoteFile> {
  const { fileId, annotationId, signal } = options;
  if (fileId !== undefined || annotationId !== undefined)
    return openFile(connection, { fileId, annotationId }, { signal });
  return openFile(connection, { fileId: (await onlyAttachment(connection, options)).fileId }, { signal });
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless a file is named by id or by what it is attached to */
export function checkAttachedFile({ fileId, annotationId, parent, parentId }: AttachedFileOption): void {
  const named = [fileId, annotationId, parent, parentId].filter((one) => one !== undefined && one !== null).length;
  if (named === 1) return;
  const found = named === 0 ? "none was given" : "more than one was given";
  throw new ArgumentError("INVALID_ARGUMENT", `Say which file by fileId, annotationId, parent or parentId: ${found}`);
}

/**
 * The only attachment of an object that is meant. @param mimetype of the files that are meant; any unless given
 * @throws ArgumentError `INVALID_ARGUMENT` for several; TableError `NOT_FOUND`, `NOT_PERMITTED`
 */
export async function onlyAttachment(
  connection: OmeroConnection,
  options: AttachmentsOption & { readonly signal?: AbortSignal | undefined },
  mimetype?: string,
): Promise<Attachment> {
  const { namespace, name, signal } = options;
  const parent = givenParent(options);
  const found = await attachmentsOf(connection, parent, { namespace, name, mimetype }, undefined, { signal });
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  const which = `${parent.type} ${parent.id}${namespace === undefined ? "" : `, namespace "${namespace}"`}${name === undefined ? "" : `, name "${name}"`}`;
  if (only === undefined) await findObject(connection, parent.type, parent.id, { signal });
  const kind = mimetype === TABLE_MIMETYPE ? "table" : "file";
  if (only === undefined)
    throw new TableError("NOT_FOUND", `No ${kind} that this user can see is attached to ${which}`);
  const ids = found.map((one) => `${one.annotationId} ("${one.name}")`).join(", ");
  const message = `${found.length} ${kind}s are attached to ${which}; give namespace, name, or one annotationId of ${ids}`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/**
 * The tables attached to an object, in the order they were attached.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED` for an object that is not there, or may not be read
 *
 * @example
 * ```ts
 * for (const table of await listTables({ connection, parent: "Plate:7" })) console.log(table.name, table.fileId);
 * ```
 */
export async function listTables(options: ListFilesOptions): Promise<Attachment[]> {
  checkOptions(options, { ...CONNECTION_OPTIONS, ...ATTACHMENTS_OPTIONS }, "listTables");
  return (await listFiles(options)).filter(({ mimetype }) => mimetype === TABLE_MIMETYPE);
}

export interface DownloadFileOptions extends ConnectionOption, AttachedFileOption, TargetFileOptions {
  /** Path of the file to make; `-` is standard output, and a pipe or device that is there is written to. */
  readonly targetPath: string;
  /** Bytes a call. Default 1 MiB; several calls are in flight. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of bytes that are there. */
  readonly onProgress?: OnProgress | undefined;
}

/** The names of {@link DownloadFileOptions}, to be spread into those of functions that take them. */
export const DOWNLOAD_FILE_OPTIONS: OptionNames<DownloadFileOptions> = {
  ...CONNECTION_OPTIONS,
  ...ATTACHED_FILE_OPTIONS,
  ...TARGET_FILE_OPTIONS,
  targetPath: true,
  chunkSize: true,
  onProgress: true,
};

export const DEFAULT_CHUNK_BYTES = 1 << 20;

/**
 * Downloads a file as it is and returns its size in bytes. It is compared with the server's SHA-1 and appears under its
 * name when it is whole. A download that was interrupted leaves a hidden part, with which the next one to the same path
 * goes on.
 *
 * @throws ArgumentError `FILE_EXISTS` before anything is sent, unless `overwrite`; `INVALID_ARGUMENT`
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`; DataError `CHECKSUM_MISMATCH`; FileError `CANNOT_WRITE_FILE`; AbortError
 *
 * @example
 * ```ts
 * await downloadFile({ connection, annotationId: 201, targetPath: "report.pdf" });
 * ```
 */
export async function downloadFile(options: DownloadFileOptions): Promise<number> {
  checkOptions(options, DOWNLOAD_FILE_OPTIONS, "downloadFile");
  return download(options, () => {});
}

/** As {@link downloadFile}, if a check lets the file pass. */
export async function download(
  options: DownloadFileOptions,
  check: (file: RemoteFile["file"]) => void,
): Promise<number> {
  return watchingCallbacks(options, (watched) => downloadTo(watched, check));
}

async function downloadTo(options: DownloadFileOptions, check: (file: RemoteFile["file"]) => void): Promise<number> {
  checkAttachedFile(options);
  checkChunkBytes(options.chunkSize);
  await finalPath(options.targetPath, options.overwrite ?? false);
  throwIfAborted(options.signal, "downloadFile");
  return withConnection(options, async (connection) => {
    await using remote = await openAttachedFile(connection, options);
    check(remote.file);
    await fetchFile(remote, options).catch((error) => {
      if (!(error instanceof BadPart)) throw error;
      // What an earlier download left is gone now: from the beginning, then.
      return fetchFile(remote, options);
    });
    return remote.size;
  });
}

/** A download that failed because of what an earlier one left. */
class BadPart extends Error {}

/** Fetches what is missing. */
async function fetchFile(remote: RemoteFile, options: DownloadFileOptions): Promise<void> {
  const { sha1 } = remote.file;
  const target = await openDownloadTarget(options.targetPath, { size: remote.size, sha1 }, options);
  const { takenUp } = target;
  try {
    await fetchRest(remote, target, options);
    await target.commit();
  } catch (error) {
    const isMismatch = error instanceof DataError && error.code === "CHECKSUM_MISMATCH";
    throw isMismatch && takenUp > 0 ? new BadPart() : error;
  } finally {
    await target.interrupt();
  }
}

async function fetchRest(remote: RemoteFile, target: DownloadTarget, options: DownloadFileOptions): Promise<void> {
  const { signal, onProgress, chunkSize = DEFAULT_CHUNK_BYTES } = options;
  const progress = () => onProgress?.({ done: target.position, total: remote.size, unit: "bytes" });
  progress();
  for await (const block of remote.blocks({
    start: target.position,
    blockSize: chunkSize,
    inFlight: inFlight(chunkSize),
    signal,
  })) {
    await target.write(block);
    progress();
  }
}

/** Calls in flight: several megabytes' worth, within reason. */
export function inFlight(chunkBytes: number): number {
  return Math.max(3, Math.min(8, Math.ceil((8 << 20) / chunkBytes)));
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless a chunk size is a positive whole number. */
export function checkChunkBytes(bytes: number | undefined): void {
  if (bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 1)) return;
  throw new ArgumentError("INVALID_ARGUMENT", `chunkSize ${String(bytes)} must be a whole number of bytes, from 1`);
}
