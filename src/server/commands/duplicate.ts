/** `omero::cmd::Duplicate`: objects once more, with all that is part of them. */
import { copyFile } from "node:fs/promises";
import type { Duplicate } from "../../connect/ice/schema/omero.js";
import { isReference, type ObjectReference, type StoredObject } from "../model/object-store.js";
import { NotAllowed } from "../world/graph/delete-graph.js";
import { childrenOf, linksOf } from "../world/graph/graph-edges.js";
import type { World } from "../world/world.js";
import { type Command, failure, idsByClass, optionsOf, Refused, type Response, targetsOf } from "./answers.js";

export function runDuplicate(command: Command, request: Duplicate): Response {
  const { context, access } = command;
  const { world } = context;
  const targets = targetsOf(command, request);
  checkClasses(world, request);
  const objects = contentsOf(world, targets, leftOutBy(world, request));
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

/** @throws Refused for a name that is no class's. */
function checkClasses({ model }: World, request: Duplicate): void {
  const { typesToDuplicate, typesToReference, typesToIgnore } = request;
  const unknown = [...typesToDuplicate, ...typesToReference, ...typesToIgnore].find((type) => !model.resolve(type));
  if (unknown !== undefined) throw new Refused(failure(request, "bad-class", `unknown class: ${unknown}`));
}

interface LeftOut {
  /** The copies refer to the original. */
  isReferenced(object: StoredObject): boolean;
  /** The copies have none. */
  isIgnored(object: StoredObject): boolean;
}

function leftOutBy(world: World, request: Duplicate): LeftOut {
  const isOneOf = (types: readonly string[]) => (object: StoredObject) =>
    types.some((type) => world.model.isA(object.className, world.model.resolve(type) ?? type));
  const excluded = optionsOf(request).flatMap(({ excludeType }) => excludeType);
  return {
    isReferenced: isOneOf(request.typesToReference),
    isIgnored: isOneOf([...request.typesToIgnore, ...excluded]),
  };
}

/** The objects, all that is below them, and the links between these: none to what they are in. */
function contentsOf(world: World, targets: readonly StoredObject[], leftOut: LeftOut): StoredObject[] {
  const found = new Map<string, StoredObject>();
  for (let next = [...targets]; next.length > 0; ) {
    const fresh = next.filter((object) => !found.has(keyOf(object)));
    for (const object of fresh) found.set(keyOf(object), object);
    next = fresh.flatMap((object) => [...partsOf(world, object, leftOut), ...linksBelow(world, object, leftOut)]);
  }
  return [...found.values()];
}

function partsOf(world: World, object: StoredObject, { isReferenced, isIgnored }: LeftOut): StoredObject[] {
  return childrenOf(world, object).filter((child) => !isReferenced(child) && !isIgnored(child));
}

function linksBelow(world: World, object: StoredObject, { isIgnored }: LeftOut): StoredObject[] {
  return linksOf(world, object, "parent").filter((link) => {
    const child = world.referenced(link, "child");
    return !isIgnored(link) && child !== undefined && !isIgnored(child);
  });
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
