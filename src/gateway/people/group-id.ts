import type { OmeroConnection } from "../../connect/connection.js";
import { type GroupRef, resolveGroup } from "../../connect/groups.js";

/** The id of a group given by name or id; undefined where none is given. */
export async function groupIdOf(connection: OmeroConnection, group: GroupRef | undefined): Promise<number | undefined> {
  if (group === undefined || group === -1) return group;
  return resolveGroup(group, connection.session, connection.getAdminService());
}
