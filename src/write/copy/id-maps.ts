/** Which object of the target each id of a source becomes. */
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument } from "../../errors.js";
import type { LinkTarget } from "../../gateway/links.js";
import {
  Hierarchy,
  levelsBelow,
  NAMED_TYPES,
  type NamedObject,
  type NamedType,
} from "../../gateway/names/hierarchy.js";
import { NameIndex } from "../../gateway/names/name-index.js";
import type { QueryPlace } from "../../gateway/names/paged-rows.js";
import type { IdColumnType } from "./id-columns.js";

/** Ids of a source's objects, and those that they become, by type: `{ Image: { 1: 101, 2: 102 } }`. */
export type IdMaps = {
  readonly [Type in IdColumnType]?: ReadonlyMap<ObjectId, ObjectId> | Readonly<Record<string, ObjectId>>;
};

/** What an id becomes; undefined where there is no object for it. */
export type IdMapping = (type: IdColumnType, id: bigint) => Promise<bigint | undefined>;

/** @throws ArgumentError `INVALID_ARGUMENT` for what is no id */
export function givenMapping(maps: IdMaps): IdMapping {
  const byType = new Map<string, Map<bigint, bigint>>();
  for (const [type, map] of Object.entries(maps)) {
    const entries = map instanceof Map ? [...map] : Object.entries(map as Record<string, ObjectId>);
    const ids = entries.map(
      ([before, after]) => [toObjectId(before, `mapIds ${type}`), toObjectId(after, `mapIds ${type}`)] as const,
    );
    byType.set(type, new Map(ids));
  }
  return async (type, id) => byType.get(type)?.get(id);
}

/** A place, and the object in it below which others are looked for. */
export interface NamedRoot {
  readonly place: QueryPlace;
  readonly root: LinkTarget;
}

/** Objects of the same names, within objects of the same names, below another root. */
export class NameMapping {
  readonly #source: Hierarchy;
  readonly #target: Hierarchy;
  readonly #known = new Map<string, Promise<bigint | undefined>>();
  readonly #objects = new Map<NamedType, Promise<ReadonlyMap<bigint, NamedObject>>>();
  readonly #indexes = new Map<NamedType, Promise<NameIndex>>();

  /** @throws ArgumentError `INVALID_ARGUMENT` where nothing with a name lies below one of the roots */
  constructor(source: NamedRoot, target: NamedRoot) {
    for (const { root } of [source, target]) {
      if (levelsBelow(root.type).length > 0) continue;
      const types = "a screen, plate, project, dataset or image";
      throw invalidArgument(
        `mapIds "names" needs ${types}, below which names are looked for; found ${root.type} ${root.id}`,
      );
    }
    this.#source = new Hierarchy(source.place, source.root);
    this.#target = new Hierarchy(target.place, target.root);
  }

  get mapping(): IdMapping {
    return async (type, id) => (isNamed(type) ? this.#map(type, id) : undefined);
  }

  #map(type: NamedType, id: bigint): Promise<bigint | undefined> {
    const key = `${type} ${id}`;
    const known = this.#known.get(key) ?? this.#find(type, id);
    this.#known.set(key, known);
    return known;
  }

  async #find(type: NamedType, id: bigint): Promise<bigint | undefined> {
    const [source, target] = [this.#source.target, this.#target.target];
    // What the tables are attached to may have other names.
    if (type === source.type && id === source.id && target.type === type) return target.id;
    if (![source, target].every((root) => levelsBelow(root.type).includes(type))) return undefined;
    const object = (await this.#objectsOf(type)).get(id);
    if (object === undefined) return undefined;
    const within: { [Around in NamedType]?: bigint } = {};
    for (const [around, parent] of Object.entries(object.within) as [NamedType, bigint][]) {
      const mapped = await this.#map(around, parent);
      if (mapped !== undefined) within[around] = mapped;
    }
    const found = (await this.#index(type)).find(object.name, within);
    return typeof found === "bigint" ? found : undefined;
  }

  #objectsOf(type: NamedType): Promise<ReadonlyMap<bigint, NamedObject>> {
    const load = async () => new Map((await this.#source.objects(type)).map((object) => [object.id, object]));
    const known = this.#objects.get(type) ?? load();
    this.#objects.set(type, known);
    return known;
  }

  #index(type: NamedType): Promise<NameIndex> {
    const known = this.#indexes.get(type) ?? this.#target.objects(type).then((objects) => new NameIndex(objects));
    this.#indexes.set(type, known);
    return known;
  }
}

function isNamed(type: IdColumnType): type is IdColumnType & NamedType {
  return (NAMED_TYPES as readonly string[]).includes(type);
}
