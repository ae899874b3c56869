/** What one session may see and do, in the group its call is about. */
import { securityViolation, validation } from "../exceptions.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import { groupRights, type ObjectRights } from "../model/permissions.js";
import type { User } from "./account-records.js";
import { type Accounts, ROLES } from "./accounts.js";

/** As `omero.group`: every group the user is in; for administrators every group. */
export const ALL_GROUPS = -1n;

/** Accounts, which everyone who is logged in can read. */
const ACCOUNT_CLASSES = ["Experimenter", "ExperimenterGroup", "GroupExperimenterMap"];
/** What the server notes itself, and sessions. */
const LOG_CLASSES = ["Event", "EventLog", "Node", "Session"];
const PUBLIC_CLASSES = [...ACCOUNT_CLASSES, ...LOG_CLASSES];

const NO_RIGHTS: ObjectRights = {
  link: false,
  edit: false,
  delete: false,
  annotate: false,
  chgrp: false,
  chown: false,
};

function noGroup(group: bigint) {
  const reason = `No row with the given identifier exists: [ome.model.meta.ExperimenterGroup#${group}]`;
  return validation(`${reason}; nested exception is org.hibernate.ObjectNotFoundException: ${reason}`);
}

export class Access {
  readonly user: User;
  /** Id of a group, or {@link ALL_GROUPS}. */
  readonly group: bigint;
  readonly #accounts: Accounts;
  readonly #isPublicClass: (className: string) => boolean;

  /** @throws IceUserException SecurityViolation unless the user may work in the group; Validation if there is none. */
  constructor(accounts: Accounts, user: User, group: bigint, isEnumeration: (className: string) => boolean) {
    this.#accounts = accounts;
    this.user = user;
    this.group = group;
    this.#isPublicClass = (className) => PUBLIC_CLASSES.includes(className) || isEnumeration(className);
    if (group !== ALL_GROUPS && !accounts.group(group)) throw noGroup(group);
    if (group !== ALL_GROUPS && !user.isAdmin && !accounts.isMember(user, group)) {
      throw securityViolation(`User ${user.id} is not a member of group ${group} and cannot login`);
    }
  }

  /** The same session in another group. */
  in(group: bigint): Access {
    return new Access(this.#accounts, this.user, group, this.#isPublicClass);
  }

  canRead(object: StoredObject): boolean {
    if (object.className === "Session") return this.user.isAdmin || object.owner === this.user.id;
    if (this.#isPublicClass(object.className)) return true;
    if (this.group !== ALL_GROUPS && object.group !== this.group && object.group !== ROLES.userGroupId) return false;
    return this.#canReadInGroup(object);
  }

  #canReadInGroup({ owner, group }: StoredObject): boolean {
    if (this.user.isAdmin || group === ROLES.userGroupId) return true;
    if (!this.#accounts.isMember(this.user, group)) return false;
    return owner === this.user.id || this.#accounts.isLeader(this.user, group) || this.#groupRights(group).read;
  }

  rights(object: StoredObject): ObjectRights {
    const { className, owner, group } = object;
    if (this.#isPublicClass(className)) {
      const edit = this.user.isAdmin || (className === "Experimenter" && object.id === this.user.id);
      return { ...NO_RIGHTS, edit, annotate: this.user.isAdmin };
    }
    const rights = this.user.isAdmin ? this.#adminRights(object) : this.#memberRights(object);
    // In private groups nothing of one's own can be on what is others'.
    const isApart = owner !== this.user.id && !this.#groupRights(group).read;
    return isApart ? { ...rights, link: false, annotate: false } : rights;
  }

  #memberRights({ owner, group }: StoredObject): ObjectRights {
    if (!this.#accounts.isMember(this.user, group)) return NO_RIGHTS;
    const isOwner = owner === this.user.id;
    const isLeader = this.#accounts.isLeader(this.user, group);
    const { annotate, write } = this.#groupRights(group);
    const full = isOwner || isLeader || write;
    return {
      link: full,
      edit: full,
      delete: full,
      annotate: full || annotate,
      chgrp: isOwner,
      chown: isLeader,
    };
  }

  #adminRights({ className, owner }: StoredObject): ObjectRights {
    const isOwner = owner === this.user.id;
    const may = (privilege: string) => isOwner || this.user.privileges.has(privilege);
    const [write, remove] = className === "OriginalFile" ? ["WriteFile", "DeleteFile"] : ["WriteOwned", "DeleteOwned"];
    const edit = may(write!) || may("WriteOwned");
    return {
      link: edit,
      edit,
      delete: may(remove!) || may("DeleteOwned"),
      annotate: edit,
      chgrp: may("Chgrp"),
      chown: this.user.privileges.has("Chown"),
    };
  }

  /** Permission string of an object: that of its group; of the call's, for users and other things of the server's. */
  permissions(object: ObjectReference & { readonly group: bigint }): string {
    const { className, id } = object;
    const isAccount = PUBLIC_CLASSES.includes(className);
    const isSystem = isAccount || this.#isPublicClass(className);
    const group = className === "ExperimenterGroup" ? id : isSystem ? this.group : object.group;
    // In all groups at once, what the server lists is as public as the group of all users.
    return this.#accounts.group(group)?.permissions ?? (isSystem && !isAccount ? "rwr-r-" : "rw----");
  }

  /** @throws IceUserException SecurityViolation in all groups at once, where nothing can be written. */
  get writableGroup(): bigint {
    if (this.group === ALL_GROUPS) {
      throw securityViolation("Group -1 (all groups) is for reading: name the group to write in as omero.group");
    }
    return this.group;
  }

  #groupRights(group: bigint) {
    return groupRights(this.permissions({ className: "Image", id: 0n, group }));
  }
}
