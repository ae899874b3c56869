/** What the store can keep. */
import { DataError } from "../../errors.js";

/** A value that comes back from the store as it went in. */
export type Storable =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | ArrayBuffer
  | ArrayBufferView
  | readonly Storable[]
  | ReadonlyMap<Storable, Storable>
  | ReadonlySet<Storable>
  | { readonly [name: string]: Storable };

/** A value read from the store: a copy of its own. Changing it changes nothing in the store; write it again for that. */
export type ReadValue<T> = [Exclude<Storable, undefined>] extends [T] ? T : ReadonlyDeep<T>;

/** Of what may be any value all is readonly anyway. */
type ReadonlyDeep<T> =
  T extends Map<infer Key, infer Value>
    ? ReadonlyMap<ReadValue<Key>, ReadValue<Value>>
    : T extends Set<infer Item>
      ? ReadonlySet<ReadValue<Item>>
      : T extends Date | ArrayBuffer | ArrayBufferView | ((...args: never[]) => unknown)
        ? T
        : { readonly [Name in keyof T]: ReadValue<T[Name]> };

/** What was found out about a value. */
export interface Inspected {
  /** Whether there is a -0 in it. */
  readonly hasNegativeZero: boolean;
  /** Whether JSON keeps all of it: no other types, nothing that is in it twice. */
  readonly isJson: boolean;
  /** Letters and items in it, roughly. */
  readonly size: number;
}

/** @throws DataError `UNSUPPORTED_TYPE` */
export function inspectStorable(value: unknown): Inspected {
  const inspection = new Inspection();
  inspection.visit(value, "the value");
  return inspection;
}

/** Whether a value is one that JSON keeps, and nothing is in it but numbers, texts and the like: that is seen soonest. */
export function isFlat(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isJsonScalar(value);
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.getOwnPropertySymbols(value).length > 0) return false;
  for (const name of Object.keys(value)) {
    if (name === "__proto__" || !name.isWellFormed()) return false;
    if (!isJsonScalar((value as Record<string, unknown>)[name])) return false;
  }
  return true;
}

function isJsonScalar(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return value.isWellFormed();
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "boolean":
      return true;
    default:
      return value === null;
  }
}

/** A copy of a value with `negativeZero()` where it has a -0. */
export function withoutNegativeZero(value: unknown, negativeZero: () => unknown): unknown {
  return copyWith(value, negativeZero, new Map());
}

class Inspection implements Inspected {
  hasNegativeZero = false;
  isJson = true;
  size = 0;
  readonly #seen = new Set<object>();

  visit(value: unknown, place: string): void {
    this.size++;
    if (typeof value !== "object" || value === null) this.#visitPlain(value, place);
    else if (this.#seen.has(value)) this.isJson = false;
    else {
      this.#seen.add(value);
      this.#visitObject(value, place);
    }
  }

  #visitPlain(value: unknown, place: string): void {
    if (typeof value === "number") this.#visitNumber(value);
    else if (typeof value === "string") this.#visitText(value, place);
    else if (typeof value === "function" || typeof value === "symbol") throw unsupported(place, `a ${typeof value}`);
    else if (value === undefined || typeof value === "bigint") this.isJson = false;
  }

  #visitNumber(value: number): void {
    if (Object.is(value, -0)) this.hasNegativeZero = true;
    if (this.hasNegativeZero || !Number.isFinite(value)) this.isJson = false;
  }

  #visitText(value: string, place: string): void {
    if (!value.isWellFormed()) throw unsupported(place, "text with half a surrogate pair");
    this.size += value.length;
  }

  #visitObject(value: object, place: string): void {
    const isJsonObject = Array.isArray(value) ? isDense(value) : isPlainValue(value);
    this.isJson &&= isJsonObject;
    if (isOfClass(value) ? !isKept(value) : isDerivedList(value)) throw unsupported(place, instanceOf(value));
    if (isBinary(value) || value instanceof Date) return;
    if (Array.isArray(value)) value.forEach((item, index) => void this.visit(item, `${place}[${index}]`));
    else if (value instanceof Map) this.#visitMap(value, place);
    else if (value instanceof Set) for (const item of value) this.visit(item, `an item of ${place}`);
    else if (isPlainValue(value)) this.#visitProperties(value, place);
    else throw unsupported(place, instanceOf(value));
  }

  #visitMap(map: Map<unknown, unknown>, place: string): void {
    for (const [key, value] of map) {
      this.visit(key, `a key of ${place}`);
      this.visit(value, `${place}.get(${typeof key === "object" ? "..." : String(key)})`);
    }
  }

  #visitProperties(value: object, place: string): void {
    if (Object.getOwnPropertySymbols(value).length > 0) throw unsupported(place, "an object with symbols as names");
    for (const [name, item] of Object.entries(value)) {
      if (name === "__proto__" || !name.isWellFormed()) throw unsupported(place, `an object with the name ${name}`);
      this.visit(item, `${place}.${name}`);
    }
  }
}

const LONGEST_JSON_LIST = 4096;

/** Whether a list has an item at each place and nothing beside; of long ones that is not asked. */
function isDense(list: readonly unknown[]): boolean {
  return list.length <= LONGEST_JSON_LIST && Object.keys(list).length === list.length;
}

function copyWith(value: unknown, negativeZero: () => unknown, copies: Map<object, unknown>): unknown {
  if (Object.is(value, -0)) return negativeZero();
  if (typeof value !== "object" || value === null || isBinary(value) || value instanceof Date) return value;
  if (copies.has(value)) return copies.get(value);
  const copy = (item: unknown) => copyWith(item, negativeZero, copies);
  const target: object = Array.isArray(value)
    ? []
    : value instanceof Map
      ? new Map()
      : value instanceof Set
        ? new Set()
        : {};
  copies.set(value, target);
  fill(target, value, copy);
  return target;
}

function fill(target: object, value: object, copy: (item: unknown) => unknown): void {
  if (Array.isArray(target)) for (const item of value as unknown[]) target.push(copy(item));
  else if (target instanceof Map)
    for (const [key, item] of value as Map<unknown, unknown>) target.set(copy(key), copy(item));
  else if (target instanceof Set) for (const item of value as Set<unknown>) target.add(copy(item));
  else for (const [name, item] of Object.entries(value)) (target as Record<string, unknown>)[name] = copy(item);
}

/** The classes whose instances are kept. What is derived from them would come back as something else, or not at all. */
const CLASSES: readonly { readonly prototype: object }[] = [
  ...[Map, Set, Date, ArrayBuffer, DataView, Buffer, Uint8Array, Int8Array, Uint8ClampedArray, Uint16Array, Int16Array],
  ...[Uint32Array, Int32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];
const KEPT: ReadonlySet<object> = new Set(CLASSES.map(({ prototype }) => prototype));

function isOfClass(value: object): boolean {
  return isBinary(value) || value instanceof Map || value instanceof Set || value instanceof Date;
}

/** Lists of other realms are not derived, though they have another prototype. */
function isDerivedList(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) && prototype !== Array.prototype && (prototype === null || !isPlainValue(prototype));
}

function isKept(value: object): boolean {
  return KEPT.has(Object.getPrototypeOf(value));
}

function instanceOf(value: object): string {
  return `an instance of ${value.constructor?.name || "a class"}`;
}

/** Whether a value is held as bytes: an ArrayBuffer, or a view of one. */
function isBinary(value: object): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** Whether an object is one of no class. */
export function isPlainValue(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function unsupported(place: string, found: string): DataError {
  return new DataError("UNSUPPORTED_TYPE", `${place} is ${found}, which a store cannot keep`);
}
