import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject, OriginalFile } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { ArgumentError, ServerError, TableError } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";
import { rlong } from "../../rtypes.js";
import { findObject } from "../find-object.js";
import { queryParameters } from "../query-parameters.js";

/** A file by its own id, or by that of the annotation which attaches it. Exactly one is given. */
export interface FileRef {
  /** Id of the OriginalFile. */
  readonly fileId?: ObjectId | undefined;
  /** Id of the FileAnnotation. */
  readonly annotationId?: ObjectId | undefined;
}

/** The names of {@link FileRef}, to be spread into those of functions that take them. */
export const FILE_REF_OPTIONS: OptionNames<FileRef> = { fileId: true, annotationId: true };

/** What OMERO knows of a file it keeps. */
export interface OriginalFileInfo {
  readonly id: number;
  readonly name: string;
  readonly mimetype: string;
  /** Bytes, as the server last noted them. Undefined where it has not. */
  readonly size: number | undefined;
  /** SHA-1 in hexadecimal; undefined where the server has another checksum or none. */
  readonly sha1: string | undefined;
  /** Group the file belongs to. */
  readonly groupId: number | undefined;
  /** The event of its last change; undefined where the server tells none. */
  readonly updateEventId: number | undefined;
  /**
   * When its content was last written, in milliseconds, as the server last noted it; undefined where it notes no more than when
   * the file was made.
   */
  readonly contentTime: number | undefined;
}

/** Call context that finds objects in all groups of the user. */
const ALL_GROUPS = { "omero.group": "-1" };

/**
 * Finds a file in whichever group it is.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` unless exactly one id is given.
 * @throws TableError `NOT_FOUND`, or `NOT_PERMITTED` for one that this user may not read, with `fileId` or `annotationId`.
 */
export async function findOriginalFile(
  connection: OmeroConnection,
  ref: FileRef,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<OriginalFileInfo> {
  return originalFileInfo(await findFileObject(connection, ref, options));
}

/** The same as the object that the server has. @throws as {@link findOriginalFile} */
export async function findFileObject(
  connection: OmeroConnection,
  ref: FileRef,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<OriginalFile> {
  const { fileId, annotationId } = checkFileRef(ref);
  const file =
    fileId === undefined
      ? await fileOfAnnotation(connection, annotationId!, signal)
      : await findObject(connection, "OriginalFile", fileId, { signal }, { fileId });
  if (isOriginalFile(file)) return file;
  const text = `the server gave a ${file.iceId} where a file was asked for`;
  throw new ServerError("SERVER_FAILURE", text, { fileId, annotationId });
}

/** A query finds nothing where the user may not read the annotation; asked for by its id the server says why. */
async function fileOfAnnotation(
  connection: OmeroConnection,
  annotationId: bigint,
  signal: AbortSignal | undefined,
): Promise<IObject> {
  const parameters = queryParameters({ id: rlong(annotationId) });
  const call = { signal, context: ALL_GROUPS };
  const file = await connection.getQueryService().findByQuery(FILE_OF_ANNOTATION, parameters, call);
  if (file) return file;
  await findObject(connection, "FileAnnotation", annotationId, { signal }, { annotationId });
  throw new TableError("NOT_FOUND", `file annotation ${annotationId} has no file that this user may read`, {
    annotationId,
  });
}

const FILE_OF_ANNOTATION = "SELECT fa.file from FileAnnotation fa where fa.id = :id";

export function originalFileInfo(file: OriginalFile): OriginalFileInfo {
  const hash = file.hash?.val ?? "";
  return {
    id: idNumber(file.id!.val, "file"),
    name: file.name?.val ?? "",
    mimetype: file.mimetype?.val ?? "",
    size: file.size ? Number(file.size.val) : undefined,
    sha1: /^[0-9a-f]{40}$/i.test(hash) ? hash.toLowerCase() : undefined,
    groupId: numberOf(file.details?.group, "group"),
    updateEventId: numberOf(file.details?.updateEvent, "event"),
    contentTime: file.mtime && file.mtime.val !== file.ctime?.val ? Number(file.mtime.val) : undefined,
  };
}

function numberOf(object: IObject | null | undefined, kind: string): number | undefined {
  const id = object?.id?.val;
  return id === undefined ? undefined : idNumber(id, kind);
}

/** Call context to work on a file in its group; in all groups where that is not known. */
export function fileContext({ groupId }: OriginalFileInfo): Record<string, string> {
  return groupId === undefined ? ALL_GROUPS : { "omero.group": String(groupId) };
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless it names one file. */
export function checkFileRef({ fileId, annotationId }: FileRef): { fileId?: bigint; annotationId?: bigint } {
  if ((fileId === undefined) === (annotationId === undefined)) {
    throw new ArgumentError("INVALID_ARGUMENT", "give either fileId or annotationId");
  }
  return fileId === undefined
    ? { annotationId: toObjectId(annotationId!, "annotationId") }
    : { fileId: toObjectId(fileId, "fileId") };
}

function isOriginalFile(object: IObject | null): object is OriginalFile {
  return object?.iceId === "::omero::model::OriginalFile" && object.id !== null;
}
