import type { OmeroConnection } from "../connect/connection.js";
import type { CallOptions } from "../connect/ice/client/call.js";
import type { IObject } from "../connect/ice/schema/omero.js";
import { type ErrorDetails, ServerError, TableError } from "../errors.js";

const ALL_GROUPS = { "omero.group": "-1" };

/**
 * Finds an object in whichever group it is.
 * @param details of errors, for example `fileId`
 * @throws TableError `NOT_FOUND`; `NOT_PERMITTED` for one that is there but that this user may not read
 */
export async function findObject(
  connection: OmeroConnection,
  type: string,
  id: bigint | number,
  options: CallOptions = {},
  details: ErrorDetails = {},
): Promise<IObject> {
  const found = await unlessForbidden(
    connection.getQueryService().find(type, id, { ...options, context: ALL_GROUPS }),
    `${type} ${id}`,
    details,
  );
  if (found) return found;
  throw new TableError("NOT_FOUND", `There is no ${type} ${id}`, details);
}

/** @throws TableError `NOT_PERMITTED` where the server refuses to show the object */
async function unlessForbidden<T>(object: Promise<T>, name: string, details: ErrorDetails): Promise<T> {
  try {
    return await object;
  } catch (cause) {
    if (!(cause instanceof ServerError && cause.code === "SECURITY_VIOLATION")) throw cause;
    const text = `This user may not read ${name}: ask its owner, or work as a user of its group`;
    throw new TableError("NOT_PERMITTED", text, { ...details, cause });
  }
}
