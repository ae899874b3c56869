/** Objects by name, within those that they lie in. */
import { NAMED_TYPES, type NamedObject, type NamedType, type Within } from "./hierarchy.js";

/** Why a name stands for no object: there is none of it, or there are several. */
export type NameFault = "unknown" | "ambiguous";

/** Objects of one name that are remembered: enough to tell some of them. */
const MOST_OF_A_NAME = 8;
/** From the nearest to the farthest. */
const NEAREST_FIRST: readonly NamedType[] = [...NAMED_TYPES].reverse();

export class NameIndex {
  readonly #ids = new Map<string, bigint[]>();
  readonly #names = new Map<bigint, string>();
  /** Types of the objects that those of this index lie in. */
  readonly #around: readonly NamedType[];

  constructor(objects: readonly NamedObject[]) {
    const around = new Set<NamedType>();
    for (const { id, name, within } of objects) {
      this.#names.set(id, name);
      if (name !== "") this.#add(name, id);
      for (const [type, parent] of Object.entries(within) as [NamedType, bigint][]) {
        around.add(type);
        if (name !== "") this.#add(placeKey(type, parent, name), id);
      }
    }
    this.#around = NEAREST_FIRST.filter((type) => around.has(type));
  }

  get size(): number {
    return this.#names.size;
  }

  /** The object of a name within the nearest object known around it. */
  find(name: string, within: Within): bigint | NameFault {
    const nearest = this.#nearest(within);
    const found = this.#ids.get(nearest === undefined ? name : placeKey(nearest, within[nearest]!, name)) ?? [];
    if (found.length === 1) return found[0]!;
    return found.length === 0 ? "unknown" : "ambiguous";
  }

  /** Some of the objects of a name, wherever they lie. */
  some(name: string): readonly bigint[] {
    return this.#ids.get(name) ?? [];
  }

  has(id: bigint): boolean {
    return this.#names.has(id);
  }

  /** Empty for an object that has none or is not there. */
  nameOf(id: bigint): string {
    return this.#names.get(id) ?? "";
  }

  /** Types of the objects that those of this index lie in, the nearest first. */
  get around(): readonly NamedType[] {
    return this.#around;
  }

  #nearest(within: Within): NamedType | undefined {
    return this.#around.find((type) => within[type] !== undefined);
  }

  #add(key: string, id: bigint): void {
    const ids = this.#ids.get(key);
    if (ids === undefined) this.#ids.set(key, [id]);
    else if (ids.length < MOST_OF_A_NAME && !ids.includes(id)) ids.push(id);
  }
}

/** No name holds a NUL. */
function placeKey(type: NamedType, id: bigint, name: string): string {
  return `${type}\0${id}\0${name}`;
}
