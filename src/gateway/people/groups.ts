/** Groups by name, and the users in them. */
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { TableError } from "../../errors.js";
import { checkOptions } from "../../flow/options.js";
import { rlong, rstring } from "../../rtypes.js";
import { wrapAll } from "../loading/family.js";
import type { ObjectContext } from "../loading/object-context.js";
import { idOf, loadByIds, queryRows } from "../loading/query-rows.js";
import type { Experimenter, ExperimenterGroup } from "../objects/experimenter.js";
import { LOAD_OPTIONS, type LoadOptions } from "../objects/omero-object.js";

/** The id of a user given by id or log-in name. @throws TableError `NOT_FOUND` */
export async function userIdOf(context: ObjectContext, user: ObjectId, signal?: AbortSignal): Promise<bigint> {
  if (typeof user !== "string" || /^\d+$/.test(user)) return toObjectId(user, "user");
  const hql = "select e.id from Experimenter e where e.omeName = :name";
  const [row] = await queryRows(context, hql, { name: rstring(user) }, { signal });
  if (row) return idOf(row[0]);
  throw new TableError("NOT_FOUND", `There is no user ${JSON.stringify(user)}`);
}

/** The group that the connection works in, with its users. */
export async function currentGroup(context: ObjectContext, options: LoadOptions): Promise<ExperimenterGroup> {
  checkOptions(options, LOAD_OPTIONS, "getCurrentGroup");
  const { signal } = options;
  const { groupId, session } = context.connection;
  const id = groupId === -1 ? session.groupId : groupId;
  const [group] = await loadByIds(context, "ExperimenterGroup", [BigInt(id)], { signal });
  if (group) return wrapAll<ExperimenterGroup>(context, [group])[0]!;
  throw new TableError("NOT_FOUND", `There is no group ${id} that this user can see`);
}

/** The other users of the connection's group; none of a private group, unless the user leads it. */
export async function colleagues(context: ObjectContext, options: LoadOptions): Promise<Experimenter[]> {
  checkOptions(options, LOAD_OPTIONS, "listColleagues");
  const { userId } = context.connection.session;
  const group = await currentGroup(context, options);
  if (group.permissionName === "PRIVATE" && !group.leaderIds.includes(userId)) return [];
  const others = group.memberIds.filter((id) => id !== userId).map(BigInt);
  return wrapAll(context, await loadByIds(context, "Experimenter", others, options));
}

/** The groups that the user leads. */
export async function ownedGroups(context: ObjectContext, options: LoadOptions): Promise<ExperimenterGroup[]> {
  checkOptions(options, LOAD_OPTIONS, "listOwnedGroups");
  const { signal } = options;
  const hql =
    "select m.parent.id from GroupExperimenterMap m where m.child.id = :user and m.owner = true order by m.parent.id";
  const user = rlong(context.connection.session.userId);
  const ids = (await queryRows(context, hql, { user }, { signal })).map(([id]) => idOf(id));
  return wrapAll(context, await loadByIds(context, "ExperimenterGroup", ids, { signal }));
}

/** Whether the user is an administrator who may do all that administrators may. */
export async function hasAllPrivileges({ connection }: ObjectContext, options: LoadOptions): Promise<boolean> {
  checkOptions(options, LOAD_OPTIONS, "isFullAdmin");
  const { isAdmin, adminPrivileges } = connection.session;
  if (!isAdmin) return false;
  const all = await connection.service("::omero::api::ITypes").allEnumerations("AdminPrivilege", options);
  return all.length === adminPrivileges.length;
}
