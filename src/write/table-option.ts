/** The table a function changes. */

import type { WritableTable } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../connect/connection-option.js";
import { ArgumentError, throwIfAborted } from "../errors.js";
import { clearUp } from "../flow/failures.js";
import type { OptionNames } from "../flow/options.js";
import { FILE_REF_OPTIONS, type FileRef } from "../gateway/files/original-file.js";
import { openTable } from "../gateway/tables/open-table.js";

/** A table on a server, by `fileId` or `annotationId`, or a `table` that is open already and stays open. */
export interface TableOption extends ConnectionOption, FileRef {
  /** An open table, which stays open, in place of `fileId` or `annotationId`. */
  readonly table?: WritableTable | undefined;
}

/** The names of {@link TableOption}, to be spread into those of functions that take them. */
export const TABLE_OPTIONS: OptionNames<TableOption> = { ...CONNECTION_OPTIONS, ...FILE_REF_OPTIONS, table: true };

/**
 * Opens the table, does the work, and closes what was opened for it. A failure to close after writing is a failure.
 * @throws ArgumentError `INVALID_ARGUMENT` unless one table is named
 * @throws what `connectToOmero` and `openTable` throw
 */
export async function withWritableTable<T>(
  options: TableOption,
  use: (table: WritableTable) => Promise<T>,
): Promise<T> {
  const { fileId, annotationId, table: given, signal } = options;
  const named = [fileId, annotationId, given].filter((one) => one !== undefined && one !== null).length;
  if (named !== 1) {
    const found = named === 0 ? "none was given" : "more than one was given";
    throw new ArgumentError("INVALID_ARGUMENT", `Say which table by fileId, annotationId or table: ${found}`);
  }
  throwIfAborted(signal, "Opening the table");
  if (given !== undefined) return use(given);
  return withConnection(options, async (connection) => {
    const table = await openTable(connection, { fileId, annotationId }, { signal });
    let result: T;
    try {
      result = await use(table);
    } catch (error) {
      await clearUp(() => table.close());
      throw error;
    }
    await table.close();
    return result;
  });
}
