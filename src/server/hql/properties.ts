/** Walks from an object to its properties, as the paths of HQL do. */
import { rint, rlong, rstring } from "../../rtypes.js";
import { creationEvent, updateEvent } from "../model/events.js";
import type { ObjectStore, StoredObject } from "../model/object-store.js";
import { isReference } from "../model/object-store.js";
import { HqlError } from "./grammar/syntax.js";
import { isList, isObject, isScalar, type Value } from "./values.js";

/** What a query may see. */
export interface QueryScope {
  readonly store: ObjectStore;
  canRead(object: StoredObject): boolean;
}

/**
 * The property `name` of a value; of a collection, of each of its elements.
 * @throws HqlError if values of that kind have no such property.
 */
export function property(scope: QueryScope, value: Value, name: string): Value {
  if (value === null) return null;
  if (isList(value)) {
    return value.flatMap((element) => {
      const found = property(scope, element, name);
      return isList(found) ? found : [found];
    });
  }
  if (isObject(value)) return objectProperty(scope, value, name);
  if ("detailsOf" in value) return detailsProperty(scope, value.detailsOf, name);
  if ("permissionsOf" in value) throw new HqlError(`could not resolve property: ${name} of: permissions`);
  if ("embedded" in value) return embeddedProperty(value.embedded, name);
  if (isScalar(value) && name === "val") return value;
  if (isScalar(value) && name === "name") return null;
  throw new HqlError(`could not resolve property: ${name}`);
}

function objectProperty(scope: QueryScope, object: StoredObject, name: string): Value {
  switch (name) {
    case "id":
      return rlong(object.id);
    case "class":
      return { objectClass: object.className };
    case "details":
      return { detailsOf: object };
  }
  const model = scope.store.model;
  const member = model.member(object.className, name);
  if (!member) {
    // A query on a base class may name a property that only another subclass has.
    if (model.memberOfDescendants(model.rootOf(object.className), name)) return null;
    throw new HqlError(`could not resolve property: ${name} of: ${object.className}`);
  }
  if (member.kind === "collection") {
    return scope.store.referring(member.className, member.inverse, object).filter((item) => scope.canRead(item));
  }
  const value = object.values[name] ?? (name === "series" ? rint(0) : null);
  return isReference(value) ? lookUp(scope, value.className, value.id) : embed(value);
}

function lookUp(scope: QueryScope, className: string, id: bigint): StoredObject | null {
  const object = scope.store.get(className, id);
  return object && scope.canRead(object) ? object : null;
}

function detailsProperty(scope: QueryScope, object: StoredObject, name: string): Value {
  switch (name) {
    case "owner":
      return lookUp(scope, "Experimenter", object.owner);
    case "group":
      return lookUp(scope, "ExperimenterGroup", object.group);
    case "creationEvent":
      return creationEvent(scope.store, object);
    case "updateEvent":
      return updateEvent(scope.store, object);
    case "permissions":
      return { permissionsOf: object };
    case "externalInfo":
      return null;
    default:
      throw new HqlError(`could not resolve property: ${name} of: details`);
  }
}

function embeddedProperty(embedded: Readonly<Record<string, unknown>>, name: string): Value {
  if (!Object.hasOwn(embedded, name)) throw new HqlError(`could not resolve property: ${name}`);
  return embed(embedded[name] ?? null);
}

function inList(value: Value, index: number): Value {
  return value !== null && "embedded" in value ? { ...value, index } : value;
}

/** A member as stored (an rtype, a sequence, a value class, a plain value) as a value of HQL. */
function embed(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item, index) => inList(embed(item), index));
  if (typeof value === "string") return rstring(value);
  if (typeof value === "bigint" || typeof value === "number") {
    return typeof value === "bigint" ? rlong(value) : { iceId: "::omero::RDouble", val: value };
  }
  if (typeof value === "boolean") return { iceId: "::omero::RBool", val: value };
  const record = value as Record<string, unknown>;
  if ("iceId" in record && "val" in record) return record as unknown as Value;
  return { embedded: record };
}
