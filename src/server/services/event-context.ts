/** `omero::sys::EventContext`: who a session is, as clients ask for it. */
import { rlong, rstring } from "../../rtypes.js";
import { permissionsValue } from "../model/permissions.js";
import type { Access } from "../world/access.js";
import { ALL_GROUPS } from "../world/access.js";
import type { Session } from "../world/sessions.js";
import type { World } from "../world/world.js";

/** In the group of the call; the session's own where the call is about all groups. */
export function eventContext(world: World, session: Session, access: Access): Record<string, unknown> {
  const { user, sudoer } = session;
  const group = world.accounts.group(access.group === ALL_GROUPS ? session.group : access.group)!;
  const groups = world.accounts.groupsOf(user);
  const led = groups.filter(({ id }) => world.accounts.isLeader(user, id));
  return {
    iceId: "::omero::sys::EventContext",
    shareId: -1n,
    sessionId: session.id,
    sessionUuid: session.uuid,
    userId: user.id,
    userName: user.name,
    sudoerId: sudoer ? rlong(sudoer.id) : null,
    sudoerName: sudoer ? rstring(sudoer.name) : null,
    groupId: group.id,
    groupName: group.name,
    isAdmin: user.isAdmin,
    adminPrivileges: [...user.privileges],
    eventId: -1n,
    eventType: "User",
    memberOfGroups: BigInt64Array.from(groups, ({ id }) => id),
    leaderOfGroups: BigInt64Array.from(led, ({ id }) => id),
    groupPermissions: permissionsValue(group.permissions, undefined),
  };
}
