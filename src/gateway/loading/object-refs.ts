/** Objects that a caller names: as objects, or by type and id. */
import { idNumber } from "../../columns/int64.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { IObject, OmeroClasses } from "../../connect/ice/schema/omero.js";
import { loadSchema } from "../../connect/ice/schema/schema.js";
import { toObjectId } from "../../connect/object-id.js";
import { invalidArgument, TableError } from "../../errors.js";
import { rlong } from "../../rtypes.js";
import { type ObjectRef, typeAndId } from "../object-ref.js";
import type { ObjectContext } from "./object-context.js";
import { idOf, queryRowsOfIds } from "./query-rows.js";
import { typeQuery } from "./type-queries.js";

/** Type and id of an object. */
export interface NamedRef {
  readonly type: string;
  readonly id: bigint;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for what is no type of OMERO, or no id */
export function namedRef(ref: ObjectRef): NamedRef {
  const [type, id] = typeAndId(ref);
  if (!isModelType(type)) {
    throw invalidArgument(
      `${JSON.stringify(type)} is no type of OMERO: give an object, "Image:101", or ["Image", 101]`,
    );
  }
  return { type, id: toObjectId(id, `${type} id`) };
}

function isModelType(type: string): boolean {
  return loadSchema().findClass(`::omero::model::${type}`) !== undefined;
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
 * The group that objects are in, all of one type or several. Users and groups are in none: then that of the connection.
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
      if (group !== null) found.push({ ref: { type, id }, group });
    }
  }
  if (refs.length === 0) throw invalidArgument("No object was given");
  const [first] = found;
  if (first === undefined) return workingGroup(context);
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
  const columns = typeQuery(type).isSystem ? "o.id" : "o.id, o.details.group.id";
  const hql = `select ${columns} from ${type} o where o.id in (:ids)`;
  const rows = await queryRowsOfIds(context, hql, ids, {}, { group: -1, signal });
  return new Map(rows.map(([id, group]) => [idOf(id), group === undefined ? null : idOf(group)]));
}

function workingGroup({ connection }: ObjectContext): number {
  return connection.groupId === -1 ? connection.session.groupId : connection.groupId;
}
