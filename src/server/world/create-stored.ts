/** Objects that the server itself makes for a user. */
import { rint } from "../../rtypes.js";
import { eventAfter, isReference, type StoredObject } from "../model/object-store.js";
import type { Access } from "./access.js";
import type { World } from "./world.js";

/**
 * A new object of the user's in the group of the call; references may be given as objects.
 * @throws IceUserException SecurityViolation in all groups at once.
 */
export function createStored(
  world: World,
  access: Access,
  className: string,
  values: Readonly<Record<string, unknown>>,
): StoredObject {
  const now = Date.now();
  const object: StoredObject = {
    className,
    id: world.store.nextId(className),
    owner: access.user.id,
    group: access.writableGroup,
    created: now,
    updated: now,
    values: { ...references(values), version: rint(0) },
  };
  return world.store.put(object);
}

/** The object with other values in place of some of its own. */
export function changeStored(
  world: World,
  object: StoredObject,
  values: Readonly<Record<string, unknown>>,
): StoredObject {
  const current = world.store.get(object.className, object.id) ?? object;
  const changed = {
    ...current,
    updated: eventAfter(current.updated),
    values: { ...current.values, ...references(values) },
  };
  return world.store.put(changed);
}

function references(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isReference(value) ? { className: value.className, id: value.id } : value,
    ]),
  );
}
