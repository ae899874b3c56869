/**
 * Group permissions and what they allow: `rw----` private, `rwr---` read-only, `rwra--` read-annotate, `rwrw--`
 * read-write. Bits and restrictions as in `omero.model.PermissionsI`.
 */

export interface GroupRights {
  readonly read: boolean;
  readonly annotate: boolean;
  readonly write: boolean;
}

/** What a session may do with one object. */
export interface ObjectRights {
  readonly link: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  readonly annotate: boolean;
  readonly chgrp: boolean;
  readonly chown: boolean;
}

const PATTERN = /^([r-])([aw-])([r-])([aw-])([r-])([aw-])$/i;
const READ = 4n;
const WRITE = 2n;
const ANNOTATE = 1n;

/** Whether a text is a permission string such as `rwra--`. */
export function isPermissionString(text: string): boolean {
  return PATTERN.test(text.replaceAll("_", "-"));
}

/** The rights members of a group have on each other's objects. */
export function groupRights(permissions: string): GroupRights {
  const [, , , read, write] = match(permissions);
  return { read: read === "r", annotate: write === "a" || write === "w", write: write === "w" };
}

/** The bits sent as `Permissions.perm1`: for user, group and world read 4, write 2, annotate 1; all other bits set. */
export function permissionBits(permissions: string): bigint {
  const parts = match(permissions);
  let bits = -1n;
  for (const [index, shift] of [8n, 4n, 0n].entries()) {
    const read = parts[1 + 2 * index] === "r";
    const write = parts[2 + 2 * index];
    const granted = (read ? READ : 0n) | (write === "w" ? WRITE | ANNOTATE : write === "a" ? ANNOTATE : 0n);
    bits &= ~((READ | WRITE | ANNOTATE) << shift);
    bits |= granted << shift;
  }
  return bits;
}

/** The permission string for `Permissions.perm1`. */
export function permissionString(bits: bigint): string {
  return [8n, 4n, 0n]
    .map((shift) => {
      const granted = (mask: bigint) => (bits & (mask << shift)) !== 0n;
      return `${granted(READ) ? "r" : "-"}${granted(WRITE) ? "w" : granted(ANNOTATE) ? "a" : "-"}`;
    })
    .join("");
}

/** `omero::model::Permissions` as sent: restrictions are true where something is not allowed. */
export function permissionsValue(permissions: string, rights: ObjectRights | undefined): Record<string, unknown> {
  const order = ["link", "edit", "delete", "annotate", "chgrp", "chown"] as const;
  return {
    iceId: "::omero::model::Permissions",
    perm1: permissionBits(permissions),
    restrictions: rights ? order.map((right) => !rights[right]) : [],
    extendedRestrictions: [],
  };
}

function match(permissions: string): string[] {
  const parts = PATTERN.exec(permissions.replaceAll("_", "-"));
  if (!parts) throw new RangeError(`"${permissions}" is no permission string such as rwra--`);
  return parts.map((part) => part.toLowerCase());
}
