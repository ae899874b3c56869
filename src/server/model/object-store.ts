/** The objects the server knows, by class and id, with an index of what refers to what. In memory. */
import type { Model } from "./model.js";
import { valueSize } from "./value-size.js";

/** Points to another stored object. */
export interface ObjectReference {
  readonly className: string;
  readonly id: bigint;
}

/** Never changed: a changed object is put in place of the old one. */
export interface StoredObject extends ObjectReference {
  readonly owner: bigint;
  readonly group: bigint;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly updated: number;
  /** Ids of the events; none for what an older server has stored. */
  readonly creationEvent?: number;
  readonly updateEvent?: number;
  /** Members other than id, details and collections, by their Slice names: rtypes and other values, or references. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of an OriginalFile: the array its table is. Clients neither see nor set it. */
  readonly array?: RegisteredArray;
  /** Of a user or group that was made by a client. Clients neither see nor set it. */
  readonly account?: StoredAccount;
}

/** What of an account is kept beside the object that stands for it. */
export interface StoredAccount {
  /** Of a group: its permission string. */
  readonly permissions?: string;
  /** Of a user: salt and hash of the password. */
  readonly password?: string;
  /** Of an administrator. */
  readonly privileges?: readonly string[];
  /** Of a user. */
  readonly defaultGroup?: bigint;
}

/** A TileDB array that was registered as a table. */
export interface RegisteredArray {
  readonly path: string;
  /** SHA-256 of its secret token in hexadecimal digits: what else may come to be at the path is another's. */
  readonly tokenHash: string;
}

/** The time of a change, which is its event's number too, and so never that of the change before. */
export function eventAfter(updated: number): number {
  return Math.max(Date.now(), updated + 1);
}

export function isReference(value: unknown): value is ObjectReference {
  return typeof value === "object" && value !== null && "className" in value && "id" in value;
}

/** Rows that are made when they are asked for, of what is kept elsewhere. */
export interface DerivedRows {
  get(id: bigint): StoredObject | undefined;
  all(): Iterable<StoredObject>;
  referring(member: string, target: ObjectReference): StoredObject[];
  /** Those with one of the values; undefined where they cannot be found but by looking at all. */
  having(member: string, values: readonly bigint[]): StoredObject[] | undefined;
}

/** Notes what becomes of objects. */
export interface ChangeRecorder {
  /** @returns the object with its events. */
  put(object: StoredObject, before: StoredObject | undefined): StoredObject;
  deleted(object: StoredObject): void;
  /** @returns how to undo what is noted from now on. */
  mark(): () => void;
}

const NO_RECORDER: ChangeRecorder = { put: (object) => object, deleted: () => {}, mark: () => () => {} };

export class ObjectStore {
  readonly model: Model;
  readonly #tables = new Map<string, Map<bigint, StoredObject>>();
  readonly #lastIds = new Map<string, bigint>();
  /** `class.member:id` -> the objects of that class whose member refers to that id. */
  readonly #referrers = new Map<string, Set<StoredObject>>();
  /** By owner: what their objects take in memory. */
  readonly #bytes = new Map<bigint, number>();
  readonly #onChange: (className: string, id: bigint) => void;
  readonly #derived = new Map<string, DerivedRows>();
  recorder: ChangeRecorder = NO_RECORDER;
  /** How to undo what the running transaction did, latest last. */
  #undo: (() => void)[] | undefined;

  /** @param onChange is told the class (the one below IObject) and id of what is new, other or gone. */
  constructor(model: Model, onChange: (className: string, id: bigint) => void = () => {}) {
    this.model = model;
    this.#onChange = onChange;
  }

  /** Makes the rows of a class come from elsewhere. */
  derive(className: string, rows: DerivedRows): void {
    this.#derived.set(className, rows);
  }

  /** Does all of `action`, or nothing of it if it throws. */
  transaction<T>(action: () => T): T {
    if (this.#undo) return action();
    const undo = [this.recorder.mark()];
    this.#undo = undo;
    try {
      return action();
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** An id no object of this class, nor of its relatives, has had. */
  nextId(className: string): bigint {
    const root = this.model.rootOf(className);
    const id = (this.#lastIds.get(root) ?? 0n) + 1n;
    this.#lastIds.set(root, id);
    return id;
  }

  /**
   * Adds an object or replaces the one with its class and id.
   * @returns the object as it is kept.
   */
  put(object: StoredObject): StoredObject {
    const before = this.get(object.className, object.id);
    this.#undo?.push(() => (before ? this.#set(before) : this.#unset(object)));
    const kept = this.recorder.put(object, before);
    this.#set(kept);
    this.#onChange(this.model.rootOf(object.className), object.id);
    return kept;
  }

  /** Adds what was stored before. Nobody is told. */
  fill(objects: Iterable<StoredObject>): void {
    for (const object of objects) this.#set(object);
  }

  /** Bytes that the objects of a user take in memory, roughly. */
  bytesOf(owner: bigint): number {
    return this.#bytes.get(owner) ?? 0;
  }

  #count({ owner, values }: StoredObject, sign: 1 | -1): void {
    this.#bytes.set(owner, this.bytesOf(owner) + sign * valueSize(values));
  }

  #set(object: StoredObject): void {
    this.#unindex(this.get(object.className, object.id));
    this.#count(object, 1);
    const root = this.model.rootOf(object.className);
    let table = this.#tables.get(root);
    if (!table) {
      table = new Map();
      this.#tables.set(root, table);
    }
    table.set(object.id, object);
    if (object.id > (this.#lastIds.get(root) ?? 0n)) this.#lastIds.set(root, object.id);
    for (const key of this.#referenceKeys(object)) {
      const referrers = this.#referrers.get(key);
      if (referrers) referrers.add(object);
      else this.#referrers.set(key, new Set([object]));
    }
  }

  /** Undefined unless the object exists and is of this class or a subclass. */
  get(className: string, id: bigint): StoredObject | undefined {
    const root = this.model.rootOf(className);
    const derived = this.#derived.get(root);
    const object = derived ? derived.get(id) : this.#tables.get(root)?.get(id);
    return object && this.model.isA(object.className, className) ? object : undefined;
  }

  /** The class of the object itself, which may derive from the one it is referred to by. */
  classOf({ className, id }: ObjectReference): string {
    const root = this.model.rootOf(className);
    return this.#derived.has(root) ? root : (this.#tables.get(root)?.get(id)?.className ?? className);
  }

  /** Objects of a class and its subclasses in order of their ids' creation. */
  *all(className: string): Generator<StoredObject> {
    const roots = className === "IObject" ? [...this.#tables.keys()] : [this.model.rootOf(className)];
    for (const root of roots) {
      for (const object of this.#derived.get(root)?.all() ?? []) {
        if (this.model.isA(object.className, className)) yield object;
      }
      for (const object of this.#tables.get(root)?.values() ?? []) {
        if (this.model.isA(object.className, className)) yield object;
      }
    }
  }

  /** The objects of class `className` (or a subclass) whose `member` refers to `target`, by id. */
  referring(className: string, member: string, target: ObjectReference): StoredObject[] {
    const root = this.model.rootOf(className);
    const derived = this.#derived.get(root);
    if (derived) return this.#refersTo(className, member, target) ? derived.referring(member, target) : [];
    const key = referrerKey(root, member, this.model.rootOf(target.className), target.id);
    return [...(this.#referrers.get(key) ?? [])]
      .filter((object) => this.model.isA(object.className, className))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The objects with one of the values in a member; undefined where they cannot be found but by looking at all. */
  having(className: string, member: string, values: readonly bigint[]): StoredObject[] | undefined {
    return this.#derived.get(className)?.having(member, values);
  }

  #refersTo(className: string, member: string, target: ObjectReference): boolean {
    const known = this.model.member(className, member);
    return known?.kind === "reference" && this.model.rootOf(known.className) === this.model.rootOf(target.className);
  }

  delete(className: string, id: bigint): boolean {
    const object = this.get(className, id);
    if (!object) return false;
    this.#undo?.push(() => this.#set(object));
    this.#unset(object);
    this.recorder.deleted(object);
    this.#onChange(this.model.rootOf(object.className), object.id);
    return true;
  }

  /** Makes objects again what they were before; undefined where there was none. Nobody is told. */
  restore(before: readonly (ObjectReference & { readonly object: StoredObject | undefined })[]): void {
    for (const { className, id, object } of before) {
      const now = this.get(className, id);
      if (object) this.#set(object);
      else if (now) this.#unset(now);
    }
    for (const root of new Set(before.map(({ className }) => className))) this.#sort(root);
  }

  /** What comes back is to stand where it was. */
  #sort(root: string): void {
    const objects = [...(this.#tables.get(root) ?? [])];
    objects.sort(([a], [b]) => (a < b ? -1 : 1));
    this.#tables.set(root, new Map(objects));
  }

  #unset(object: StoredObject): void {
    this.#unindex(object);
    this.#tables.get(this.model.rootOf(object.className))!.delete(object.id);
  }

  /** Highest id given out by class, so that ids of deleted objects are not given out again after a restart. */
  get lastIds(): ReadonlyMap<string, bigint> {
    return this.#lastIds;
  }

  restoreLastId(root: string, id: bigint): void {
    if (id > (this.#lastIds.get(root) ?? 0n)) this.#lastIds.set(root, id);
  }

  #unindex(object: StoredObject | undefined): void {
    if (!object) return;
    this.#count(object, -1);
    for (const key of this.#referenceKeys(object)) {
      const referrers = this.#referrers.get(key);
      referrers?.delete(object);
      if (referrers?.size === 0) this.#referrers.delete(key);
    }
  }

  #referenceKeys(object: StoredObject): string[] {
    const root = this.model.rootOf(object.className);
    return Object.entries(object.values).flatMap(([member, value]) =>
      isReference(value) ? [referrerKey(root, member, this.model.rootOf(value.className), value.id)] : [],
    );
  }
}

function referrerKey(root: string, member: string, targetRoot: string, id: bigint): string {
  return `${root}.${member}:${targetRoot}:${id}`;
}
