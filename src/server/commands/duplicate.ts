/** `omero::cmd::Duplicate`: objects once more, with all that is part of them. */
import { copyFile } from "node:fs/promises";
import type { Duplicate } from "../../connect/ice/schema/omero.js";
import { isReference, type ObjectReference, type StoredObject } from "../model/object-store.js";
import { graphBelow, NotAllowed } from "../world/graph/delete-graph.js";
import type { World } from "../world/world.js";
import { type Command, idsByClass, optionsOf, type Response, targetsOf } from "./answers.js";

export function runDuplicate(command: Command, request: Duplicate): Response {
  const { context, access } = command;
  const { world } = context;
  const targets = targetsOf(command, request);
  const isKind = (object: StoredObject, types: readonly string[]) =>
    types.some((type) => world.model.isA(object.className, world.model.resolve(type) ?? type));
  const isLeftOut = (object: StoredObject) =>
    isKind(object, request.typesToReference) || isKind(object, request.typesToIgnore);
  const objects = graphBelow(world, targets, optionsOf(request)).filter((object) => !isLeftOut(object));
  for (const object of objects) {
    if (!access.canRead(object)) throw new NotAllowed(`not permitted to read ${object.className}[${object.id}]`);
  }
  const copies = new Map(
    objects.map((object) => [keyOf(object), { object, id: world.store.nextId(object.className) }]),
  );
  const moved = (value: unknown) => (isReference(value) ? copyOf(copies, value) : value);
  const made = [...copies.values()].map(({ object, id }) => ({
    ...ownedBy(command, object),
    id,
    values: mapped(object, moved),
  }));
  if (!request.dryRun) {
    for (const copy of made) world.store.put(copy);
    command.afterwards.push(() => copyContents(world, [...copies.values()]));
  }
  return { iceId: "::omero::cmd::DuplicateResponse", duplicates: idsByClass(world, made) };
}

function ownedBy({ access }: Command, object: StoredObject): StoredObject {
  const now = Date.now();
  return { ...object, owner: access.user.id, created: now, updated: now };
}

function mapped({ values }: StoredObject, moved: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, moved(value)]));
}

function copyOf(copies: ReadonlyMap<string, { id: bigint }>, reference: ObjectReference): ObjectReference {
  const copy = copies.get(keyOf(reference));
  return copy ? { className: reference.className, id: copy.id } : reference;
}

/** Content that is not there yet is not copied. */
async function copyContents(world: World, copies: readonly { object: StoredObject; id: bigint }[]): Promise<void> {
  for (const { object, id } of copies) {
    const files = { OriginalFile: world.files, Pixels: world.pixels }[object.className];
    if (files && (await files.size(object.id)) !== undefined) await copyFile(files.path(object.id), files.path(id));
  }
}

function keyOf({ className, id }: ObjectReference): string {
  return `${className}:${id}`;
}
