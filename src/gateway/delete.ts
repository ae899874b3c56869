/** Removing objects from a server. */
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import { type CommandOptions, runCommand } from "./commands.js";

/** Ids by class of `omero::model`, for example `{ FileAnnotation: [5n] }`. */
export type ObjectIds = Readonly<Record<string, readonly bigint[]>>;

/**
 * Removes objects with their links and all that is theirs alone: an annotation takes its file along. What is not there
 * is passed over.
 * @throws ServerError `SERVER_FAILURE` where the user may not remove one of them; nothing is removed then.
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
  await runCommand(connection, request, options);
}
