/** Removing a table from a server. */

import { idNumber } from "../columns/int64.js";
import { TABLE_MIMETYPE } from "../columns/table.js";
import { CONNECTION_OPTIONS, type ConnectionOption, withConnection } from "../connect/connection-option.js";
import { toObjectId } from "../connect/object-id.js";
import { TableError, throwIfAborted } from "../errors.js";
import { checkOptions } from "../flow/options.js";
import { removeFile } from "../gateway/attachments.js";
import { FILE_REF_OPTIONS, type FileRef, findOriginalFile } from "../gateway/files/original-file.js";

const ALL_GROUPS = -1;

export interface DeleteTableOptions extends ConnectionOption, FileRef {}

/**
 * Removes a table: its file, the annotations that attach it, and their links.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`; `NOT_A_TABLE` for another file, which stays
 * @throws ServerError `SERVER_FAILURE` where this user may not remove it; nothing is removed then
 *
 * @example
 * ```ts
 * await deleteTable({ connection, fileId: 10 });
 * ```
 */
export async function deleteTable(options: DeleteTableOptions): Promise<void> {
  checkOptions(options, { ...CONNECTION_OPTIONS, ...FILE_REF_OPTIONS }, "deleteTable");
  const { signal } = options;
  throwIfAborted(signal, "deleteTable");
  await withConnection(options, async (connection) => {
    const { fileId, annotationId } = options;
    const file = await findOriginalFile(connection, { fileId, annotationId }, { signal });
    if (file.mimetype !== TABLE_MIMETYPE) {
      const message = `file ${file.id} ("${file.name}") is no table, but of type "${file.mimetype}"; it was not removed`;
      throw new TableError("NOT_A_TABLE", message, { fileId: file.id });
    }
    const known = annotationId === undefined ? [] : [idNumber(toObjectId(annotationId, "annotationId"), "annotation")];
    await removeFile(connection, file.id, file.groupId ?? ALL_GROUPS, { signal, known });
  });
}
