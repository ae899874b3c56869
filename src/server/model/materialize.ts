/** Makes the instances that are sent for stored objects: loaded as far as a fetch plan says, references otherwise. */
import { rlong, rtime } from "../../rtypes.js";
import { emptyPlan, type FetchPlan } from "../hql/fetch-plan.js";
import type { QueryScope } from "../hql/properties.js";
import { isReference, type ObjectReference, type StoredObject } from "./object-store.js";
import type { ObjectRights } from "./permissions.js";
import { permissionsValue } from "./permissions.js";

/** An instance of a Slice class. */
export interface Instance {
  readonly iceId: string;
  [member: string]: unknown;
}

/** What instances say about who may do what with them. */
export interface MaterializeScope extends QueryScope {
  rights(object: StoredObject): ObjectRights;
  /** Permission string of the object's group. */
  permissions(object: StoredObject): string;
}

/** One object is one instance in an answer, however often it is referred to. */
export class Materializer {
  readonly #scope: MaterializeScope;
  readonly #instances = new Map<string, Instance>();

  constructor(scope: MaterializeScope) {
    this.#scope = scope;
  }

  /** The loaded instance of an object, with what the plan says loaded in it. */
  load(object: StoredObject, plan: FetchPlan = emptyPlan()): Instance {
    const key = `${object.className}:${object.id}`;
    let instance = this.#instances.get(key);
    if (!instance) {
      instance = this.#plainInstance(object);
      this.#instances.set(key, instance);
    }
    for (const [name, inner] of plan.properties) this.#fetch(instance, object, name, inner);
    return instance;
  }

  #plainInstance(object: StoredObject): Instance {
    const model = this.#scope.store.model;
    const instance: Instance = {
      iceId: model.typeId(object.className),
      id: rlong(object.id),
      loaded: true,
      details: this.#details(object),
    };
    for (const [name, member] of model.members(object.className)) {
      if (name === "id" || name === "details") continue;
      if (member.kind === "collection") setCollection(instance, name, undefined);
      else instance[name] = this.#value(object.values[name]);
    }
    return instance;
  }

  #value(value: unknown): unknown {
    return isReference(value) ? this.#reference(value) : (value ?? null);
  }

  /** Only the class and id: the class of the object itself, which may derive from the member's. */
  #reference({ className, id }: ObjectReference): Instance {
    const stored = this.#scope.store.get(className, id);
    return unloaded(this.#scope.store.model.typeId(stored?.className ?? className), id);
  }

  #details(object: StoredObject): Instance {
    const model = this.#scope.store.model;
    return {
      iceId: "::omero::model::Details",
      owner: unloaded(model.typeId("Experimenter"), object.owner),
      group: unloaded(model.typeId("ExperimenterGroup"), object.group),
      creationEvent: event(object.created),
      updateEvent: event(object.updated),
      permissions: permissionsValue(this.#scope.permissions(object), this.#scope.rights(object)),
      externalInfo: null,
      call: new Map(),
      event: null,
    };
  }

  #fetch(instance: Instance, object: StoredObject, name: string, plan: FetchPlan): void {
    if (name === "details") {
      this.#fetchDetails(instance.details as Instance, object, plan);
      return;
    }
    const member = this.#scope.store.model.member(object.className, name);
    if (member?.kind === "collection") {
      const items = this.#scope.store
        .referring(member.className, member.inverse, object)
        .filter((item) => this.#scope.canRead(item));
      setCollection(
        instance,
        name,
        items.map((item) => this.load(item, plan)),
      );
    } else if (member?.kind === "reference") {
      const target = this.#readable(object.values[name]);
      if (target) instance[name] = this.load(target, plan);
    }
  }

  #fetchDetails(details: Instance, object: StoredObject, plan: FetchPlan): void {
    const owner = plan.properties.get("owner");
    const experimenter = owner && this.#readable({ className: "Experimenter", id: object.owner });
    if (experimenter) details.owner = this.load(experimenter, owner);
    const group = plan.properties.get("group");
    const experimenterGroup = group && this.#readable({ className: "ExperimenterGroup", id: object.group });
    if (experimenterGroup) details.group = this.load(experimenterGroup, group);
  }

  #readable(reference: unknown): StoredObject | undefined {
    if (!isReference(reference)) return undefined;
    const target = this.#scope.store.get(reference.className, reference.id);
    return target && this.#scope.canRead(target) ? target : undefined;
  }
}

/** An instance that says only which object it stands for. */
export function unloaded(iceId: string, id: bigint): Instance {
  return { iceId, id: rlong(id), loaded: false, details: null };
}

/** Events are not stored: an event's id is its time. */
function event(time: number): Instance {
  return { iceId: "::omero::model::Event", id: rlong(time), loaded: true, details: null, time: rtime(time) };
}

function setCollection(instance: Instance, name: string, items: readonly Instance[] | undefined): void {
  instance[`${name}Seq`] = items ?? [];
  instance[`${name}Loaded`] = items !== undefined;
}
