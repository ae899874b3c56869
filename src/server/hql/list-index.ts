/** Places of objects in the lists that the model keeps them in, from 0: wells' samples, pixels' channels and so on. */
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import { isReference } from "../model/object-store.js";
import { HqlError } from "./grammar/syntax.js";
import type { QueryScope } from "./properties.js";

/** The member by which an object refers to that whose list it is in. */
const LISTED_BY: Record<string, string> = {
  Channel: "pixels",
  ChannelBinding: "renderingDef",
  CodomainMapContext: "channelBinding",
  GroupExperimenterMap: "child",
  Pixels: "image",
  Shape: "roi",
  WellSample: "well",
};

/** Looks every list through once. */
export class ListIndexes {
  readonly #scope: QueryScope;
  readonly #known = new Map<string, ReadonlyMap<bigint, number>>();

  constructor(scope: QueryScope) {
    this.#scope = scope;
  }

  /** @throws HqlError for objects that are in no list; null where its list's owner is unknown. */
  indexOf(object: StoredObject): number | null {
    const root = this.#scope.store.model.rootOf(object.className);
    const member = LISTED_BY[root];
    if (member === undefined) throw new HqlError(`index() needs members of a list: ${object.className} is in none`);
    const owner = object.values[member];
    return isReference(owner) ? (this.#list(root, member, owner).get(object.id) ?? null) : null;
  }

  #list(className: string, member: string, owner: ObjectReference): ReadonlyMap<bigint, number> {
    const key = `${className}:${owner.className}:${owner.id}`;
    let list = this.#known.get(key);
    if (!list) {
      const members = this.#scope.store.referring(className, member, owner);
      list = new Map(members.map(({ id }, index) => [id, index]));
      this.#known.set(key, list);
    }
    return list;
  }
}
