/** Who owns an object, in which group, and what the user may do with it. */
import { idNumber } from "../../columns/int64.js";
import type { Details, Experimenter, ExperimenterGroup, Permissions } from "../../connect/ice/schema/omero.js";
import { permissionText } from "../../connect/session-info.js";
import { invalidArgument } from "../../errors.js";
import { dateOf, optionalText } from "../plain-values.js";

/** What OMERO's permissions are called. */
const PERMISSION_NAMES = {
  "rw----": "PRIVATE",
  "rwr---": "READ-ONLY",
  "rwra--": "READ-ANNOTATE",
  "rwrw--": "READ-WRITE",
} as const;

/** The name of a group's permissions. */
export type PermissionName = (typeof PERMISSION_NAMES)[keyof typeof PERMISSION_NAMES];

/** The name of permissions like `rwra--`; undefined for those that have none. */
export function permissionName(text: string): PermissionName | undefined {
  return Object.hasOwn(PERMISSION_NAMES, text) ? PERMISSION_NAMES[text as keyof typeof PERMISSION_NAMES] : undefined;
}

/**
 * The text of permissions given by name or as it is: `rwra--` for "READ-ANNOTATE" and "rwra--".
 * @throws ArgumentError `INVALID_ARGUMENT` for what is neither
 */
export function permissionsByName(name: string): string {
  const found = Object.entries(PERMISSION_NAMES).find((entry) => (entry as readonly string[]).includes(name));
  if (found) return found[0];
  const names = Object.values(PERMISSION_NAMES).join(", ");
  throw invalidArgument(`permissions ${JSON.stringify(name)}: give one of ${names}`);
}

/** What the session's user may do with an object. */
export interface ObjectPermissions {
  /** For example `rwra--`: what owner, group and others may do. */
  readonly text: string;
  /** For example `READ-ANNOTATE`; undefined for permissions without a name. */
  readonly name: PermissionName | undefined;
  /** Whether the user may change it. */
  readonly canEdit: boolean;
  /** Whether the user may annotate it. */
  readonly canAnnotate: boolean;
  /** Whether the user may link it to others. */
  readonly canLink: boolean;
  /** Whether the user may delete it. */
  readonly canDelete: boolean;
  /** Whether the user may move it to another group. */
  readonly canMove: boolean;
  /** Whether the user may give it to another owner. */
  readonly canChangeOwner: boolean;
}

/** The user who owns an object. The names are undefined where the server gave the id alone. */
export interface OwnerDetails {
  /** Id of the Experimenter. */
  readonly id: number;
  /** Log-in name. */
  readonly userName: string | undefined;
  /** First and last name. */
  readonly fullName: string | undefined;
}

/** The group an object is in. */
export interface GroupDetails {
  /** Id of the ExperimenterGroup. */
  readonly id: number;
  /** Name of the group, where the server gave it. */
  readonly name: string | undefined;
}

/** What the server says of an object besides its content. Users and groups have neither owner, group nor dates. */
export interface ObjectDetails {
  /** The owner. */
  readonly owner: OwnerDetails | undefined;
  /** The group. */
  readonly group: GroupDetails | undefined;
  /** What this user may do. */
  readonly permissions: ObjectPermissions | undefined;
  /** When it was made. */
  readonly createdAt: Date | undefined;
  /** When it was changed last. */
  readonly updatedAt: Date | undefined;
}

/** Places among a permission's restrictions (`omero::constants::permissions`). */
const RESTRICTIONS = { link: 0, edit: 1, delete: 2, annotate: 3, move: 4, changeOwner: 5 };

export function objectDetails(details: Details | null): ObjectDetails {
  return {
    owner: ownerDetails(details?.owner),
    group: groupDetails(details?.group),
    permissions: details?.permissions ? objectPermissions(details.permissions) : undefined,
    createdAt: dateOf(details?.creationEvent?.time),
    updatedAt: dateOf(details?.updateEvent?.time),
  };
}

function ownerDetails(owner: Experimenter | null | undefined): OwnerDetails | undefined {
  if (!owner?.id) return undefined;
  return { id: idNumber(owner.id.val, "user"), userName: optionalText(owner.omeName), fullName: fullNameOf(owner) };
}

/** First, middle and last name; undefined of a user that is not loaded. */
export function fullNameOf({ omeName, firstName, middleName, lastName }: Experimenter): string | undefined {
  if (!omeName) return undefined;
  return [firstName, middleName, lastName].flatMap((name) => name?.val || []).join(" ");
}

function groupDetails(group: ExperimenterGroup | null | undefined): GroupDetails | undefined {
  return group?.id ? { id: idNumber(group.id.val, "group"), name: optionalText(group.name) } : undefined;
}

function objectPermissions(permissions: Permissions): ObjectPermissions {
  const text = permissionText(permissions);
  const may = (what: keyof typeof RESTRICTIONS) => permissions.restrictions[RESTRICTIONS[what]] !== true;
  return {
    text,
    name: permissionName(text),
    canEdit: may("edit"),
    canAnnotate: may("annotate"),
    canLink: may("link"),
    canDelete: may("delete"),
    canMove: may("move"),
    canChangeOwner: may("changeOwner"),
  };
}
