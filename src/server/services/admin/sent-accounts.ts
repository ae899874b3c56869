/** What clients say of users and groups. */
import { rstring } from "../../../rtypes.js";
import type { Instance } from "../../model/materialize.js";
import { permissionString } from "../../model/permissions.js";

type Sent = Instance | null;

/** The members that were sent of those wanted. */
export function membersOf(sent: Sent, wanted: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(wanted.flatMap((name) => (sent?.[name] ? [[name, rstring(sentText(sent[name]))]] : [])));
}

export function permissionsOf(sent: Sent, otherwise = "rw----"): string {
  const details = sent?.details as { permissions?: { perm1: bigint } | null } | null | undefined;
  return details?.permissions ? permissionString(details.permissions.perm1) : otherwise;
}

export function privilegeNames(privileges: readonly Sent[]): string[] {
  return privileges.map((privilege) => sentText(privilege?.value));
}

export function sentText(value: unknown): string {
  return (value as { val: string } | null | undefined)?.val ?? "";
}
