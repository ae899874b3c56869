/** Removing objects from a server. */
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import { ServerError, TableError } from "../errors.js";
import { type CommandOptions, runCommand } from "./commands.js";
import { findObject } from "./find-object.js";

/** Ids by class of `omero::model`, for example `{ FileAnnotation: [5n] }`. */
export type ObjectIds = Readonly<Record<string, readonly bigint[]>>;

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
  const targetObjects = new Map(targets.map(([type, ids]) => [type, BigInt64Array.from(ids)]));
  const request = createInstance("::omero::cmd::Delete2", { targetObjects });
  try {
    await runCommand(connection, request, options);
  } catch (error) {
    const absent = absentObject(error, objects);
    if (absent === undefined || !(await isAbsent(connection, absent, options))) throw error;
    await deleteObjects(connection, without(objects, absent), options);
  }
}

interface Target {
  readonly type: string;
  readonly id: bigint;
}

/** The one of the objects that a server, which refuses the whole request for it, cannot read. */
function absentObject(error: unknown, objects: ObjectIds): Target | undefined {
  if (!(error instanceof ServerError)) return undefined;
  const [, name, id] = /cannot read (?:[\w.]+\.)?(\w+)\[(\d+)\]/.exec(error.message) ?? [];
  if (name === undefined || id === undefined) return undefined;
  const absent = BigInt(id);
  const types = Object.keys(objects).filter((type) => objects[type]!.includes(absent));
  const type = types.includes(name) ? name : types.find((one) => name.endsWith(one));
  return type === undefined ? undefined : { type, id: absent };
}

/** Whether there is no such object; a server says of one that the user may not read what it says of none. */
async function isAbsent(connection: OmeroConnection, { type, id }: Target, options: CommandOptions): Promise<boolean> {
  try {
    await findObject(connection, type, id, { signal: options.signal });
    return false;
  } catch (error) {
    if (error instanceof TableError && error.code === "NOT_FOUND") return true;
    throw error;
  }
}

function without(objects: ObjectIds, { type, id }: Target): ObjectIds {
  return { ...objects, [type]: objects[type]!.filter((one) => one !== id) };
}
