/** Users and groups: who may log in, who belongs where. Also kept as Experimenters and ExperimenterGroups of the model. */
import { ArgumentError } from "../../errors.js";
import { rbool, rint, rstring } from "../../rtypes.js";
import type { ObjectStore, StoredAccount, StoredObject } from "../model/object-store.js";
import { isPermissionString } from "../model/permissions.js";
import type { GroupOptions, UserOptions } from "../options.js";
import { type Group, storedGroups, storedUsers, type User } from "./account-records.js";
import { hashPassword, isPassword, NO_PASSWORD } from "./passwords.js";

/** Ids of the roles every OMERO server has (`omero::sys::Roles`). */
export const ROLES = {
  rootId: 0n,
  rootName: "root",
  systemGroupId: 0n,
  systemGroupName: "system",
  userGroupId: 1n,
  userGroupName: "user",
  guestId: 1n,
  guestName: "guest",
  guestGroupId: 2n,
  guestGroupName: "guest",
} as const;

/** What administrators may be allowed to do (`omero::model::enums::AdminPrivilege*`). */
export const ADMIN_PRIVILEGES = [
  "Chgrp",
  "Chown",
  "DeleteFile",
  "DeleteManagedRepo",
  "DeleteOwned",
  "DeleteScriptRepo",
  "ModifyGroup",
  "ModifyGroupMembership",
  "ModifyUser",
  "ReadSession",
  "Sudo",
  "WriteFile",
  "WriteManagedRepo",
  "WriteOwned",
  "WriteScriptRepo",
] as const;

export class Accounts {
  readonly #store: ObjectStore;
  readonly #users = new Map<bigint, User>();
  /** Users and groups as they were declared when the server started. */
  readonly #declared = new Map<bigint, User>();
  readonly #declaredGroups = new Map<bigint, Group>();
  readonly #groups = new Map<bigint, Group>();

  constructor(store: ObjectStore) {
    this.#store = store;
    for (const group of storedGroups(store)) this.#groups.set(group.id, group);
    for (const user of storedUsers(store, this.#groups)) this.#users.set(user.id, user);
    this.addGroup({ name: ROLES.systemGroupName, id: 0, permissions: "rw----" });
    this.addGroup({ name: ROLES.userGroupName, id: 1, permissions: "rwr-r-" });
    this.addGroup({ name: ROLES.guestGroupName, id: 2, permissions: "rw----" });
    if (!this.#users.has(ROLES.rootId)) this.#addUser(ROLES.rootId, { name: ROLES.rootName, admin: true, groups: [] });
    this.#addUser(ROLES.guestId, {
      name: ROLES.guestName,
      fullName: "Guest Account",
      groups: [ROLES.guestGroupName],
    });
  }

  /** @throws ArgumentError `INVALID_ARGUMENT` for permissions that are none. */
  addGroup({ name, id, permissions = "rwr---", description = "" }: GroupOptions): Group {
    if (!isPermissionString(permissions)) {
      const rule = "permissions are written like rw----, rwr---, rwra-- or rwrw--";
      throw new ArgumentError("INVALID_ARGUMENT", `group "${name}": "${permissions}" given, but ${rule}`);
    }
    const groupId = this.#idFor("ExperimenterGroup", "name", name, id, 3n);
    const group: Group = this.#groups.get(groupId) ?? { id: groupId, name, permissions, members: new Map() };
    group.permissions = permissions;
    this.#groups.set(groupId, group);
    this.#declaredGroups.set(groupId, { ...group });
    this.#put("ExperimenterGroup", groupId, {
      name: rstring(name),
      description: description === "" ? null : rstring(description),
      ldap: rbool(false),
    });
    return group;
  }

  /** Adds a user with the groups named, making those that are not there yet. */
  addUser(options: UserOptions): User {
    if (options.name === ROLES.rootName) return this.#addUser(ROLES.rootId, { ...options, admin: true });
    return this.#addUser(this.#idFor("Experimenter", "omeName", options.name, options.id, 2n), options);
  }

  #addUser(id: bigint, options: UserOptions): User {
    const groups = (options.groups ?? []).map((entry) => (typeof entry === "string" ? { name: entry } : entry));
    const memberships = groups.map(({ name, leader }) => ({
      group: this.groupNamed(name) ?? this.addGroup({ name }),
      leader: leader ?? false,
    }));
    if (options.admin) memberships.push({ group: this.#groups.get(ROLES.systemGroupId)!, leader: false });
    if (id !== ROLES.guestId) memberships.push({ group: this.#groups.get(ROLES.userGroupId)!, leader: false });
    const user: User = {
      id,
      name: options.name,
      isAdmin: options.admin ?? false,
      privileges: new Set(options.admin ? (options.privileges ?? ADMIN_PRIVILEGES) : []),
      defaultGroup: memberships[0]!.group.id,
      password: options.password === undefined ? undefined : hashPassword(options.password),
    };
    this.#users.set(id, user);
    this.#declared.set(id, { ...user });
    this.#putExperimenter(user, options);
    for (const { group, leader } of memberships) this.join(user, group, leader);
    return user;
  }

  #putExperimenter(user: User, options: UserOptions): void {
    const [first = "", ...rest] = (options.fullName ?? options.name).split(" ");
    this.#put("Experimenter", user.id, {
      omeName: rstring(user.name),
      firstName: rstring(first),
      lastName: rstring(rest.join(" ") || first),
      email: options.email === undefined ? null : rstring(options.email),
      ldap: rbool(false),
    });
  }

  /** Makes users and groups again what the store says, whose changes were undone. Sessions keep their users. */
  restore(): void {
    for (const group of [...this.#declaredGroups.values(), ...storedGroups(this.#store)]) {
      if (!this.#store.get("ExperimenterGroup", group.id)) continue;
      const known = this.#groups.get(group.id);
      this.#groups.set(group.id, Object.assign(known ?? group, { name: group.name, permissions: group.permissions }));
    }
    for (const user of [...this.#declared.values(), ...storedUsers(this.#store, new Map())]) {
      if (!this.#store.get("Experimenter", user.id)) continue;
      this.#users.set(user.id, Object.assign(this.#users.get(user.id) ?? { ...user }, user));
    }
    for (const id of [...this.#groups.keys()]) if (!this.#store.get("ExperimenterGroup", id)) this.#groups.delete(id);
    for (const id of [...this.#users.keys()]) if (!this.#store.get("Experimenter", id)) this.#users.delete(id);
    this.#restoreMembers();
  }

  #restoreMembers(): void {
    for (const group of this.#groups.values()) group.members.clear();
    for (const { values } of this.#store.all("GroupExperimenterMap")) {
      const [parent, child] = [values.parent, values.child] as { id: bigint }[];
      const isLeader = (values.owner as { val: boolean } | null)?.val ?? false;
      this.#groups.get(parent!.id)?.members.set(child!.id, isLeader);
    }
  }

  /** Makes or changes a membership. */
  join(user: User, group: Group, leader: boolean): void {
    group.members.set(user.id, leader);
    const parent = { className: "ExperimenterGroup", id: group.id };
    const child = { className: "Experimenter", id: user.id };
    const known = this.#store
      .referring("GroupExperimenterMap", "parent", parent)
      .find((map) => (map.values.child as { id: bigint }).id === user.id);
    const id = known?.id ?? this.#store.nextId("GroupExperimenterMap");
    this.#put("GroupExperimenterMap", id, { parent, child, owner: rbool(leader) });
  }

  leave(user: User, group: Group): void {
    group.members.delete(user.id);
    const child = { className: "Experimenter", id: user.id };
    for (const { id, values } of this.#store.referring("GroupExperimenterMap", "child", child)) {
      if ((values.parent as { id: bigint }).id === group.id) this.#store.delete("GroupExperimenterMap", id);
    }
  }

  /** Notes what of a user is kept with its Experimenter, and members of that. */
  keepUser(user: User, values: Readonly<Record<string, unknown>>): void {
    this.#users.set(user.id, user);
    const { password, privileges, defaultGroup } = user;
    const account = { privileges: [...privileges], defaultGroup, ...(password !== undefined && { password }) };
    this.#put("Experimenter", user.id, values, account);
  }

  keepGroup(group: Group, values: Readonly<Record<string, unknown>>): void {
    this.#groups.set(group.id, group);
    this.#put("ExperimenterGroup", group.id, values, { permissions: group.permissions });
  }

  removeUser(user: User): void {
    for (const group of this.groupsOf(user)) this.leave(user, group);
    this.#users.delete(user.id);
    this.#store.delete("Experimenter", user.id);
  }

  removeGroup(group: Group): void {
    for (const id of [...group.members.keys()]) this.leave(this.#users.get(id)!, group);
    this.#groups.delete(group.id);
    this.#store.delete("ExperimenterGroup", group.id);
  }

  /** The next id that no user, or no group, has or has had. */
  nextUserId(): bigint {
    return this.#freeId("Experimenter", 2n);
  }

  nextGroupId(): bigint {
    return this.#freeId("ExperimenterGroup", 3n);
  }

  user(id: bigint): User | undefined {
    return this.#users.get(id);
  }

  userNamed(name: string): User | undefined {
    return [...this.#users.values()].find((user) => user.name === name);
  }

  group(id: bigint): Group | undefined {
    return this.#groups.get(id);
  }

  groupNamed(name: string): Group | undefined {
    return [...this.#groups.values()].find((group) => group.name === name);
  }

  get groups(): Group[] {
    return [...this.#groups.values()];
  }

  get users(): User[] {
    return [...this.#users.values()];
  }

  groupsOf(user: User): Group[] {
    const groups = this.groups.filter((group) => group.members.has(user.id));
    // The default group comes first, as clients expect.
    return groups.sort((a, b) => Number(b.id === user.defaultGroup) - Number(a.id === user.defaultGroup));
  }

  isMember(user: User, group: bigint): boolean {
    return this.#groups.get(group)?.members.has(user.id) ?? false;
  }

  isLeader(user: User, group: bigint): boolean {
    return this.#groups.get(group)?.members.get(user.id) ?? false;
  }

  /** Takes the same time whether the user exists or not. */
  checkPassword(name: string, password: string): User | undefined {
    const user = this.userNamed(name);
    const matches = isPassword(user?.password ?? NO_PASSWORD, password);
    return matches && user?.password !== undefined ? user : undefined;
  }

  #stored(className: string, member: string, name: string): StoredObject | undefined {
    for (const object of this.#store.all(className)) {
      if ((object.values[member] as { val?: unknown } | undefined)?.val === name) return object;
    }
    return undefined;
  }

  /** The id asked for, the one the name had before, or the next free one. */
  #idFor(className: string, member: string, name: string, wanted: number | undefined, least: bigint): bigint {
    if (name === "") throw new ArgumentError("INVALID_ARGUMENT", `an ${className} needs a name`);
    const known = this.#stored(className, member, name);
    if (wanted === undefined) return known?.id ?? this.#freeId(className, least);
    const isId = Number.isSafeInteger(wanted) && wanted >= 0;
    const holder = isId ? this.#store.get(className, BigInt(wanted)) : undefined;
    if (!isId || holder?.id !== known?.id) {
      const reason = !isId ? "ids are whole numbers" : holder ? "another has this id" : `its id is ${known?.id}`;
      throw new ArgumentError("INVALID_ARGUMENT", `${className} "${name}" cannot have id ${wanted}: ${reason}`);
    }
    return BigInt(wanted);
  }

  #freeId(className: string, least: bigint): bigint {
    // Not that of one who was removed: what was theirs would be the new one's.
    const next = (this.#store.lastIds.get(className) ?? 0n) + 1n;
    return next > least ? next : least;
  }

  #put(className: string, id: bigint, values: Readonly<Record<string, unknown>>, account?: StoredAccount): void {
    const known = this.#store.get(className, id);
    const now = Date.now();
    this.#store.put({
      className,
      id,
      owner: ROLES.rootId,
      group: className === "ExperimenterGroup" ? id : ROLES.userGroupId,
      created: known?.created ?? now,
      updated: now,
      values: { version: rint(0), ...known?.values, ...values },
      ...((account ?? known?.account) && { account: account ?? known!.account! }),
    });
  }
}
