/** What is done, and said, when an upload fails. */
import type { OmeroConnection } from "../../connect/index.js";
import { AbortError, OmeroError, TableError } from "../../errors.js";
import { removeFile } from "../attachments.js";

/** What is left on the server of an upload that failed. */
export type Remains =
  | { readonly state: "nothing" | "removed" }
  | { readonly state: "left"; readonly fileId: number | undefined; readonly error: unknown };

/** A file that was made, or may have been. */
export interface CreatedFile {
  readonly created: { readonly file: { readonly id: number } } | undefined;
  findFile(timeout: number): Promise<number | undefined>;
}

/** Milliseconds for each call that removes what a failed upload made: time to notice a silent connection and make another. */
const CLEANUP_TIMEOUT = 120_000;

/** Removes what was made, as far as there is any. What is open must be closed before. */
export async function undo(connection: OmeroConnection, creation: CreatedFile, group: number): Promise<Remains> {
  let fileId = creation.created?.file.id;
  try {
    fileId = await creation.findFile(CLEANUP_TIMEOUT);
    if (fileId === undefined) return { state: "nothing" };
    await removeFile(connection, fileId, group, { timeout: CLEANUP_TIMEOUT });
    return { state: "removed" };
  } catch (error) {
    return { state: "left", fileId, error };
  }
}

export interface FailedUpload {
  /** Function the caller called. */
  readonly functionName: string;
  /** What was uploaded, for example `Table "cells"`. */
  readonly uploadName: string;
  readonly signal: AbortSignal | undefined;
}

/** The error to throw; it tells what is left. */
export function uploadFailure(
  cause: unknown,
  remains: Remains,
  { functionName, uploadName, signal }: FailedUpload,
): OmeroError {
  const rest = describe(remains);
  const fileId = remains.state === "left" ? remains.fileId : undefined;
  if (signal?.aborted && cause instanceof AbortError) {
    return new AbortError("ABORTED", `${functionName} was aborted by the caller; ${rest}`, {
      cause: cause.cause,
      fileId,
    });
  }
  const { column, row, line, path } = cause instanceof OmeroError ? cause : {};
  const message = `${uploadName} was not uploaded: ${messageOf(cause)}; ${rest}`;
  return new TableError("UPLOAD_FAILED", message, { cause, fileId, column, row, line, path });
}

function describe(remains: Remains): string {
  switch (remains.state) {
    case "nothing":
      return "nothing of it is on the server";
    case "removed":
      return "what was made of it has been removed";
    case "left":
      return remains.fileId === undefined
        ? `whether an empty file of it remains could not be found out: ${messageOf(remains.error)}`
        : `file ${remains.fileId} remains of it, because it could not be removed: ${messageOf(remains.error)}`;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
