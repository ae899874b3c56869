/** Making annotations, and linking them to objects. */
import type { GroupRef } from "../../connect/groups.js";
import type { Annotation as AnnotationModel, DatasetAnnotationLink, IObject } from "../../connect/ice/schema/omero.js";
import { invalidArgument, ServerError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { uploadFile } from "../files/upload-file.js";
import { wrapAll } from "../loading/family.js";
import { type ObjectContext, typeNameOf } from "../loading/object-context.js";
import { byIdAlone, groupOfRefs, type NamedRef, namedRef, newLink } from "../loading/object-refs.js";
import { loadByIds } from "../loading/query-rows.js";
import type { ObjectRef } from "../object-ref.js";
import { groupIdOf } from "../people/group-id.js";
import { inGroup } from "../query-parameters.js";
import { type AnnotationWork, linkTo } from "./annotation-links.js";
import type { AnnotationTypes } from "./annotation-types.js";
import { linkType } from "./link-type.js";
import {
  annotationContent,
  annotationModel,
  type ContentName,
  NEW_ANNOTATION_OPTIONS,
  type NewAnnotation,
  namespaceOf,
} from "./new-annotation.js";
import { ownTag } from "./own-tag.js";

type MadeAnnotation = AnnotationTypes["Annotation"];

/** Options of a call that writes. */
export interface WriteOptions {
  /** Gives up waiting; what was sent may have been done. */
  readonly signal?: AbortSignal | undefined;
}

export const WRITE_OPTIONS: OptionNames<WriteOptions> = { signal: true };

/** Where something is made that lies in nothing. */
export interface CreateOptions extends WriteOptions {
  /** Group to make it in: its name or id. Default: that of the connection. */
  readonly group?: GroupRef | undefined;
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
): Promise<MadeAnnotation> {
  checkOptions(annotation, NEW_ANNOTATION_OPTIONS, "annotate");
  checkOptions(options, WRITE_OPTIONS, "annotate");
  const { signal } = options;
  const refs = objects.map(namedRef);
  for (const { type } of refs) linkType(type);
  const content = annotationContent(annotation);
  const group = await groupOfRefs(context, refs, signal);
  const work = { context, group, signal };
  if (content === "file") return attachFile(work, refs, annotation);
  return loaded(work, await made(work, refs, annotation, content));
}

/**
 * Makes an annotation that is on nothing yet.
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export async function createAnnotation(
  context: ObjectContext,
  annotation: NewAnnotation,
  options: CreateOptions = {},
): Promise<MadeAnnotation> {
  checkOptions(annotation, NEW_ANNOTATION_OPTIONS, "createAnnotation");
  checkOptions(options, { ...WRITE_OPTIONS, group: true }, "createAnnotation");
  const content = annotationContent(annotation);
  if (content === "file") throw invalidArgument("createAnnotation makes no files: attach them by annotate");
  const group = (await groupIdOf(context.connection, options.group)) ?? context.connection.groupId;
  if (group === -1) throw invalidArgument("createAnnotation: say in which group; the connection works in all");
  const work = { context, group, signal: options.signal };
  return loaded(work, await made(work, [], annotation, content));
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

async function made(
  work: AnnotationWork,
  refs: readonly NamedRef[],
  annotation: NewAnnotation,
  content: ContentName,
): Promise<NamedRef> {
  const make = () => makeAndLink(work, refs, annotation, content);
  if (content !== "tag") return make();
  const type = "TagAnnotation";
  const tag = { text: annotation.tag!, namespace: namespaceOf(annotation, "tag") };
  const link = (id: bigint) => linkTo(work, refs, { type, id });
  return { type, id: await ownTag(work, tag, { make: async () => (await make()).id, link }) };
}

/** One call makes the annotation and its links, all of them or none. */
async function makeAndLink(
  { context, group, signal }: AnnotationWork,
  refs: readonly NamedRef[],
  annotation: NewAnnotation,
  content: ContentName,
): Promise<NamedRef> {
  const child = annotationModel(annotation, content);
  const links = refs.map((ref) => newLink(linkType(ref.type), byIdAlone(ref), child));
  const call = { ...(signal ? { signal } : {}), context: inGroup(group) };
  const objects: readonly IObject[] = links.length > 0 ? links : [child];
  const [saved] = await context.connection.getUpdateService().saveAndReturnArray(objects, call);
  const id = links.length > 0 ? (saved as DatasetAnnotationLink | null | undefined)?.child?.id : saved?.id;
  if (!id) throw new ServerError("SERVER_FAILURE", "the server does not say that it made the annotation");
  return { type: typeNameOf(child), id: id.val };
}

async function loaded({ context, group, signal }: AnnotationWork, { type, id }: NamedRef): Promise<MadeAnnotation> {
  const models = await loadByIds(context, type, [id], { group, signal });
  return wrapAll<AnnotationTypes["Annotation"]>(context, models as AnnotationModel[])[0]!;
}

async function attachFile(
  work: AnnotationWork,
  refs: readonly NamedRef[],
  annotation: NewAnnotation,
): Promise<MadeAnnotation> {
  const { connection } = work.context;
  const { namespace, description } = annotation;
  const links = refs.map(({ type, id }) => [type, id] as const);
  const options = { connection, links, namespace, description, signal: work.signal };
  const { annotationId } = await uploadFile(annotation.file!, options);
  return loaded(work, { type: "FileAnnotation", id: BigInt(annotationId) });
}
