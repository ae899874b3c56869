/** Makes the instances that are sent for stored objects: loaded as far as a fetch plan says, references otherwise. */
import { rint, rlong } from "../../rtypes.js";
import { collectionKey } from "../hql/fetched-members.js";
import { emptyPlan, type FetchPlan } from "../hql/grammar/fetch-plan.js";
import type { QueryScope } from "../hql/properties.js";
import { creationEvent, creationEventId, updateEvent, updateEventId } from "./events.js";
import type { ModelMember } from "./model.js";
import { canMove } from "./movable.js";
import { isReference, type ObjectReference, type StoredObject } from "./object-store.js";
import type { ObjectRights } from "./permissions.js";
import { permissionsValue } from "./permissions.js";

/** An instance of a Slice class. */
export interface Instance {
  readonly iceId: string;
  [member: string]: unknown;
}

type CollectionMember = ModelMember & { kind: "collection" };

/** What instances say about who may do what with them. */
export interface MaterializeScope extends QueryScope {
  readonly isAdmin: boolean;
  /** In whose answer the instances are sent. */
  readonly call:
    | { readonly session: { readonly id: bigint }; readonly group: bigint; readonly event: number | undefined }
    | undefined;
  /** That the call is about: in it itself no one annotates it. */
  readonly group: bigint;
  rights(object: StoredObject): ObjectRights;
  /** Permission string of the object's group; of the call's, for what is in no group. */
  permissions(object: StoredObject): string;
}

const ONLY_LINKS: ObjectRights = {
  link: true,
  annotate: false,
  edit: false,
  delete: false,
  chgrp: false,
  chown: false,
};

/** Members that are loaded whatever was asked for, by class below IObject. */
const ALWAYS_LOADED: Record<string, string> = { Image: "wellSamples", OriginalFile: "filesetEntries", Shape: "roi" };

/**
 * One object is one instance in an answer, however often it is referred to: loaded everywhere, if anything loaded it.
 */
export class Materializer {
  readonly #scope: MaterializeScope;
  readonly #instances = new Map<string, Instance>();
  #restricted: ReadonlyMap<string, readonly StoredObject[]> = new Map();
  #knowsClasses = false;

  constructor(scope: MaterializeScope) {
    this.#scope = scope;
  }

  /** @param members what alone is to be in collections, by {@link collectionKey}. */
  restrict(members: ReadonlyMap<string, readonly StoredObject[]>): void {
    this.#restricted = members;
  }

  /** Of what was just saved the caller has said all classes: links to annotations that are not loaded are. */
  knowClasses(): void {
    this.#knowsClasses = true;
  }

  /** The loaded instance of an object, with what the plan says loaded in it. */
  load(object: StoredObject, plan: FetchPlan = emptyPlan()): Instance {
    const instance = this.#instance(object);
    if (instance.loaded === false) this.#fill(instance, object);
    for (const [name, inner] of plan.properties) this.#fetch(instance, object, name, inner);
    if (this.#isUnfinished(instance, object.className)) empty(instance);
    return instance;
  }

  /** A link to an annotation that is not loaded itself cannot be: its class is known of the annotation alone. */
  #isUnfinished(instance: Instance, className: string): boolean {
    if (this.#knowsClasses || !className.endsWith("AnnotationLink")) return false;
    return (instance.child as Instance | null)?.loaded === false;
  }

  /** What a session may do with an object, beside its permission string. */
  permissionsOf(object: StoredObject): { text: string; rights: ObjectRights } {
    return { text: this.#scope.permissions(object), rights: this.#rights(object) };
  }

  /** Says how many links of a collection each user owns, as IContainer does. */
  count(object: StoredObject, collection: string): void {
    const member = this.#scope.store.model.member(object.className, collection);
    if (member?.kind !== "collection") return;
    const counts = new Map<bigint, bigint>();
    for (const { owner } of this.#scope.store.referring(member.className, member.inverse, object)) {
      counts.set(owner, (counts.get(owner) ?? 0n) + 1n);
    }
    this.load(object)[`${collection}CountPerOwner`] = counts;
  }

  /** As long as nothing loads it, it says only which object it stands for. */
  #instance({ className, id }: ObjectReference): Instance {
    const { store } = this.#scope;
    const key = `${store.model.rootOf(className)}:${id}`;
    let instance = this.#instances.get(key);
    if (!instance) {
      instance = unloaded(store.model.typeId(store.classOf({ className, id })), id);
      this.#instances.set(key, instance);
    }
    return instance;
  }

  #fill(instance: Instance, object: StoredObject): void {
    const { model } = this.#scope.store;
    instance.loaded = true;
    instance.details = this.#details(object);
    for (const [name, member] of model.members(object.className)) {
      if (name === "id" || name === "details") continue;
      if (member.kind === "collection") setCollection(instance, name, undefined);
      else instance[name] = this.#value(object.values[name]);
    }
    if (object.className === "Image") instance.series ??= rint(0);
    const always = ALWAYS_LOADED[model.rootOf(object.className)];
    if (always !== undefined) this.#fetch(instance, object, always, emptyPlan());
    if (object.className === "Event") this.#loadCurrent(instance, object);
  }

  /** Of an event: the call's own session and group are at hand; the call's own event is so with all it has. */
  #loadCurrent(instance: Instance, object: StoredObject): void {
    const { call } = this.#scope;
    const { values } = object;
    if (call?.event !== undefined && BigInt(call.event) === object.id) {
      this.#fetch(instance, object, "type", emptyPlan());
      setCollection(instance, "logs", []);
    }
    const { session, experimenterGroup } = values as Record<string, ObjectReference | undefined>;
    const current = [
      session?.id === call?.session.id && session,
      experimenterGroup?.id === call?.group && experimenterGroup,
    ];
    for (const reference of current) {
      const target = this.#readable(reference);
      if (target) this.load(target);
    }
  }

  #value(value: unknown): unknown {
    return isReference(value) ? this.#instance(value) : (value ?? null);
  }

  #details(object: StoredObject): Instance {
    const { model } = this.#scope.store;
    const rights = this.#rights(object);
    const details = {
      iceId: "::omero::model::Details",
      permissions: permissionsValue(this.#scope.permissions(object), rights),
      externalInfo: null,
      call: new Map(),
      event: null,
    };
    if (model.isSystemType(object.className)) {
      return { ...details, owner: null, group: null, creationEvent: null, updateEvent: null };
    }
    const group = this.#scope.store.get("ExperimenterGroup", object.group);
    return {
      ...details,
      owner: this.#instance({ className: "Experimenter", id: object.owner }),
      group: group ? this.load(group) : null,
      creationEvent: this.#instance({ className: "Event", id: creationEventId(object) }),
      updateEvent: this.#instance({ className: "Event", id: updateEventId(object) }),
    };
  }

  #rights(object: StoredObject): ObjectRights {
    const { model } = this.#scope.store;
    const { isAdmin } = this.#scope;
    if (object.className === "ExperimenterGroup" && object.id === this.#scope.group) return ONLY_LINKS;
    if (model.isSystemType(object.className)) {
      return { link: true, annotate: true, edit: isAdmin, delete: isAdmin, chgrp: false, chown: false };
    }
    const rights = this.#scope.rights(object);
    return {
      ...rights,
      chgrp: rights.chgrp && canMove(model, object.className, "group"),
      chown: rights.chown && canMove(model, object.className, "owner"),
    };
  }

  #fetch(instance: Instance, object: StoredObject, name: string, plan: FetchPlan): void {
    if (name === "details") {
      this.#fetchDetails(object, plan);
      return;
    }
    const member = this.#scope.store.model.member(object.className, name);
    if (member?.kind === "collection") {
      const items = this.#members(object, name, member);
      setCollection(
        instance,
        name,
        items.map((item) => this.load(item, plan)),
      );
    } else if (member?.kind === "reference") {
      const target = this.#readable(object.values[name]);
      if (target) this.load(target, plan);
    }
  }

  #members(object: StoredObject, name: string, { className, inverse }: CollectionMember): readonly StoredObject[] {
    const wanted = this.#restricted.get(collectionKey(object, name));
    return (
      wanted ?? this.#scope.store.referring(className, inverse, object).filter((item) => this.#scope.canRead(item))
    );
  }

  #fetchDetails(object: StoredObject, plan: FetchPlan): void {
    const parts = {
      owner: () => this.#readable({ className: "Experimenter", id: object.owner }),
      group: () => this.#readable({ className: "ExperimenterGroup", id: object.group }),
      creationEvent: () => creationEvent(this.#scope.store, object),
      updateEvent: () => updateEvent(this.#scope.store, object),
    };
    for (const [name, find] of Object.entries(parts)) {
      const inner = plan.properties.get(name);
      const target = inner && find();
      if (target) this.load(target, inner);
    }
  }

  #readable(reference: unknown): StoredObject | undefined {
    if (!isReference(reference)) return undefined;
    const target = this.#scope.store.get(reference.className, reference.id);
    return target && this.#scope.canRead(target) ? target : undefined;
  }
}

function empty(instance: Instance): void {
  for (const name of Object.keys(instance)) if (name !== "iceId" && name !== "id") delete instance[name];
  instance.loaded = false;
  instance.details = null;
}

/** An instance that says only which object it stands for. */
export function unloaded(iceId: string, id: bigint): Instance {
  return { iceId, id: rlong(id), loaded: false, details: null };
}

function setCollection(instance: Instance, name: string, items: readonly Instance[] | undefined): void {
  instance[`${name}Seq`] = items ?? [];
  instance[`${name}Loaded`] = items !== undefined;
}
