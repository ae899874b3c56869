/** Files that are attached to objects by annotations. */
import { idNumber } from "../columns/int64.js";
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import { ServerError } from "../errors.js";
import type { OptionNames } from "../flow/options.js";
import { type RLong, type RString, type RType, rlist, rlong, rstring } from "../rtypes.js";
import { deleteObjects } from "./delete.js";
import { annotationLink, type LinkTarget, linkClass } from "./links.js";
import { inGroup, queryParameters } from "./query-parameters.js";

/** An attached file. */
export interface Attachment {
  /** Id of the FileAnnotation. */
  readonly annotationId: number;
  /** Id of the OriginalFile. */
  readonly fileId: number;
  /** Name of the file. */
  readonly name: string;
  /** Media type of the file. */
  readonly mimetype: string;
  /** Bytes, as far as the server has noted them. */
  readonly size: number | undefined;
  /** Of the annotation, by which programs find theirs. */
  readonly namespace: string | undefined;
  /** Description of the annotation. */
  readonly description: string | undefined;
  /** User who owns the file. */
  readonly ownerId: number;
  /** Of the link that attaches it: later ones have higher ids. */
  readonly linkId: number;
}

/** What attachments must have to be meant. */
export interface AttachmentFilter {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly mimetype?: string | undefined;
}

export interface AttachmentCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

const ALL_GROUPS = -1;
/** Ids in one query. */
export const MOST_IDS = 1000;

/** The files attached to an object, in the order they were attached. @param group -1 for any */
export async function attachmentsOf(
  connection: OmeroConnection,
  { type, id }: LinkTarget,
  filter: AttachmentFilter,
  group = ALL_GROUPS,
  options: AttachmentCallOptions = {},
): Promise<Attachment[]> {
  const query = connection.getQueryService();
  const call = { ...options, context: inGroup(group) };
  const link = linkClass(type).slice("::omero::model::".length);
  const children = await query.projection(
    `select l.id, l.child.id from ${link} l where l.parent.id = :id`,
    queryParameters({ id: rlong(id) }),
    call,
  );
  const ids = children.map(([, child]) => child as RLong);
  const links = new Map(children.map(([link, child]) => [(child as RLong).val, (link as RLong).val]));
  const found: Attachment[] = [];
  for (let start = 0; start < ids.length; start += MOST_IDS) {
    const { where, values } = conditions(filter);
    const rows = await query.projection(
      `select fa.id, f.id, f.name, f.mimetype, f.size, fa.ns, fa.description, f.details.owner.id
         from FileAnnotation fa join fa.file f where fa.id in (:ids)${where}`,
      queryParameters({ ids: rlist(ids.slice(start, start + MOST_IDS)), ...values }),
      call,
    );
    found.push(...rows.map((row) => attachment(row, links)));
  }
  return found.sort((a, b) => a.annotationId - b.annotationId);
}

function conditions({ namespace, name, mimetype }: AttachmentFilter): { where: string; values: Record<string, RType> } {
  const wanted = Object.entries({ "fa.ns": namespace, "f.name": name, "f.mimetype": mimetype }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const where = wanted.map(([member], index) => ` and ${member} = :value${index}`).join("");
  return { where, values: Object.fromEntries(wanted.map(([, value], index) => [`value${index}`, rstring(value)])) };
}

function attachment(row: readonly unknown[], links: ReadonlyMap<bigint, bigint>): Attachment {
  const [annotation, file, name, mimetype, size, ns, description, owner] = row;
  const annotationId = (annotation as RLong).val;
  return {
    annotationId: idNumber(annotationId, "annotation"),
    fileId: idNumber((file as RLong).val, "file"),
    name: textOf(name) ?? "",
    mimetype: textOf(mimetype) ?? "",
    size: size ? Number((size as RLong).val) : undefined,
    namespace: textOf(ns),
    description: textOf(description),
    ownerId: idNumber((owner as RLong).val, "user"),
    linkId: idNumber(links.get(annotationId)!, "link"),
  };
}

function textOf(value: unknown): string | undefined {
  return (value as RString | null)?.val;
}

/** Ids of the annotations that attach a file. */
export async function annotationsOfFile(
  connection: OmeroConnection,
  fileId: number,
  group: number,
  options: AttachmentCallOptions = {},
): Promise<number[]> {
  const rows = await connection
    .getQueryService()
    .projection("select fa.id from FileAnnotation fa where fa.file.id = :id", queryParameters({ id: rlong(fileId) }), {
      ...options,
      context: inGroup(group),
    });
  return rows.map(([annotation]) => idNumber((annotation as RLong).val, "annotation"));
}

export interface AnnotationText {
  /** Description of the annotation. Default none. */
  readonly description?: string | undefined;
  /** Namespace, by which programs find their annotations. */
  readonly namespace?: string | undefined;
}

/** The names of {@link AnnotationText}, to be spread into those of functions that take them. */
export const ANNOTATION_OPTIONS: OptionNames<AnnotationText> = { description: true, namespace: true };

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Attaches a file to objects of one group. Returns the id of the annotation. */
export async function attachFile(
  connection: OmeroConnection,
  fileId: number,
  targets: readonly LinkTarget[],
  group: number,
  { description, namespace }: AnnotationText,
  signal?: AbortSignal,
): Promise<number> {
  const update = connection.getUpdateService();
  const call = { signal, context: inGroup(group) };
  const annotation = createInstance("::omero::model::FileAnnotation", {
    file: createInstance("::omero::model::OriginalFile", { id: rlong(fileId), loaded: false }),
    description: description === undefined ? null : rstring(description),
    ns: namespace === undefined ? null : rstring(namespace),
    loaded: true,
  });
  const saved = await update.saveAndReturnObject(annotation, call);
  if (!saved?.id) throw new ServerError("SERVER_FAILURE", "the server did not make the annotation");
  const annotationId = idNumber(saved.id.val, "annotation");
  await update.saveArray(
    targets.map((target) => annotationLink(target, annotationId)),
    call,
  );
  return annotationId;
}

/** Removes a file with its annotations, those known and those the server knows, and their links. */
export async function removeFile(
  connection: OmeroConnection,
  fileId: number,
  group: number,
  options: CallOptions & { readonly known?: readonly number[] } = {},
): Promise<void> {
  const { known = [], ...call } = options;
  const found = await annotationsOfFile(connection, fileId, group, call);
  const annotations = [...new Set([...known, ...found])];
  await deleteObjects(connection, { FileAnnotation: annotations, OriginalFile: [fileId] }, { ...call, group });
}
