import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject, OriginalFile } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { ArgumentError, ServerError, TableError } from "../../errors.js";
import { rlong } from "../../rtypes.js";
import { queryParameters } from "../query-parameters.js";

/** A file by its own id, or by that of the annotation which attaches it. Exactly one is given. */
export interface FileRef {
  /** Id of the OriginalFile. */
  readonly fileId?: ObjectId | undefined;
  /** Id of the FileAnnotation. */
  readonly annotationId?: ObjectId | undefined;
}

/** What OMERO knows of a file it keeps. */
export interface OriginalFileInfo {
  readonly id: bigint;
  readonly name: string;
  readonly mimetype: string;
  /** Bytes, as the server last noted them. Undefined where it has not. */
  readonly size: number | undefined;
  /** SHA-1 in hexadecimal; undefined where the server has another checksum or none. */
  readonly sha1: string | undefined;
  /** Group the file belongs to. */
  readonly groupId: bigint | undefined;
}

/** Call context that finds objects in all groups of the user. */
const ALL_GROUPS = { "omero.group": "-1" };

/**
 * Finds a file in whichever group it is.
 *
 * @throws ArgumentError `INVALID_ARGUMENT` unless exactly one id is given.
 * @throws TableError `NOT_FOUND` with `fileId` or `annotationId`.
 */
export async function findOriginalFile(
  connection: OmeroConnection,
  ref: FileRef,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<OriginalFileInfo> {
  const { fileId, annotationId } = checkFileRef(ref);
  const query = connection.getQueryService();
  const call = { signal: options.signal, context: ALL_GROUPS };
  const file = await ifAllowed(
    fileId === undefined
      ? query.findByQuery(FILE_OF_ANNOTATION, queryParameters({ id: rlong(annotationId!) }), call)
      : query.find("OriginalFile", fileId, call),
  );
  if (isOriginalFile(file)) return originalFileInfo(file);
  const what = fileId === undefined ? `file annotation ${annotationId}` : `file ${fileId}`;
  throw new TableError("NOT_FOUND", `there is no ${what} that this user can see`, { fileId, annotationId });
}

const FILE_OF_ANNOTATION = "SELECT fa.file from FileAnnotation fa where fa.id = :id";

export function originalFileInfo(file: OriginalFile): OriginalFileInfo {
  const hash = file.hash?.val ?? "";
  return {
    id: file.id!.val,
    name: file.name?.val ?? "",
    mimetype: file.mimetype?.val ?? "",
    size: file.size ? Number(file.size.val) : undefined,
    sha1: /^[0-9a-f]{40}$/i.test(hash) ? hash.toLowerCase() : undefined,
    groupId: file.details?.group?.id?.val,
  };
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

/** The object, or null if the user may not see it: the server says so with an exception. */
async function ifAllowed(object: Promise<IObject | null>): Promise<IObject | null> {
  try {
    return await object;
  } catch (error) {
    if (error instanceof ServerError && error.code === "SECURITY_VIOLATION") return null;
    throw error;
  }
}
