/** Saves the objects that clients send: new ones, changed ones, and whatever new ones they refer to. */
import { apiUsage, securityViolation, serverError, validation } from "../../exceptions.js";
import { javaName } from "../../model/java-names.js";
import type { Instance } from "../../model/materialize.js";
import { eventAfter, isReference, type ObjectReference, type StoredObject } from "../../model/object-store.js";
import { type Access, ALL_GROUPS } from "../access.js";
import type { World } from "../world.js";
import { checkListed, checkRequired, isRemovable, keepingList } from "./required-members.js";
import { checkUpdateEvent, detailsOfChanged, detailsOfNew, isChanged, sentId } from "./save-rules.js";
import { itemsOf } from "./saved-plan.js";

const NO_GROUP =
  "No valid permissions available! DUMMY permissions are not intended for copying. " +
  "Make sure that you have not passed omero.group=-1 for a save without context";

/** Classes of which the server itself keeps account: of these, nothing a client sends is kept. */
const LOG_CLASSES = ["Event", "EventLog", "Node", "Session"];

/** Classes that only the server itself makes or changes. */
const ACCOUNT_CLASSES = ["Experimenter", "ExperimenterGroup", "GroupExperimenterMap"];

/** Saves several objects, all of them or none; the references are in the order of the objects. */
export function saveObjects(world: World, access: Access, instances: readonly (Instance | null)[]): ObjectReference[] {
  if (access.group === ALL_GROUPS) throw apiUsage(NO_GROUP);
  return world.store.transaction(() => {
    const saver = new Saver(world, access);
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

class Saver {
  readonly #world: World;
  readonly #access: Access;
  readonly #saved = new Map<Instance, ObjectReference>();

  constructor(world: World, access: Access) {
    this.#world = world;
    this.#access = access;
  }

  /** Saves an object the client wants saved, which may be an existing one. */
  save(instance: Instance | null): ObjectReference {
    if (!instance) throw apiUsage("Argument to save cannot be null.");
    const known = this.#saved.get(instance);
    if (known) return known;
    const className = this.#classOf(instance);
    const id = sentId(instance);
    if (id === undefined) return this.#create(instance, className);
    return instance.loaded === false ? this.#existing(className, id) : this.#update(instance, className, id);
  }

  #classOf({ iceId }: Instance): string {
    const className = this.#world.model.resolve(iceId);
    if (!className) throw apiUsage(`Cannot save ${iceId}`);
    return className;
  }

  #existing(className: string, id: bigint): ObjectReference {
    return { className: this.#world.get(this.#access, className, id).className, id };
  }

  /** @param sent what the client sent, where the instance was made from that. */
  #create(instance: Instance, className: string, sent = instance): ObjectReference {
    const { store, model } = this.#world;
    if (model.isEnumeration(className)) return this.#enumerationEntry(instance, className);
    const reference = { className, id: store.nextId(className) };
    if (ACCOUNT_CLASSES.includes(className)) throw this.#systemType(className, `Id_${reference.id}`);
    this.#saved.set(instance, reference).set(sent, reference);
    const now = Date.now();
    const values = this.#values(instance, className);
    const details = detailsOfNew(this.#world, this.#access, reference, instance);
    const object = { ...reference, ...details, created: now, updated: now, values };
    checkRequired(model, object);
    if (sent === instance) checkListed(model, className, instance);
    if (LOG_CLASSES.includes(className)) throw this.#systemType(className, `Id_${reference.id}`);
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
    throw this.#systemType(className, `${String(wanted)}:Id_${this.#world.store.nextId(className)}`);
  }

  #systemType(className: string, id: string): Error {
    const name = `${javaName(this.#world.model, className)}:${id}`;
    return securityViolation(`${name} is a System-type, and may be created only through privileged APIs.`);
  }

  /** Whoever sends an object as it is stored need not be allowed to change it. */
  #update(instance: Instance, className: string, id: bigint): ObjectReference {
    const { model, store } = this.#world;
    const before = this.#world.find(this.#access, className, id);
    if (!before) throw validation("object no longer exists in database");
    const reference = { className: before.className, id };
    this.#saved.set(instance, reference);
    if (LOG_CLASSES.includes(className)) return reference;
    checkUpdateEvent(this.#world, before, instance);
    const values = this.#values(instance, className);
    const sent = keepingList(model, before, values);
    const details = model.isSystemType(className) ? {} : detailsOfChanged(this.#world, this.#access, before, instance);
    if (isChanged(before, sent)) {
      this.#checkEdit(before);
      const after = {
        ...before,
        ...details,
        updated: eventAfter(before.updated),
        values: { ...before.values, ...sent },
      };
      checkNames(before, after);
      checkRequired(model, after);
      this.#checkReferences(after, before);
      store.put(after);
    } else if (details.owner !== undefined && (details.owner !== before.owner || details.group !== before.group)) {
      store.put({ ...before, ...details });
    }
    this.#saveCollections(instance, reference);
    this.#removeMissing(instance, before);
    return reference;
  }

  /** Of users and groups, by name, only administrators. */
  #checkEdit(object: StoredObject): void {
    const { className, id } = object;
    const { user } = this.#access;
    const isOwn = className === "ExperimenterGroup" || (className === "Experimenter" && id === user.id);
    if (isOwn && !user.isAdmin) throw validation("object no longer exists in database");
    const isKept = this.#world.model.isEnumeration(className) && !user.isAdmin;
    if (isKept || !this.#access.rights(object).edit) throw notAllowed(this.#world, "Updating", object);
  }

  #values(instance: Instance, className: string): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [name, member] of this.#world.model.members(className)) {
      if (["id", "details"].includes(name) || member.kind === "collection") continue;
      const value = instance[name] ?? null;
      values[name] = member.kind === "reference" && value !== null ? this.save(value as Instance) : value;
    }
    return values;
  }

  /** New members of collections refer to the object whose collection it is. */
  #saveCollections(instance: Instance, owner: ObjectReference): void {
    for (const [name, member] of this.#world.model.members(owner.className)) {
      if (member.kind !== "collection") continue;
      for (const item of itemsOf(instance, name)) {
        if (!item || this.#saved.has(item)) continue;
        const id = sentId(item);
        if (id === undefined) this.#create({ ...item, [member.inverse]: instance }, this.#classOf(item), item);
        else this.save(item);
      }
    }
  }

  /** Parts and links that a loaded collection no longer has are gone. */
  #removeMissing(instance: Instance, owner: StoredObject): void {
    const { model, store } = this.#world;
    for (const [name, member] of model.members(owner.className)) {
      if (member.kind !== "collection" || instance[`${name}Loaded`] !== true || !isRemovable(model, member)) continue;
      const kept = new Set(itemsOf(instance, name).map((item) => (item ? sentId(item) : undefined)));
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
    if (!this.#access.rights(item).delete) throw notAllowed(this.#world, "Deleting", item);
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
        const where = `Group is ${this.#access.permissions(target)}`;
        const name = javaName(model, target.className);
        throw securityViolation(`${where}. Cannot link to object: ${name}:Id_${target.id}`);
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
    if (!parent || !child) return;
    const twin = this.#world.store
      .referring(link.className, "parent", parent)
      .find((other) => other.owner === link.owner && isSame(child, other.values.child));
    if (!twin) return;
    const insert = `could not insert: [${javaName(this.#world.model, link.className)}]`;
    const table = link.className.toLowerCase();
    throw validation(`${insert}; SQL [insert into ${table}]: ${parent.id} and ${child.id} are linked already`);
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

/** What is done is said as OMERO says it: `Updating`, `Deleting`. */
export function notAllowed({ model }: World, done: string, { className, id }: ObjectReference): Error {
  return securityViolation(`${done} ${javaName(model, className)}:Id_${id} not allowed.`);
}

function isSame(a: ObjectReference, b: unknown): boolean {
  return isReference(b) && a.className === b.className && a.id === b.id;
}
