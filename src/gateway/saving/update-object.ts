/** Changing name and description of an object. */
import type { IObject } from "../../connect/ice/schema/omero.js";
import { invalidArgument, ServerError } from "../../errors.js";
import { rstring } from "../../rtypes.js";
import type { ObjectContext } from "../loading/object-context.js";
import type { NamedRef } from "../loading/object-refs.js";
import { inGroup } from "../query-parameters.js";

/** What is changed; what is undefined stays. */
export interface ObjectChanges {
  /** The new name. */
  readonly name?: string | undefined;
  /** The new description; null for none. */
  readonly description?: string | null | undefined;
}

/**
 * Saves changes to the object as it is on the server now, so that nothing else of it is touched.
 * @throws ServerError `OPTIMISTIC_LOCK` where someone changes it at the same time
 */
export async function updateObject(
  { connection }: ObjectContext,
  { type, id }: NamedRef,
  { name, description }: ObjectChanges,
  group: number | undefined,
  signal?: AbortSignal,
): Promise<void> {
  if (name === "") throw invalidArgument(`A ${type} needs a name`);
  const call = { ...(signal ? { signal } : {}), ...(group === undefined ? {} : { context: inGroup(group) }) };
  const found = await connection.getQueryService().get(type, id, call);
  if (!found) throw new ServerError("SERVER_FAILURE", `the server gave no ${type} ${id}`);
  const changes = {
    ...(name === undefined ? {} : { name: rstring(name) }),
    ...(description === undefined ? {} : { description: description === null ? null : rstring(description) }),
  };
  await connection.getUpdateService().saveObject({ ...found, ...changes } as IObject, call);
}
