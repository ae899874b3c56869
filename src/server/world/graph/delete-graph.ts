/**
 * Which objects go when one is deleted, as `omero::cmd::Delete2` decides: what cannot be without it (links, parts), and
 * annotations, files and children that nothing else refers to, unless they are excluded.
 */

import { javaName } from "../../model/java-names.js";
import type { ObjectReference, StoredObject } from "../../model/object-store.js";
import type { Access } from "../access.js";
import type { World } from "../world.js";
import { OWNED, PARTS } from "./graph-edges.js";

/** Kinds of objects that stay although nothing refers to them any more. */
export interface ChildOption {
  readonly includeType: readonly string[];
  readonly excludeType: readonly string[];
  /** Namespaces of annotations. */
  readonly includeNs: readonly string[];
  readonly excludeNs: readonly string[];
}

export class NotAllowed extends Error {}

/**
 * The objects to delete, all of which the user may delete.
 * @throws NotAllowed otherwise.
 */
export function deleteGraph(
  world: World,
  access: Access,
  targets: readonly StoredObject[],
  options: readonly ChildOption[],
): StoredObject[] {
  const objects = graphBelow(world, targets, options);
  const isFree = (object: StoredObject) => isLinkOf(objects, object, access) || isOfPictures(world, object);
  const forbidden = objects.find((object) => !access.rights(object).delete && !isFree(object));
  if (forbidden)
    throw new NotAllowed(`not permitted to delete ${javaName(world.model, forbidden.className)}[${forbidden.id}]`);
  return objects;
}

/** The objects and what goes with them, whoever may do it. */
export function graphBelow(
  world: World,
  targets: readonly StoredObject[],
  options: readonly ChildOption[],
): StoredObject[] {
  const graph = new DeleteGraph(world, options);
  for (const target of targets) graph.include(target);
  graph.includeOrphans();
  return graph.objects;
}

/** Another user's link to an object goes with the object. */
function isLinkOf(objects: readonly StoredObject[], link: StoredObject, access: Access): boolean {
  const { parent, child } = link.values as Record<string, ObjectReference | undefined>;
  return objects.some(
    (object) =>
      access.rights(object).delete &&
      [parent, child].some((end) => end?.id === object.id && end.className === object.className),
  );
}

/** How others look at pixels, and what they saw, goes with these. */
const OF_PICTURES = ["RenderingDef", "QuantumDef", "ChannelBinding", "CodomainMapContext", "Thumbnail"];

function isOfPictures({ model }: World, { className }: StoredObject): boolean {
  return OF_PICTURES.some((name) => model.isA(className, name));
}

class DeleteGraph {
  readonly #world: World;
  readonly #options: readonly ChildOption[];
  readonly #included = new Map<string, StoredObject>();
  readonly #candidates = new Map<string, StoredObject>();

  constructor(world: World, options: readonly ChildOption[]) {
    this.#world = world;
    this.#options = options;
  }

  /** Parts before what they are parts of. */
  get objects(): StoredObject[] {
    return [...this.#included.values()].reverse();
  }

  include(object: StoredObject): void {
    const key = keyOf(object);
    if (this.#included.has(key)) return;
    this.#included.set(key, object);
    this.#includeReferrers(object);
    for (const [className, members] of Object.entries(OWNED)) {
      if (!this.#world.model.isA(object.className, className)) continue;
      for (const member of members) this.#consider(object.values[member]);
    }
  }

  /** Links to it, whose other ends may be orphans now, and its parts. */
  #includeReferrers(object: StoredObject): void {
    const { model, store } = this.#world;
    for (const [, member] of model.members(object.className)) {
      if (member.kind !== "collection") continue;
      const isLink = model.isLink(member.className);
      for (const referrer of store.referring(member.className, member.inverse, object)) {
        if (isLink) {
          this.include(referrer);
          if (member.inverse === "parent") this.#consider(referrer.values.child);
        } else if (PARTS[model.rootOf(referrer.className)]?.includes(member.inverse)) this.include(referrer);
      }
    }
    for (const className of model.descendants("IObject")) {
      const members = model.isLink(className)
        ? ["parent", "child"]
        : (PARTS[model.rootOf(className)] ?? PARTS[className] ?? []);
      for (const member of members) {
        for (const referrer of store.referring(className, member, object)) this.include(referrer);
      }
    }
  }

  #consider(reference: unknown): void {
    const { className, id } = (reference ?? {}) as Partial<ObjectReference>;
    const object = className === undefined ? undefined : this.#world.store.get(className, id!);
    if (object && !this.#isExcluded(object)) this.#candidates.set(keyOf(object), object);
  }

  #isExcluded(object: StoredObject): boolean {
    const { model } = this.#world;
    const namespace = (object.values.ns as { val?: string } | null)?.val ?? "";
    const isOneOf = (types: readonly string[]) =>
      types.some((type) => model.isA(object.className, model.resolve(type) ?? type));
    for (const { includeType, excludeType, includeNs, excludeNs } of this.#options) {
      const isNamespaced = model.isA(object.className, "Annotation") && (includeNs.length > 0 || excludeNs.length > 0);
      if (
        isNamespaced &&
        !(includeNs.includes(namespace) || (includeNs.length === 0 && !excludeNs.includes(namespace)))
      ) {
        continue;
      }
      if (isOneOf(includeType)) return false;
      if (isOneOf(excludeType)) return true;
    }
    return false;
  }

  /** Adds what nothing outside the graph refers to, until there is no more of it. */
  includeOrphans(): void {
    for (let found = true; found; ) {
      found = false;
      for (const [key, candidate] of this.#candidates) {
        this.#candidates.delete(key);
        if (this.#included.has(key) || this.#isHeld(candidate)) continue;
        this.include(candidate);
        found = true;
      }
    }
  }

  #isHeld(object: StoredObject): boolean {
    const { model, store } = this.#world;
    const holders = model.descendants("IObject").flatMap((className) => {
      if (model.isLink(className)) return store.referring(className, "child", object);
      return (OWNED[className] ?? []).flatMap((member) => store.referring(className, member, object));
    });
    return holders.some((holder) => !this.#included.has(keyOf(holder)));
  }
}

function keyOf({ className, id }: ObjectReference): string {
  return `${className}:${id}`;
}
