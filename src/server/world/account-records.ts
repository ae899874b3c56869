/** Users and groups, and how those that clients have made are kept with the objects that stand for them. */
import type { ObjectStore } from "../model/object-store.js";

export interface Group {
  readonly id: bigint;
  name: string;
  permissions: string;
  /** Members by user id; true for leaders. */
  readonly members: Map<bigint, boolean>;
}

/** Sessions hold their user: changes are made in place. */
export interface User {
  readonly id: bigint;
  name: string;
  isAdmin: boolean;
  privileges: ReadonlySet<string>;
  /** Group a session is in unless another is asked for. */
  defaultGroup: bigint;
  /** Salt and hash; a user without a password cannot log in with one. */
  password: string | undefined;
}

const SYSTEM_GROUP = 0n;
const USER_GROUP = 1n;

export function storedGroups(store: ObjectStore): Group[] {
  return [...store.all("ExperimenterGroup")].flatMap(({ id, values, account }) =>
    account
      ? [{ id, name: textOf(values.name), permissions: account.permissions ?? "rw----", members: new Map() }]
      : [],
  );
}

/** Also makes them members of the groups that they are in. */
export function storedUsers(store: ObjectStore, groups: ReadonlyMap<bigint, Group>): User[] {
  return [...store.all("Experimenter")].flatMap((object) => {
    const { id, values, account } = object;
    if (!account) return [];
    const memberships = store.referring("GroupExperimenterMap", "child", object).map((map) => map.values);
    const ids = memberships.map(({ parent }) => (parent as { id: bigint }).id);
    for (const [index, { owner }] of memberships.entries()) {
      groups.get(ids[index]!)?.members.set(id, (owner as { val: boolean } | null)?.val ?? false);
    }
    const { privileges = [], defaultGroup = USER_GROUP, password } = account;
    const isAdmin = ids.includes(SYSTEM_GROUP);
    return [{ id, name: textOf(values.omeName), isAdmin, privileges: new Set(privileges), defaultGroup, password }];
  });
}

function textOf(value: unknown): string {
  return (value as { val: string } | null | undefined)?.val ?? "";
}
