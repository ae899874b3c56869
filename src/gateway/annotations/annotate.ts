/** Making annotations, and linking them to objects. */
import type { Annotation as AnnotationModel, DatasetAnnotationLink } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { rlong, rstring } from "../../rtypes.js";
import { uploadFile } from "../files/upload-file.js";
import { wrapAll } from "../loading/family.js";
import { type ObjectContext, typeNameOf } from "../loading/object-context.js";
import {
  byIdAlone,
  byType,
  groupOfRefs,
  type NamedRef,
  namedRef,
  newLink,
  type ObjectRef,
} from "../loading/object-refs.js";
import { idOf, loadByIds, queryRows, queryRowsOfIds } from "../loading/query-rows.js";
import { inGroup } from "../query-parameters.js";
import type { Annotation } from "./annotation.js";
import { linkType } from "./link-type.js";
import {
  annotationContent,
  annotationModel,
  type ContentName,
  NEW_ANNOTATION_OPTIONS,
  type NewAnnotation,
  namespaceOf,
} from "./new-annotation.js";

/** Options of a call that writes. */
export interface WriteOptions {
  /** Gives up waiting; what was sent may have been done. */
  readonly signal?: AbortSignal | undefined;
}

export const WRITE_OPTIONS: OptionNames<WriteOptions> = { signal: true };

interface Work {
  readonly context: ObjectContext;
  readonly group: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes an annotation and links it to objects of one group, all of it or nothing.
 * @throws ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND`
 */
export async function annotateObjects(
  context: ObjectContext,
  objects: readonly ObjectRef[],
  annotation: NewAnnotation,
  options: WriteOptions = {},
): Promise<Annotation> {
  checkOptions(annotation, NEW_ANNOTATION_OPTIONS, "annotate");
  checkOptions(options, WRITE_OPTIONS, "annotate");
  const { signal } = options;
  const refs = objects.map(namedRef);
  for (const { type } of refs) linkType(type);
  const content = annotationContent(annotation);
  const group = await groupOfRefs(context, refs, signal);
  const work = { context, group, signal };
  if (content === "file") return attachFile(work, refs, annotation);
  const known = content === "tag" ? await ownTag(work, annotation) : undefined;
  if (known !== undefined) await linkTo(work, refs, known);
  return loaded(work, known ?? (await makeAndLink(work, refs, annotation, content)));
}

/** Links annotations that are there to objects; links that are there already stay. */
export async function linkAnnotations(
  context: ObjectContext,
  objects: readonly ObjectRef[],
  annotations: readonly ObjectRef[],
  options: WriteOptions = {},
): Promise<void> {
  checkOptions(options, WRITE_OPTIONS, "linkAnnotations");
  const { signal } = options;
  const refs = objects.map(namedRef);
  const children = annotations.map(namedRef);
  const group = await groupOfRefs(context, [...refs, ...children], signal);
  for (const { id, type } of children) await linkTo({ context, group, signal }, refs, { id, type });
}

/** One call makes the annotation and its links, all of them or none. */
async function makeAndLink(
  { context, group, signal }: Work,
  refs: readonly NamedRef[],
  annotation: NewAnnotation,
  content: ContentName,
): Promise<NamedRef> {
  const child = annotationModel(annotation, content);
  const links = refs.map((ref) => newLink(linkType(ref.type), byIdAlone(ref), child));
  const call = { ...(signal ? { signal } : {}), context: inGroup(group) };
  const [saved] = await context.connection.getUpdateService().saveAndReturnArray(links, call);
  const id = (saved as DatasetAnnotationLink | null | undefined)?.child?.id?.val;
  if (id === undefined) throw new ServerError("SERVER_FAILURE", "the server does not say that it made the annotation");
  return { type: typeNameOf(child), id };
}

/** A tag of the user's with the same text and namespace. */
async function ownTag({ context, group, signal }: Work, annotation: NewAnnotation): Promise<NamedRef | undefined> {
  const namespace = namespaceOf(annotation, "tag");
  const condition = namespace === undefined ? "t.ns is null" : "t.ns = :namespace";
  const hql = `select t.id from TagAnnotation t where t.textValue = :text and ${condition} and t.details.owner.id = :owner order by t.id`;
  const values = {
    text: rstring(annotation.tag!),
    owner: rlong(context.connection.session.userId),
    ...(namespace === undefined ? {} : { namespace: rstring(namespace) }),
  };
  const [row] = await queryRows(context, hql, values, { group, signal, limit: 1 });
  return row && { type: "TagAnnotation", id: idOf(row[0]) };
}

/** Links an annotation to those objects that the user has not linked it to yet. */
async function linkTo(work: Work, refs: readonly NamedRef[], annotation: NamedRef): Promise<void> {
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

async function saveLinks({ context, group, signal }: Work, refs: readonly NamedRef[], child: NamedRef): Promise<void> {
  if (refs.length === 0) return;
  const links = refs.map((ref) => newLink(linkType(ref.type), byIdAlone(ref), byIdAlone(child)));
  const call = { ...(signal ? { signal } : {}), context: inGroup(group) };
  await context.connection.getUpdateService().saveArray(links, call);
}

async function loaded({ context, group, signal }: Work, { type, id }: NamedRef): Promise<Annotation> {
  const models = await loadByIds(context, type, [id], { group, signal });
  return wrapAll<Annotation<AnnotationModel>>(context, models)[0]!;
}

async function attachFile(work: Work, refs: readonly NamedRef[], annotation: NewAnnotation): Promise<Annotation> {
  const { connection } = work.context;
  const { namespace, description } = annotation;
  const links = refs.map(({ type, id }) => [type, id] as const);
  const options = { connection, links, namespace, description, signal: work.signal };
  const { annotationId } = await uploadFile(annotation.file!, options);
  return loaded(work, { type: "FileAnnotation", id: BigInt(annotationId) });
}
