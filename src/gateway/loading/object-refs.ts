/** Objects that a caller names: as objects, or by type and id. */
import { idNumber } from "../../columns/int64.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { IObject, OmeroClasses } from "../../connect/ice/schema/omero.js";
import { loadSchema } from "../../connect/ice/schema/schema.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument, TableError } from "../../errors.js";
import { rlong } from "../../rtypes.js";
import type { ObjectContext } from "./object-context.js";
import { idOf, queryRowsOfIds } from "./query-rows.js";

/** An object, or its type and id: `["Image", 101]`. */
export type ObjectRef = { readonly type: string; readonly id: number } | readonly [type: string, id: ObjectId];

/** Type and id of an object. */
export interface NamedRef {
  readonly type: string;
  readonly id: bigint;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for what is no type of OMERO, or no id */
export function namedRef(ref: ObjectRef): NamedRef {
  const [type, id] = Array.isArray(ref)
    ? (ref as readonly [string, ObjectId])
    : typeAndId(ref as { type: string; id: number });
  if (!isModelType(type)) {
    throw invalidArgument(`${JSON.stringify(type)} is no type of OMERO: give an object, or ["Image", 101]`);
  }
  return { type, id: toObjectId(id, `${type} id`) };
}

function typeAndId(object: { readonly type: string; readonly id: number }): [string, ObjectId] {
  return [object?.type, object?.id];
}

function isModelType(type: unknown): type is string {
  return typeof type === "string" && loadSchema().findClass(`::omero::model::${type}`) !== undefined;
}

/** The object by its id alone, as links refer to it. */
export function byIdAlone({ type, id }: NamedRef): IObject {
  return createInstance(modelId(type), { id: rlong(id), loaded: false } as object) as IObject;
}

/** A link between two objects. */
export function newLink(type: string, parent: IObject, child: IObject): IObject {
  return createInstance(modelId(type), { parent, child, loaded: true } as object) as IObject;
}

/** The id of a class of `omero::model`. */
export function modelId(type: string): keyof OmeroClasses {
  return `::omero::model::${type}` as keyof OmeroClasses;
}

/**
 * The group that objects are in, all of one type or several.
 * @throws TableError `NOT_FOUND` for what this user cannot see; ArgumentError `INVALID_ARGUMENT` where they are in several
 */
export async function groupOfRefs(
  context: ObjectContext,
  refs: readonly NamedRef[],
  signal?: AbortSignal,
): Promise<number> {
  const found: { ref: NamedRef; group: bigint }[] = [];
  for (const [type, ids] of byType(refs)) {
    const groups = await groupsOf(context, type, ids, signal);
    for (const id of ids) {
      const group = groups.get(id);
      if (group === undefined) throw new TableError("NOT_FOUND", `There is no ${type} ${id} that this user can see`);
      found.push({ ref: { type, id }, group });
    }
  }
  const [first] = found;
  if (first === undefined) throw invalidArgument("No object was given");
  const other = found.find(({ group }) => group !== first.group);
  if (other === undefined) return idNumber(first.group, "group");
  const place = ({ ref, group }: typeof first) => `${ref.type} ${ref.id} in group ${group}`;
  throw invalidArgument(`Objects must be in one group: ${place(first)}, ${place(other)}`);
}

/** Ids by type, each once. */
export function byType(refs: readonly NamedRef[]): Map<string, bigint[]> {
  const found = new Map<string, Set<bigint>>();
  for (const { type, id } of refs) found.set(type, (found.get(type) ?? new Set()).add(id));
  return new Map([...found].map(([type, ids]) => [type, [...ids]]));
}

async function groupsOf(context: ObjectContext, type: string, ids: readonly bigint[], signal?: AbortSignal) {
  const hql = `select o.id, o.details.group.id from ${type} o where o.id in (:ids)`;
  const rows = await queryRowsOfIds(context, hql, ids, {}, { group: -1, signal });
  return new Map(rows.map(([id, group]) => [idOf(id), idOf(group)]));
}
