import { idNumber } from "../columns/int64.js";
import { ArgumentError, ServerError } from "../errors.js";
import type { IAdmin } from "./ice/schema/omero.js";
import { type ObjectId, toObjectId } from "./object-id.js";
import type { SessionInfo } from "./session-info.js";

/** Name or id of a group; -1 for all groups. Text of digits is an id. */
export type GroupRef = string | ObjectId;

/** The id that a reference is, if it is not a name. @throws ArgumentError `INVALID_ARGUMENT` */
function asGroupId(group: GroupRef): number | undefined {
  if (typeof group === "string" && !/^(-1|\d+)$/.test(group)) return undefined;
  return String(group) === "-1" ? -1 : idNumber(toObjectId(group, "group"), "group");
}

/**
 * The id to work with: that of a group the user is in; administrators may work in any.
 * @throws ArgumentError `INVALID_ARGUMENT` if there is no such group or the user is not in it.
 */
export async function resolveGroup(group: GroupRef, session: SessionInfo, admin: IAdmin): Promise<number> {
  const id =
    asGroupId(group) ?? (group === session.groupName ? session.groupId : await findGroup(String(group), admin));
  const { memberOfGroups, isAdmin, userName } = session;
  if (id === -1 || isAdmin || memberOfGroups.includes(id)) return id;
  throw new ArgumentError(
    "INVALID_ARGUMENT",
    `user "${userName}" is not in group ${String(group)}, but in ${memberOfGroups.join(", ") || "none"}`,
  );
}

/** The name of a group given by name or id. @throws ServerError if the server knows no group of that id. */
export async function groupNameOf(group: GroupRef, admin: IAdmin): Promise<string> {
  const id = asGroupId(group);
  if (id === undefined) return String(group);
  const name = (await admin.getGroup(id))?.name?.val;
  if (name === undefined) throw new ServerError("SERVER_FAILURE", `the server does not say what group ${id} is called`);
  return name;
}

async function findGroup(name: string, admin: IAdmin): Promise<number> {
  try {
    const id = (await admin.lookupGroup(name))?.id?.val;
    if (id !== undefined) return idNumber(id, "group");
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== "API_USAGE") throw error;
  }
  throw new ArgumentError("INVALID_ARGUMENT", `there is no group "${name}" that this user can see`);
}
