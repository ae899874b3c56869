/** What goes wrong with a table, as errors. */
import { ArgumentError, type OmeroError, ServerError, TableError } from "../../errors.js";
import type { OriginalFileInfo } from "../files/original-file.js";

export function isOptimisticLock(error: unknown): boolean {
  return error instanceof ServerError && error.code === "OPTIMISTIC_LOCK";
}

export function notInitialized({ id }: OriginalFileInfo, cause?: unknown): TableError {
  const text = `table ${id} has no columns yet: it was created but never initialized`;
  return new TableError("NOT_INITIALIZED", text, { fileId: id, cause });
}

/** The same error with the condition it is about. */
export function withQuery(error: ServerError, query: string): ServerError {
  const { code, message, operation, serverException, cause } = error;
  return new ServerError(code, message, { operation, serverException, cause, query });
}

export function outOfRange(message: string, row?: number): OmeroError {
  return new ArgumentError("ROWS_OUT_OF_RANGE", message, { row });
}
