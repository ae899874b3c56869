/** What was pickled, as a store keeps it. */
import { DataError } from "../../errors.js";
import type { Storable } from "../records/storable.js";
import { numpyValue } from "./numpy-value.js";
import type { PickledInstance } from "./unpickle.js";

const SETS = /^(__builtin__|builtins)\.(set|frozenset)$/;

/** EMAN2's transformations, made from the first three rows of their matrix; a header has them as stacks do. */
const TRANSFORM = /^libpyTransform2\.Transform$/;

function isMatrix(items: unknown): items is readonly number[] {
  return Array.isArray(items) && items.length === 12 && items.every((item) => typeof item === "number");
}

/**
 * Dictionaries with texts as keys as objects, all others as maps; sets as sets; numbers and arrays of NumPy, and EMAN2's
 * transformations. What is in several places, or within itself,
 * is so in the copy, too: it would otherwise have no end.
 */
export function plainValue(value: Storable): Storable {
  return new Copies().of(value);
}

const DEEPEST = 500;

class Copies {
  readonly #made = new Map<Storable, Storable>();
  #depth = 0;

  of(value: Storable): Storable {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    return this.#made.get(value) ?? this.#within(value);
  }

  #within(value: object): Storable {
    if (this.#depth === DEEPEST) throw new DataError("UNSUPPORTED_TYPE", `it is nested more than ${DEEPEST} deep`);
    this.#depth++;
    const copy = this.#copy(value);
    this.#depth--;
    return copy;
  }

  #copy(value: object): Storable {
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Set) return this.#set(value, value);
    if (value instanceof Map) return this.#dictionary(value);
    return "class" in value ? this.#instance(value as PickledInstance) : (value as Storable);
  }

  /** Noted before it is filled. */
  #note<T extends Storable>(value: object, copy: T): T {
    this.#made.set(value as Storable, copy);
    return copy;
  }

  #list(items: readonly Storable[]): Storable {
    const copy = this.#note(items, [] as Storable[]);
    for (const item of items) copy.push(this.of(item));
    return copy;
  }

  #set(value: object, items: Iterable<Storable>): Storable {
    const copy = this.#note(value, new Set<Storable>());
    for (const item of items) copy.add(this.of(item));
    return copy;
  }

  #dictionary(value: ReadonlyMap<Storable, Storable>): Storable {
    const isNamed = [...value.keys()].every((key) => typeof key === "string" && key !== "__proto__");
    if (isNamed) return this.#object(value, value as ReadonlyMap<string, Storable>);
    const copy = this.#note(value, new Map<Storable, Storable>());
    for (const [key, item] of value) copy.set(this.of(key), this.of(item));
    return copy;
  }

  #object(value: object, entries: Iterable<readonly [string, Storable]>): Storable {
    const copy = this.#note(value, {} as Record<string, Storable>);
    for (const [name, item] of entries) copy[name] = this.of(item);
    return copy;
  }

  #instance(instance: PickledInstance): Storable {
    const [items] = (instance.arguments ?? []) as Storable[];
    const number = numpyValue(instance);
    if (number !== undefined) return this.#note(instance, number);
    if (TRANSFORM.test(instance.class) && isMatrix(items)) return this.#note(instance, { transform: [...items] });
    if (SETS.test(instance.class)) return this.#set(instance, (items ?? []) as Iterable<Storable>);
    return this.#object(instance, Object.entries(instance));
  }
}
