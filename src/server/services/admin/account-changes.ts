/** The half of `omero::api::IAdmin` that changes users, groups and memberships. */
import { rbool } from "../../../rtypes.js";
import { apiUsage, securityViolation, validation } from "../../exceptions.js";
import type { Instance } from "../../model/materialize.js";
import type { Group, User } from "../../world/account-records.js";
import { ADMIN_PRIVILEGES, ROLES } from "../../world/accounts.js";
import { hashPassword } from "../../world/passwords.js";
import type { SessionContext } from "../context.js";
import { membersOf, permissionsOf, privilegeNames, sentText } from "./sent-accounts.js";

type Sent = Instance | null;
type SentList = readonly Sent[];
type Text = { val: string } | null;

const USER_MEMBERS = ["omeName", "firstName", "middleName", "lastName", "institution", "email"] as const;
const GROUP_MEMBERS = ["name", "description"] as const;

export class AccountChanges {
  protected readonly context: SessionContext;

  constructor(context: SessionContext) {
    this.context = context;
  }

  createGroup(sent: Sent): bigint {
    this.#need("ModifyGroup");
    const name = sentText(sent?.name);
    this.#checkGroupName(name, undefined);
    const group: Group = {
      id: this.#accounts.nextGroupId(),
      name,
      permissions: permissionsOf(sent),
      members: new Map(),
    };
    this.#accounts.keepGroup(group, { ...membersOf(sent, GROUP_MEMBERS), ldap: rbool(false) });
    return group.id;
  }

  createUser(sent: Sent, groupName: string): bigint {
    const group = this.#accounts.groupNamed(groupName);
    if (!group) throw apiUsage(`No such group: ${groupName}`);
    return this.#createUser(sent, undefined, [group, this.#accounts.group(ROLES.userGroupId)!], []);
  }

  createSystemUser(sent: Sent): bigint {
    return this.#createAdmin(sent, undefined, ADMIN_PRIVILEGES);
  }

  createRestrictedSystemUser(sent: Sent, privileges: SentList): bigint {
    return this.#createAdmin(sent, undefined, privilegeNames(privileges));
  }

  createRestrictedSystemUserWithPassword(sent: Sent, privileges: SentList, password: Text): bigint {
    return this.#createAdmin(sent, password?.val ?? "", privilegeNames(privileges));
  }

  createExperimenter(sent: Sent, defaultGroup: Sent, others: SentList): bigint {
    return this.#createUser(sent, undefined, this.#groupsOf([defaultGroup, ...others]), []);
  }

  createExperimenterWithPassword(sent: Sent, password: Text, defaultGroup: Sent, others: SentList): bigint {
    return this.#createUser(sent, password?.val ?? "", this.#groupsOf([defaultGroup, ...others]), []);
  }

  addGroups(user: Sent, groups: SentList): void {
    const added = this.userOf(user);
    for (const group of this.#groupsOf(groups)) {
      // Who is a leader already stays one.
      if (!group.members.has(added.id)) this.#setMembership(added, group, "member");
    }
  }

  removeGroups(user: Sent, groups: SentList): void {
    for (const group of this.#groupsOf(groups)) this.#setMembership(this.userOf(user), group, "none");
  }

  setDefaultGroup(sent: Sent, group: Sent): void {
    const user = this.userOf(sent);
    if (user.id !== this.#me.id) this.#need("ModifyUser");
    const { id } = this.groupOf(group);
    if (!this.#accounts.isMember(user, id)) throw apiUsage(`User ${user.id} is not a member of group ${id}`);
    user.defaultGroup = id;
    this.#accounts.keepUser(user, {});
  }

  setGroupOwner(group: Sent, owner: Sent): void {
    this.#setMembership(this.userOf(owner), this.groupOf(group), "leader");
  }

  unsetGroupOwner(group: Sent, owner: Sent): void {
    this.#setMembership(this.userOf(owner), this.groupOf(group), "member");
  }

  addGroupOwners(group: Sent, owners: SentList): void {
    for (const owner of owners) this.setGroupOwner(group, owner);
  }

  removeGroupOwners(group: Sent, owners: SentList): void {
    for (const owner of owners) this.unsetGroupOwner(group, owner);
  }

  /** Of oneself: names and address, not the log-in name. */
  updateSelf(sent: Sent): void {
    this.#accounts.keepUser(this.#me, membersOf(sent, USER_MEMBERS.slice(1)));
  }

  updateExperimenter(sent: Sent): void {
    const user = this.userOf(sent);
    if (user.id !== this.#me.id) this.#need("ModifyUser");
    this.#checkRank(user);
    const members = membersOf(sent, user.id === this.#me.id ? USER_MEMBERS.slice(1) : USER_MEMBERS);
    const name = sentText(members.omeName ?? { val: user.name });
    this.#checkName(name, user);
    user.name = name;
    this.#accounts.keepUser(user, members);
  }

  updateExperimenterWithPassword(sent: Sent, password: Text): void {
    this.#need("ModifyUser");
    this.updateExperimenter(sent);
    this.#setPassword(this.userOf(sent), password);
  }

  updateGroup(sent: Sent): void {
    const group = this.groupOf(sent);
    if (!this.#accounts.isLeader(this.#me, group.id)) this.#need("ModifyGroup");
    const members = membersOf(sent, GROUP_MEMBERS);
    const name = sentText(members.name ?? { val: group.name });
    this.#checkGroupName(name, group);
    group.name = name;
    if (sent?.details) group.permissions = permissionsOf(sent, group.permissions);
    this.#accounts.keepGroup(group, members);
  }

  deleteExperimenter(sent: Sent): void {
    this.#need("ModifyUser");
    const user = this.userOf(sent);
    this.#checkRank(user);
    if (user.id <= ROLES.guestId || user.id === this.#me.id) throw validation(`User ${user.id} cannot be deleted`);
    this.#checkUnused(`User ${user.id}`, ({ owner }) => owner === user.id);
    this.#accounts.removeUser(user);
  }

  deleteGroup(sent: Sent): void {
    this.#need("ModifyGroup");
    const group = this.groupOf(sent);
    if (group.id <= ROLES.guestGroupId) throw validation(`Group ${group.id} cannot be deleted`);
    this.#checkUnused(`Group ${group.id}`, (object) => object.group === group.id && object.id !== group.id);
    this.#accounts.removeGroup(group);
  }

  setAdminPrivileges(sent: Sent, privileges: SentList): void {
    this.#need("ModifyUser");
    const user = this.userOf(sent);
    this.#checkRank(user);
    const wanted = privilegeNames(privileges);
    this.#checkGrant(wanted);
    user.privileges = new Set(user.isAdmin ? wanted : []);
    this.#accounts.keepUser(user, {});
  }

  changePassword(password: Text): void {
    if (password === null) throw apiUsage("A password is needed");
    if (this.context.session.sudoer) throw securityViolation("Bad authentication credentials for this action.");
    this.#setPassword(this.#me, password);
  }

  changePasswordWithOldPassword(old: Text, password: Text): void {
    if (!this.#accounts.checkPassword(this.#me.name, old?.val ?? "")) {
      throw securityViolation("Old password is invalid");
    }
    if (password === null) throw apiUsage("A password is needed");
    this.#setPassword(this.#me, password);
  }

  changeUserPassword(name: string, password: Text): void {
    this.#need("ModifyUser");
    const user = this.#accounts.userNamed(name);
    if (!user) throw apiUsage(`No such experimenter: ${name}`);
    this.#checkRank(user);
    this.#setPassword(user, password);
  }

  /** @throws IceUserException ApiUsageException unless the object says which user it is. */
  protected userOf(sent: Sent): User {
    const id = (sent?.id as { val: bigint } | null | undefined)?.val;
    if (id === undefined) throw apiUsage("An experimenter with an id is needed");
    const user = this.#accounts.user(id);
    if (!user) throw apiUsage(`No such experimenter: ${id}`);
    return user;
  }

  protected groupOf(sent: Sent): Group {
    const id = (sent?.id as { val: bigint } | null | undefined)?.val;
    if (id === undefined) throw apiUsage("A group with an id is needed");
    const group = this.#accounts.group(id);
    if (!group) throw apiUsage(`No such group: ${id}`);
    return group;
  }

  #createAdmin(sent: Sent, password: string | undefined, privileges: readonly string[]): bigint {
    const groups = [ROLES.systemGroupId, ROLES.userGroupId].map((id) => this.#accounts.group(id)!);
    this.#checkGrant(privileges);
    return this.#createUser(sent, password, groups, privileges);
  }

  #createUser(
    sent: Sent,
    password: string | undefined,
    groups: readonly Group[],
    privileges: readonly string[],
  ): bigint {
    this.#need("ModifyUser");
    const members = membersOf(sent, USER_MEMBERS);
    const name = sentText(members.omeName);
    this.#checkName(name, undefined);
    const isAdmin = groups.some(({ id }) => id === ROLES.systemGroupId);
    if (isAdmin && !this.#me.isAdmin) throw securityViolation("Only administrators can make administrators");
    const user: User = {
      id: this.#accounts.nextUserId(),
      name,
      isAdmin,
      privileges: new Set(privileges),
      defaultGroup: groups[0]!.id,
      password: password === undefined ? undefined : hashPassword(password),
    };
    this.#accounts.keepUser(user, { ...members, ldap: rbool(false) });
    for (const group of groups) this.#accounts.join(user, group, false);
    return user.id;
  }

  /** Leaders may change who is in their groups. */
  #setMembership(user: User, group: Group, state: "none" | "member" | "leader"): void {
    if (!this.#accounts.isLeader(this.#me, group.id) || group.id <= ROLES.guestGroupId) {
      this.#need("ModifyGroupMembership");
    }
    if (group.id === ROLES.systemGroupId) this.#checkRank(user);
    if (state === "none") this.#accounts.leave(user, group);
    else this.#accounts.join(user, group, state === "leader");
    if (group.id === ROLES.systemGroupId) user.isAdmin = state !== "none";
    this.#accounts.keepUser(user, {});
  }

  #setPassword(user: User, password: Text): void {
    if (password?.val === "") throw apiUsage("A password cannot be empty");
    user.password = password === null ? undefined : hashPassword(password.val);
    this.#accounts.keepUser(user, {});
  }

  #need(privilege: (typeof ADMIN_PRIVILEGES)[number]): void {
    if (this.#me.isAdmin && this.#me.privileges.has(privilege)) return;
    throw securityViolation(`This operation needs an administrator with the privilege ${privilege}`);
  }

  /** Nobody changes an administrator who may do more than he himself. */
  #checkRank(user: User): void {
    if (user.isAdmin && user.id !== this.#me.id) this.#checkGrant([...user.privileges]);
  }

  #checkGrant(privileges: readonly string[]): void {
    const beyond = privileges.find((privilege) => !this.#me.privileges.has(privilege));
    if (beyond !== undefined)
      throw securityViolation(`Cannot give or change the privilege ${beyond} without having it`);
  }

  #checkName(name: string, user: User | undefined): void {
    if (name === "")
      throw validation("not-null property references a null or transient value: ome.model.meta.Experimenter.omeName");
    const holder = this.#accounts.userNamed(name);
    if (holder && holder.id !== user?.id) throw validation(`There is a user "${name}" already`);
  }

  #checkGroupName(name: string, group: Group | undefined): void {
    if (name === "")
      throw validation("not-null property references a null or transient value: ome.model.meta.ExperimenterGroup.name");
    const holder = this.#accounts.groupNamed(name);
    if (holder && holder.id !== group?.id) throw validation(`There is a group "${name}" already`);
  }

  #checkUnused(
    what: string,
    isIts: (object: { className: string; id: bigint; owner: bigint; group: bigint }) => boolean,
  ): void {
    for (const object of this.context.world.store.all("IObject")) {
      if (isIts(object)) throw validation(`${what} cannot be deleted: ${object.className} ${object.id} is its`);
    }
  }

  #groupsOf(sent: SentList): Group[] {
    return sent.map((group) => this.groupOf(group));
  }

  get #me(): User {
    return this.context.session.user;
  }

  get #accounts() {
    return this.context.world.accounts;
  }
}
