/** `omero::api::IAdmin`: users, groups and who is who. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage } from "../exceptions.js";
import type { FetchPlan } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import type { Group, User } from "../world/account-records.js";
import { ROLES } from "../world/accounts.js";
import { AccountChanges } from "./admin/account-changes.js";
import { eventContext } from "./event-context.js";

/** Groups come with their members, experimenters with their groups. */
const WITH_MEMBERS: FetchPlan = nested("groupExperimenterMap", "child");
const WITH_GROUPS: FetchPlan = nested("groupExperimenterMap", "parent");

export class AdminService extends AccountChanges {
  getEventContext(current: Current): Record<string, unknown> {
    return eventContext(this.context.world, this.context.session, this.context.access(current));
  }

  canUpdate(object: Instance | null, current: Current): boolean {
    const id = (object?.id as { val: bigint } | null | undefined)?.val;
    if (!object || id === undefined) return false;
    const access = this.context.access(current);
    const className = this.context.world.model.resolve(object.iceId);
    const stored = className && this.context.world.store.get(className, id);
    return stored ? access.canRead(stored) && access.rights(stored).edit : false;
  }

  getExperimenter(id: bigint, current: Current): Instance {
    return this.#experimenter(this.#user(id), current);
  }

  lookupExperimenter(name: string, current: Current): Instance {
    const user = this.context.world.accounts.userNamed(name);
    if (!user) throw apiUsage(`No such experimenter: ${name}`);
    return this.#experimenter(user, current);
  }

  lookupExperimenters(current: Current): Instance[] {
    return this.context.world.accounts.users.map((user) => this.#experimenter(user, current));
  }

  getGroup(id: bigint, current: Current): Instance {
    return this.#groupInstance(this.#group(id), current);
  }

  lookupGroup(name: string, current: Current): Instance {
    const group = this.context.world.accounts.groupNamed(name);
    if (!group) throw apiUsage(`No such group: ${name}`);
    return this.#groupInstance(group, current);
  }

  lookupGroups(current: Current): Instance[] {
    return this.context.world.accounts.groups.map((group) => this.#groupInstance(group, current));
  }

  containedExperimenters(groupId: bigint, current: Current): Instance[] {
    return [...this.#group(groupId).members.keys()].map((id) => this.getExperimenter(id, current));
  }

  containedGroups(experimenterId: bigint, current: Current): Instance[] {
    const { accounts } = this.context.world;
    return accounts.groupsOf(this.#user(experimenterId)).map((group) => this.#groupInstance(group, current));
  }

  getDefaultGroup(experimenterId: bigint, current: Current): Instance {
    return this.getGroup(this.#user(experimenterId).defaultGroup, current);
  }

  getMemberOfGroupIds(experimenter: Instance | null): BigInt64Array {
    const groups = this.context.world.accounts.groupsOf(this.userOf(experimenter));
    return BigInt64Array.from(groups, ({ id }) => id);
  }

  getLeaderOfGroupIds(experimenter: Instance | null): BigInt64Array {
    const user = this.userOf(experimenter);
    const { accounts } = this.context.world;
    const led = accounts.groupsOf(user).filter(({ id }) => accounts.isLeader(user, id));
    return BigInt64Array.from(led, ({ id }) => id);
  }

  getCurrentAdminPrivileges(current: Current): Instance[] {
    return this.#privileges(this.context.session.user, current);
  }

  getAdminPrivileges(experimenter: Instance | null, current: Current): Instance[] {
    return this.#privileges(this.userOf(experimenter), current);
  }

  getAdminsWithPrivileges(privileges: readonly (Instance | null)[], current: Current): Instance[] {
    const wanted = privileges.map((privilege) => (privilege?.value as { val: string } | null | undefined)?.val ?? "");
    return this.context.world.accounts.users
      .filter((user) => user.isAdmin && wanted.every((name) => user.privileges.has(name)))
      .map((user) => this.#experimenter(user, current));
  }

  getSecurityRoles(): Record<string, unknown> {
    return { iceId: "::omero::sys::Roles", ...ROLES };
  }

  lookupLdapAuthExperimenters() {
    return { iceId: "::omero::RList", val: [] };
  }

  lookupLdapAuthExperimenter(): string {
    return "";
  }

  getMyUserPhotos(): Instance[] {
    return [];
  }

  synchronizeLoginCache(): void {}

  #privileges(user: User, current: Current): Instance[] {
    const entries = [...this.context.world.store.all("AdminPrivilege")].filter((entry) =>
      user.privileges.has((entry.values.value as { val: string }).val),
    );
    return this.context.loadAll(this.context.access(current), entries);
  }

  #user(id: bigint): User {
    const user = this.context.world.accounts.user(id);
    if (!user) throw apiUsage(`No such experimenter: ${id}`);
    return user;
  }

  #group(id: bigint): Group {
    const group = this.context.world.accounts.group(id);
    if (!group) throw apiUsage(`No such group: ${id}`);
    return group;
  }

  #experimenter(user: User, current: Current): Instance {
    const { world } = this.context;
    const stored = world.store.get("Experimenter", user.id)!;
    return world.materializer(this.context.access(current)).load(stored, WITH_GROUPS);
  }

  #groupInstance(group: Group, current: Current): Instance {
    const { world } = this.context;
    const stored = world.store.get("ExperimenterGroup", group.id)!;
    return world.materializer(this.context.access(current)).load(stored, WITH_MEMBERS);
  }
}

function nested(outer: string, inner: string): FetchPlan {
  return { properties: new Map([[outer, { properties: new Map([[inner, { properties: new Map() }]]) }]]) };
}
