/** Links between objects and annotations that are there. */
import { rlong } from "../../rtypes.js";
import type { ObjectContext } from "../loading/object-context.js";
import { byIdAlone, byType, type NamedRef, newLink } from "../loading/object-refs.js";
import { idOf, queryRowsOfIds } from "../loading/query-rows.js";
import { inGroup } from "../query-parameters.js";
import { linkType } from "./link-type.js";

/** Where annotations are made and linked. */
export interface AnnotationWork {
  readonly context: ObjectContext;
  readonly group: number;
  readonly signal: AbortSignal | undefined;
}

/** Links an annotation to those objects that the user has not linked it to yet. */
export async function linkTo(work: AnnotationWork, refs: readonly NamedRef[], annotation: NamedRef): Promise<void> {
  const { context, group, signal } = work;
  const missing: NamedRef[] = [];
  for (const [type, ids] of byType(refs)) {
    const hql = `select l.parent.id from ${linkType(type)} l where l.child.id = :child and l.parent.id in (:ids) and l.details.owner.id = :owner`;
    const owner = rlong(context.connection.session.userId);
    const values = { child: rlong(annotation.id), owner };
    const rows = await queryRowsOfIds(context, hql, ids, values, { group, signal });
    const linked = new Set(rows.map(([id]) => idOf(id)));
    for (const id of ids) if (!linked.has(id)) missing.push({ type, id });
  }
  await saveLinks(work, missing, annotation);
}

async function saveLinks(
  { context, group, signal }: AnnotationWork,
  refs: readonly NamedRef[],
  child: NamedRef,
): Promise<void> {
  if (refs.length === 0) return;
  const links = refs.map((ref) => newLink(linkType(ref.type), byIdAlone(ref), byIdAlone(child)));
  const call = { ...(signal ? { signal } : {}), context: inGroup(group) };
  await context.connection.getUpdateService().saveArray(links, call);
}
