/** Objects that came together: what is asked of one of them is loaded for all, in few calls. */
import type { IObject } from "../../connect/ice/schema/omero.js";
import { type Members, type ObjectContext, typeNameOf } from "./object-context.js";
import { RelatedObjects, type Relation } from "./related-objects.js";

/** Objects for which one call asks at most. */
const MOST_MEMBERS = 1000;
const ALL_GROUPS = -1;

export class Family implements Members {
  readonly context: ObjectContext;
  /** Ids of its members, each once. */
  readonly ids: readonly bigint[];
  /** Group that all members are in; -1 where they are in several. */
  readonly group: number;
  readonly #models: readonly IObject[];
  readonly #related = new Map<string, RelatedObjects>();
  readonly #kept = new Map<string, unknown>();

  constructor(context: ObjectContext, models: readonly IObject[]) {
    this.context = context;
    this.#models = models;
    this.ids = [...new Set(models.map(({ id }) => id!.val))];
    const groups = new Set(models.map(({ details }) => details?.group?.id?.val));
    const [only] = groups;
    this.group = groups.size === 1 && only !== undefined ? Number(only) : ALL_GROUPS;
  }

  /** The objects that a relation leads to from one member, in the relation's order. */
  related(relation: Relation): RelatedObjects {
    return this.#keep(
      this.#related,
      relation.key,
      () => new RelatedObjects(this, relation, (models) => wrapAll(this.context, models)),
    );
  }

  /** Has what was asked be asked again: it has changed. */
  forget(): void {
    this.#related.clear();
  }

  /** Something made once for all members. */
  shared<T>(key: string, make: (models: readonly IObject[]) => T): T {
    return this.#keep(this.#kept as Map<string, T>, key, () => make(this.#models));
  }

  #keep<T>(kept: Map<string, T>, key: string, make: () => T): T {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key)!;
  }
}

/** Objects made of what the server gave, in families of as many as one call can ask for. */
export function wrapAll<T>(context: ObjectContext, models: readonly IObject[]): T[] {
  const objects: T[] = [];
  for (let start = 0; start < models.length; start += MOST_MEMBERS) {
    const members = models.slice(start, start + MOST_MEMBERS);
    const family = new Family(context, members);
    for (const model of members) objects.push(wrapIn<T>(family, model));
  }
  return objects;
}

/** An object of a family's member. Types without a class of their own are made of that of all objects. */
export function wrapIn<T>(family: Family, model: IObject): T {
  const { context } = family;
  const type = typeNameOf(model);
  const objectClass = Object.hasOwn(context.classes, type) ? context.classes[type]! : context.classes.IObject!;
  return new objectClass(context, model as never, family as never) as T;
}
