/** Removing the tables that a new one takes the place of: those of its name on the same object. */
import { setTimeout as sleep } from "node:timers/promises";
import { TABLE_MIMETYPE } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { OnWarning } from "../../flow/warnings.js";

import { type Attachment, attachmentsOf, removeFile } from "../../gateway/attachments.js";
import { messageOf } from "../../gateway/files/upload-failure.js";
import type { LinkTarget } from "../../gateway/links.js";
import type { ReplacedTable } from "./destination.js";

/** Whose tables are replaced: those of the user who uploads, or of everyone. */
export type Replace = boolean | "everyone's";

export interface TableToReplace {
  readonly connection: OmeroConnection;
  readonly parent: LinkTarget;
  readonly group: number;
  readonly name: string;
  readonly replace: Replace;
  readonly onWarning: OnWarning;
}

/** Milliseconds in which what was attached a moment before is seen by all. */
const SECOND_LOOK = 100;

/**
 * Removes the tables that were attached before the new one. Where several are replaced at once, each sees those attached
 * before its own, some only at a second look, so that the last one stays. The new table is whole by now: an old one that
 * stays is no failure of it, but warned of.
 */
export async function removeReplaced(wanted: TableToReplace, annotationId: number): Promise<ReplacedTable[]> {
  const removed: ReplacedTable[] = [];
  const tried = new Set<number>();
  for (const pause of [0, SECOND_LOOK]) {
    await sleep(pause);
    for (const table of await attachedBefore(wanted, annotationId).catch(warnOf(wanted))) {
      if (tried.has(table.fileId)) continue;
      tried.add(table.fileId);
      if (await isRemoved(table, wanted)) removed.push({ annotationId: table.annotationId, fileId: table.fileId });
    }
  }
  return removed;
}

/** For a look that fails: nothing is removed then. */
function warnOf({ name, onWarning }: TableToReplace): (error: unknown) => readonly Attachment[] {
  return (error) => {
    onWarning(`Whether another table "${name}" is to be replaced could not be found out: ${messageOf(error)}`);
    return [];
  };
}

async function attachedBefore({ connection, parent, group, name }: TableToReplace, own: number): Promise<Attachment[]> {
  const found = await attachmentsOf(connection, parent, { name, mimetype: TABLE_MIMETYPE }, group);
  const link = found.find((table) => table.annotationId === own)?.linkId ?? 0;
  return found.filter(({ linkId }) => linkId < link);
}

async function isRemoved({ fileId, ownerId }: Attachment, wanted: TableToReplace): Promise<boolean> {
  const { connection, group, name, replace, onWarning } = wanted;
  if (replace !== "everyone's" && ownerId !== connection.session.userId) {
    onWarning(`Another table "${name}" stays, file ${fileId}: it belongs to another user, ${ownerId}`);
    return false;
  }
  try {
    await removeFile(connection, fileId, group);
    return true;
  } catch (error) {
    onWarning(`The table that was replaced, file ${fileId}, could not be removed: ${messageOf(error)}`);
    return false;
  }
}
