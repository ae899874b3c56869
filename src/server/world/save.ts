/** Saves the objects that clients send: new ones, changed ones, and whatever new ones they refer to. */
import { isDeepStrictEqual } from "node:util";
import { apiUsage, securityViolation, serverError, validation } from "../exceptions.js";
import { emptyPlan, type FetchPlan, planFrom } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import { eventAfter, isReference, type ObjectReference, type StoredObject } from "../model/object-store.js";
import { type Access, ALL_GROUPS } from "./access.js";
import { checkRequired, checkUpdateEvent, isRemovable, missingMember } from "./save-rules.js";
import type { World } from "./world.js";

const NO_GROUP =
  "No valid permissions available! DUMMY permissions are not intended for copying. " +
  "Make sure that you have not passed omero.group=-1 for a save without context";

/** Classes of which the server itself keeps account, each with a member that no client can give. */
const LOG_CLASSES: Readonly<Record<string, string>> = { Event: "experimenter", EventLog: "action", Node: "conn" };

/** Classes that only the server itself makes or changes. */
const ACCOUNT_CLASSES = ["Experimenter", "ExperimenterGroup", "GroupExperimenterMap"];

/** Saves several objects, all of them or none; the references are in the order of the objects. */
export function saveObjects(world: World, access: Access, instances: readonly (Instance | null)[]): ObjectReference[] {
  if (access.group === ALL_GROUPS) throw apiUsage(NO_GROUP);
  const group = access.writableGroup;
  return world.store.transaction(() => {
    const saver = new Saver(world, access, group);
    const saved = instances.map((instance) => saver.save(instance));
    checkRoom(world, access.user.id);
    return saved;
  });
}

/** @throws IceUserException ApiUsage if a user's objects take more memory than they may. */
export function checkRoom({ store, userLimits }: World, user: bigint): void {
  const { objectBytes } = userLimits;
  if (store.bytesOf(user) <= objectBytes) return;
  throw apiUsage(`The objects of user ${user} take more than ${objectBytes} bytes: delete some`);
}

/** What to send back of a saved object: as much as the client sent loaded, what it refers to, and when that was. */
export function planOf(world: World, instance: Instance, seen = new Set<Instance>()): FetchPlan {
  const plan = planFrom({ details: { owner: {}, creationEvent: {}, updateEvent: {} } });
  const className = world.model.resolve(instance.iceId);
  if (!className || seen.has(instance)) return plan;
  seen.add(instance);
  for (const [name, member] of world.model.members(className)) {
    const isSent = member.kind === "reference" ? instance[name] : instance[`${name}Loaded`] === true;
    const items = member.kind === "reference" ? [instance[name]] : itemsOf(instance, name);
    const loaded = (items as (Instance | null | undefined)[]).filter((item) => item && item.loaded !== false);
    if (member.kind === "value" || (!isSent && loaded.length === 0)) continue;
    const inner = emptyPlan();
    for (const item of loaded) mergePlan(inner, planOf(world, item!, seen));
    plan.properties.set(name, inner);
  }
  return plan;
}

function mergePlan(into: FetchPlan, from: FetchPlan): void {
  for (const [name, inner] of from.properties) {
    const known = into.properties.get(name);
    if (known) mergePlan(known, inner);
    else into.properties.set(name, inner);
  }
}

function itemsOf(instance: Instance, collection: string): readonly (Instance | null)[] {
  return (instance[`${collection}Seq`] as readonly (Instance | null)[] | undefined) ?? [];
}

class Saver {
  readonly #world: World;
  readonly #access: Access;
  readonly #group: bigint;
  readonly #saved = new Map<Instance, ObjectReference>();

  constructor(world: World, access: Access, group: bigint) {
    this.#world = world;
    this.#access = access;
    this.#group = group;
  }

  /** Saves an object the client wants saved, which may be an existing one. */
  save(instance: Instance | null): ObjectReference {
    if (!instance) throw validation("Cannot save null");
    const known = this.#saved.get(instance);
    if (known) return known;
    const className = this.#classOf(instance);
    const id = idOf(instance);
    if (id === undefined) return this.#create(instance, className);
    return instance.loaded === false ? this.#existing(className, id) : this.#update(instance, className, id);
  }

  /** An object another one refers to: saved if it is new, else taken as it is stored. */
  #refer(instance: Instance): ObjectReference {
    const known = this.#saved.get(instance);
    if (known) return known;
    const className = this.#classOf(instance);
    const id = idOf(instance);
    if (id === undefined) return this.#create(instance, className);
    const reference = this.#existing(className, id);
    this.#saved.set(instance, reference);
    // What is new in its collections is saved, too.
    if (instance.loaded !== false) this.#saveCollections(instance, reference);
    return reference;
  }

  #classOf({ iceId }: Instance): string {
    const className = this.#world.model.resolve(iceId);
    if (!className) throw apiUsage(`Cannot save ${iceId}`);
    return className;
  }

  #existing(className: string, id: bigint): ObjectReference {
    const object = this.#world.find(this.#access, className, id);
    if (!object) throw validation(`No such ${className} with id ${id}`);
    return { className: object.className, id };
  }

  /** @param sent what the client sent, where the instance was made from that. */
  #create(instance: Instance, className: string, sent = instance): ObjectReference {
    const { store, model } = this.#world;
    if (model.isEnumeration(className)) return this.#enumerationEntry(instance, className);
    const unknown = LOG_CLASSES[className];
    if (unknown !== undefined) throw missingMember(model, className, unknown);
    if (ACCOUNT_CLASSES.includes(className)) throw securityViolation(`Use the admin service to create ${className}`);
    const reference = { className, id: store.nextId(className) };
    this.#saved.set(instance, reference).set(sent, reference);
    const now = Date.now();
    const values = this.#values(instance, className);
    const object = {
      ...reference,
      owner: this.#access.user.id,
      group: this.#group,
      created: now,
      updated: now,
      values,
    };
    checkRequired(this.#world, object);
    this.#checkReferences(object, undefined);
    store.put(object);
    this.#saveCollections(instance, reference);
    return reference;
  }

  #enumerationEntry(instance: Instance, className: string): ObjectReference {
    const wanted = (instance.value as { val?: unknown } | null)?.val;
    for (const entry of this.#world.store.all(className)) {
      if ((entry.values.value as { val?: unknown } | null)?.val === wanted) return { className, id: entry.id };
    }
    throw validation(`No ${className} "${String(wanted)}"`);
  }

  #update(instance: Instance, className: string, id: bigint): ObjectReference {
    const before = this.#world.find(this.#access, className, id);
    if (!before) throw validation(`No such ${className} with id ${id}`);
    const reference = { className: before.className, id };
    this.#saved.set(instance, reference);
    if (className in LOG_CLASSES) return reference;
    if (!this.#access.rights(before).edit || this.#world.model.isEnumeration(className)) {
      throw securityViolation(`Cannot update ${className}:Id_${id}`);
    }
    checkUpdateEvent(this.#world, before, instance);
    const values = { ...before.values, ...this.#values(instance, className) };
    const after = { ...before, updated: eventAfter(before.updated), values };
    checkNames(before, after);
    checkRequired(this.#world, after);
    this.#checkReferences(after, before);
    this.#world.store.put(after);
    this.#saveCollections(instance, reference);
    this.#removeMissing(instance, before);
    return reference;
  }

  /** Parts that come with what they belong to are changed with it. */
  #updatePart(instance: Instance, id: bigint): void {
    const className = this.#classOf(instance);
    const before = this.#world.find(this.#access, className, id);
    if (!before || this.#world.model.isLink(className)) return;
    const { version: _version, ...sent } = this.#values(instance, className);
    const isOther = ([name, value]: [string, unknown]) =>
      !isDeepStrictEqual(value ?? null, before.values[name] ?? null);
    if (Object.entries(sent).some(isOther)) this.#update(instance, className, id);
  }

  #values(instance: Instance, className: string): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [name, member] of this.#world.model.members(className)) {
      if (["id", "details"].includes(name) || member.kind === "collection") continue;
      const value = instance[name] ?? null;
      values[name] = member.kind === "reference" && value !== null ? this.#refer(value as Instance) : value;
    }
    return values;
  }

  /** New members of collections refer to the object whose collection it is. */
  #saveCollections(instance: Instance, owner: ObjectReference): void {
    for (const [name, member] of this.#world.model.members(owner.className)) {
      if (member.kind !== "collection") continue;
      for (const item of itemsOf(instance, name)) {
        if (!item || this.#saved.has(item)) continue;
        const id = idOf(item);
        if (id === undefined) this.#create({ ...item, [member.inverse]: instance }, this.#classOf(item), item);
        else if (item.loaded !== false && isRemovable(this.#world.model, member)) this.#updatePart(item, id);
      }
    }
  }

  /** Parts and links that a loaded collection no longer has are gone. */
  #removeMissing(instance: Instance, owner: StoredObject): void {
    const { model, store } = this.#world;
    for (const [name, member] of model.members(owner.className)) {
      if (member.kind !== "collection" || instance[`${name}Loaded`] !== true || !isRemovable(model, member)) continue;
      const kept = new Set(itemsOf(instance, name).map((item) => (item ? idOf(item) : undefined)));
      for (const item of store.referring(member.className, member.inverse, owner)) {
        if (!kept.has(item.id) && !this.#isSaved(item) && this.#access.canRead(item)) this.#remove(item);
      }
    }
  }

  /** New members have got their ids from this very save. */
  #isSaved(item: StoredObject): boolean {
    return [...this.#saved.values()].some((saved) => isSame(saved, item));
  }

  #remove(item: StoredObject): void {
    if (!this.#access.rights(item).delete) throw securityViolation(`Cannot delete ${item.className}:Id_${item.id}`);
    this.#world.store.delete(item.className, item.id);
  }

  #checkReferences(object: StoredObject, before: StoredObject | undefined): void {
    const { model } = this.#world;
    const isLink = model.isLink(object.className);
    for (const [name, value] of Object.entries(object.values)) {
      if (!isReference(value) || isSame(value, before?.values[name])) continue;
      const target = this.#world.store.get(value.className, value.id)!;
      if (ACCOUNT_CLASSES.includes(target.className) || model.isEnumeration(target.className)) continue;
      this.#checkGroup(object, target);
      const rights = this.#access.rights(target);
      const isAnnotated = object.className.endsWith("AnnotationLink") && name === "parent";
      const allowed = isAnnotated || (!isLink && name !== "file") ? rights.annotate : rights.link;
      if (!allowed && !this.#mayUseUnlinked(object, name)) {
        throw securityViolation(`Cannot link ${object.className} to ${target.className}:Id_${target.id}`);
      }
    }
    if (isLink && !before) this.#checkUnique(object);
  }

  /** Whoever can read an annotation or a file may link to it. */
  #mayUseUnlinked({ className }: StoredObject, member: string): boolean {
    return member === "file" || (className.endsWith("AnnotationLink") && member === "child");
  }

  #checkGroup(object: StoredObject, target: StoredObject): void {
    if (target.group === object.group) return;
    throw serverError(
      "GroupSecurityViolation",
      `${object.className} in group ${object.group} cannot refer to ${target.className}:Id_${target.id} in group ${target.group}`,
    );
  }

  #checkUnique(link: StoredObject): void {
    const { parent, child } = link.values as { parent: ObjectReference | null; child: ObjectReference | null };
    if (!parent || !child) throw validation(`${link.className} needs a parent and a child`);
    const twin = this.#world.store
      .referring(link.className, "parent", parent)
      .find((other) => other.owner === link.owner && isSame(child, other.values.child));
    if (twin) throw validation(`${link.className} between ${parent.id} and ${child.id} exists already`);
  }
}

/** Members that say who somebody is: at the next start, an account is found again by them. */
const NAMES: Readonly<Record<string, string>> = { Experimenter: "omeName", ExperimenterGroup: "name" };

/** @throws IceUserException SecurityViolation if an account would be called otherwise. */
function checkNames(before: StoredObject, after: StoredObject): void {
  const member = NAMES[before.className];
  if (member === undefined) return;
  const [was, is] = [before, after].map(({ values }) => (values[member] as { val?: unknown } | null)?.val);
  if (was !== is) throw securityViolation(`${before.className}:Id_${before.id} keeps its ${member}: ${String(was)}`);
}

function idOf(instance: Instance): bigint | undefined {
  return (instance.id as { val: bigint } | null | undefined)?.val;
}

function isSame(a: ObjectReference, b: unknown): boolean {
  return isReference(b) && a.className === b.className && a.id === b.id;
}
