/** Taking annotations off objects, and removing them. */

import { type RType, rstring } from "../../rtypes.js";
import { deleteObjects } from "../delete.js";
import type { ObjectContext } from "../loading/object-context.js";
import { byType, groupOfRefs, type NamedRef } from "../loading/object-refs.js";
import { idList, idOf, queryRowsOfIds } from "../loading/query-rows.js";
import { linkType } from "./link-type.js";

/** Which annotations are meant; all of an object, where nothing is said. */
export interface AnnotationFilter {
  readonly type?: string | undefined;
  readonly namespace?: string | undefined;
  readonly ids?: readonly bigint[] | undefined;
}

/** What lies between objects and their annotations. */
interface FoundLink {
  readonly link: bigint;
  readonly annotation: bigint;
}

/** HQL of links `l` to annotations `a` that are meant. */
export function annotationConditions({ type = "Annotation", namespace, ids }: AnnotationFilter): {
  conditions: string[];
  values: Record<string, RType>;
} {
  const conditions = [
    ...(type === "Annotation" ? [] : [`a.class = ${type}`]),
    ...(namespace === undefined ? [] : ["a.ns = :namespace"]),
    ...(ids === undefined ? [] : ["a.id in (:annotations)"]),
  ];
  const values = {
    ...(namespace === undefined ? {} : { namespace: rstring(namespace) }),
    ...(ids === undefined ? {} : { annotations: idList(ids) }),
  };
  return { conditions, values };
}

/** Removes the links of annotations; these stay. Returns how many links there were. */
export async function unlinkAnnotations(
  context: ObjectContext,
  refs: readonly NamedRef[],
  filter: AnnotationFilter,
  signal?: AbortSignal,
): Promise<number> {
  return onLinks(context, refs, filter, signal, (type, links) => ({ [type]: links.map(({ link }) => link) }));
}

/** Removes annotations with all their links, those to other objects included. Returns how many annotations there were. */
export async function removeAnnotations(
  context: ObjectContext,
  refs: readonly NamedRef[],
  filter: AnnotationFilter,
  signal?: AbortSignal,
): Promise<number> {
  return onLinks(context, refs, filter, signal, (_, links) => ({
    Annotation: [...new Set(links.map(({ annotation }) => annotation))],
  }));
}

async function onLinks(
  context: ObjectContext,
  refs: readonly NamedRef[],
  filter: AnnotationFilter,
  signal: AbortSignal | undefined,
  targets: (type: string, links: readonly FoundLink[]) => Record<string, bigint[]>,
): Promise<number> {
  const group = await groupOfRefs(context, refs, signal);
  let count = 0;
  for (const [type, ids] of byType(refs)) {
    const links = await findLinks(context, type, ids, filter, { group, signal });
    const objects = Object.entries(targets(linkType(type), links));
    for (const [, found] of objects) count += found.length;
    const asked = Object.fromEntries(objects.map(([name, found]) => [name, found.map(Number)]));
    await deleteObjects(context.connection, asked, { group, signal });
  }
  return count;
}

async function findLinks(
  context: ObjectContext,
  type: string,
  ids: readonly bigint[],
  filter: AnnotationFilter,
  call: { group: number; signal: AbortSignal | undefined },
): Promise<FoundLink[]> {
  const { conditions, values } = annotationConditions(filter);
  const where = ["l.parent.id in (:ids)", ...conditions].join(" and ");
  const hql = `select l.id, a.id from ${linkType(type)} l join l.child a where ${where}`;
  const rows = await queryRowsOfIds(context, hql, ids, values, call);
  return rows.map(([link, annotation]) => ({ link: idOf(link), annotation: idOf(annotation) }));
}
