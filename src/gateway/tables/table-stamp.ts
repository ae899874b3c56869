/** By what a change of a table is seen. */
import type { ColumnField } from "../../columns/batch.js";
import type { TableState } from "../../columns/table.js";
import type { OriginalFileInfo } from "../files/original-file.js";

/**
 * Changes whenever a table that was written to is closed. The server then notes its file's checksum if it has one, size and
 * time, by an event with a number of its own. Undefined where a change of some cells would leave all of that as it was: without a
 * checksum, on a server that does not note the time.
 *
 * What was written and not closed moves nothing but the number of rows: nobody is told of cells that a client changes before it
 * closes the table, nor ever of those of one that was killed.
 */
export function tableStamp(
  file: OriginalFileInfo,
  rowCount: number,
  fields: readonly ColumnField[],
): string | undefined {
  const { size, sha1, updateEventId, contentTime } = file;
  if (sha1 === undefined && (updateEventId === undefined || contentTime === undefined)) return undefined;
  const columns = fields.map(({ name, type, size: width }) => [name, type, width]);
  return JSON.stringify([String(updateEventId), size, sha1, contentTime, rowCount, columns]);
}

/** What tells whether a table was changed. */
export function stateOf({ size, sha1, updateEventId }: OriginalFileInfo, rowCount: number): TableState {
  return { rowCount, size, sha1, updateEventId };
}
