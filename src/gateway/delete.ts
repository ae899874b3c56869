/** Removing objects from a server. */
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import { ServerError, TableError } from "../errors.js";
import { type CommandOptions, runCommand } from "./commands.js";
import { findObject } from "./find-object.js";

/** Ids by class of `omero::model`, for example `{ FileAnnotation: [5] }`. */
export type ObjectIds = Readonly<Record<string, readonly number[]>>;

/**
 * Removes objects with their links and all that is theirs alone: an annotation takes its file along. What is not there
 * is passed over.
 * @throws ServerError `SERVER_FAILURE` where the user may not remove one of them; TableError `NOT_PERMITTED` for one that
 * the user may not read. Nothing is removed then.
 */
export async function deleteObjects(
  connection: OmeroConnection,
  objects: ObjectIds,
  options: CommandOptions = {},
): Promise<void> {
  const targets = Object.entries(objects).filter(([, ids]) => ids.length > 0);
  if (targets.length === 0) return;
  const targetObjects = new Map(targets.map(([type, ids]) => [type, BigInt64Array.from(ids, BigInt)]));
  const request = createInstance("::omero::cmd::Delete2", { targetObjects });
  try {
    await runCommand(connection, request, options);
  } catch (error) {
    if (!isAboutReading(error)) throw error;
    const present = await presentOf(connection, targets, options);
    if (countIds(present) === countIds(targets)) throw error;
    await deleteObjects(connection, Object.fromEntries(present), options);
  }
}

type Targets = readonly (readonly [type: string, ids: readonly number[]])[];

/** A server refuses the whole request where it cannot read one of the objects, and does not always say which. */
function isAboutReading(error: unknown): boolean {
  return error instanceof ServerError && /cannot read /.test(error.message);
}

/** Those of the objects that are there. @throws TableError `NOT_PERMITTED` for one that the user may not read */
async function presentOf(connection: OmeroConnection, targets: Targets, { signal }: CommandOptions): Promise<Targets> {
  const present: [string, number[]][] = [];
  for (const [type, ids] of targets) {
    const found: number[] = [];
    for (const id of ids) if (await isThere(connection, type, id, signal)) found.push(id);
    present.push([type, found]);
  }
  return present;
}

async function isThere(
  connection: OmeroConnection,
  type: string,
  id: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await findObject(connection, type, id, { signal });
    return true;
  } catch (error) {
    if (error instanceof TableError && error.code === "NOT_FOUND") return false;
    throw error;
  }
}

function countIds(targets: Targets): number {
  return targets.reduce((sum, [, ids]) => sum + ids.length, 0);
}
