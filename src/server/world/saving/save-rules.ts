/** What an OMERO server asks of what clients say of objects' details, and of changes to objects. */
import { isDeepStrictEqual } from "node:util";
import { securityViolation, serverError } from "../../exceptions.js";
import { updateEventId } from "../../model/events.js";
import { javaName } from "../../model/java-names.js";
import type { Instance } from "../../model/materialize.js";
import type { ObjectReference, StoredObject } from "../../model/object-store.js";
import { permissionBits } from "../../model/permissions.js";
import type { Access } from "../access.js";
import type { World } from "../world.js";

/** What a client says of an object beside its members. */
interface SentDetails {
  readonly owner?: Instance | null;
  readonly group?: Instance | null;
  readonly updateEvent?: Instance | null;
  readonly permissions?: { readonly perm1?: bigint } | null;
}

/** Members that are sent where nothing is stored, with what is sent then. */
const UNSTORED: Readonly<Record<string, unknown>> = { series: 0 };

/** Whether the client changes any of an object's members; their version apart, which the server counts. */
export function isChanged(before: StoredObject, sent: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(sent).some(([name, value]) => {
    if (name === "version") return false;
    return !isDeepStrictEqual(contentOf(name, value), contentOf(name, before.values[name]));
  });
}

function contentOf(name: string, value: unknown): unknown {
  const isNothing = value == null || (Array.isArray(value) && value.length === 0);
  const unstored = (value as { val?: unknown } | null | undefined)?.val === UNSTORED[name] && name in UNSTORED;
  return isNothing || unstored ? null : value;
}

/** @throws IceUserException OptimisticLockException for what was changed since the client got it. */
export function checkUpdateEvent(world: World, before: StoredObject, instance: Instance): void {
  const sent = sentId((instance.details as SentDetails | null | undefined)?.updateEvent);
  const stored = updateEventId(before);
  if (sent === undefined || sent === stored) return;
  const change = `from ome.model.meta.Event:Id_${stored} to ome.model.meta.Event:Id_${sent}`;
  const reason = `You are not authorized to change the update event for ${named(world, before)} ${change}`;
  throw serverError("OptimisticLockException", `${reason} You may need to reload the object before continuing.`);
}

/**
 * Whose a new object is, and in which group, as its sender wants it.
 * @throws IceUserException SecurityViolation for another's, or in another group than the call's; GroupSecurityViolation
 * for permissions other than the group's.
 */
export function detailsOfNew(
  world: World,
  access: Access,
  reference: ObjectReference,
  instance: Instance,
): { owner: bigint; group: bigint } {
  const { owner, group, permissions } = (instance.details ?? {}) as SentDetails;
  const [ownerId, groupId] = [sentId(owner) ?? access.user.id, sentId(group) ?? access.writableGroup];
  const refusal = (what: string, id: bigint) =>
    securityViolation(
      `You are not authorized to set the ${what} for ${named(world, reference)} to ome.model.meta.${what}:Id_${id}`,
    );
  if (ownerId !== access.user.id && !(access.user.isAdmin && world.accounts.user(ownerId))) {
    throw refusal("Experimenter", ownerId);
  }
  if (groupId !== access.writableGroup) throw refusal("ExperimenterGroup", groupId);
  const bits = permissionBits(access.permissions({ className: "Image", id: 0n, group: groupId }));
  if (permissions?.perm1 !== undefined && BigInt.asIntN(64, permissions.perm1) !== bits) {
    throw serverError("GroupSecurityViolation", "Manually setting permissions currently disallowed");
  }
  return { owner: ownerId, group: groupId };
}

/**
 * Whose a stored object is to be, and in which group.
 * @throws IceUserException SecurityViolation if the user may not give it away, or move it there.
 */
export function detailsOfChanged(
  world: World,
  access: Access,
  before: StoredObject,
  instance: Instance,
): { owner?: bigint; group?: bigint } {
  const { owner, group } = (instance.details ?? {}) as SentDetails;
  const [ownerId, groupId] = [sentId(owner) ?? before.owner, sentId(group) ?? before.group];
  const refusal = (what: string, member: string, from: bigint, to: bigint) => {
    const change = `from ome.model.meta.${what}:Id_${from} to ome.model.meta.${what}:Id_${to}`;
    return securityViolation(`You are not authorized to change the ${member} for ${named(world, before)} ${change}`);
  };
  if (ownerId !== before.owner && !(access.user.isAdmin && world.accounts.user(ownerId))) {
    throw refusal("Experimenter", "owner", before.owner, ownerId);
  }
  const mayEnter = access.user.isAdmin || world.accounts.isMember(access.user, groupId);
  if (groupId !== before.group && !(mayEnter && world.accounts.group(groupId) && access.rights(before).chgrp)) {
    throw refusal("ExperimenterGroup", "group", before.group, groupId);
  }
  return { owner: ownerId, group: groupId };
}

export function sentId(instance: Instance | null | undefined): bigint | undefined {
  return (instance?.id as { val: bigint } | null | undefined)?.val;
}

function named({ model }: World, { className, id }: ObjectReference): string {
  return `${javaName(model, className)}:Id_${id}`;
}
