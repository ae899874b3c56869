/** File annotations: how files and tables are attached to objects, found there and removed. */
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/instance.js";
import type { Parameters } from "../connect/ice/omero.js";
import { ServerError } from "../errors.js";
import { type RType, rlist, rlong, rstring } from "../rtypes.js";
import { deleteObjects } from "./delete.js";
import { annotationLink, type LinkTarget, linkClass } from "./links.js";

export interface AnnotationText {
  readonly description?: string | undefined;
  /** Namespace, by which programs find their annotations. */
  readonly namespace?: string | undefined;
}

/** An attached file. */
export interface Attachment {
  readonly annotationId: bigint;
  readonly fileId: bigint;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

/** Attaches a file to objects of one group. Returns the id of the annotation. */
export async function attachFile(
  connection: OmeroConnection,
  fileId: bigint,
  targets: readonly LinkTarget[],
  group: bigint,
  { description, namespace }: AnnotationText,
  signal?: AbortSignal,
): Promise<bigint> {
  const update = connection.getUpdateService();
  const call = { signal, context: inGroup(group) };
  const annotation = createInstance("::omero::model::FileAnnotation", {
    file: createInstance("::omero::model::OriginalFile", { id: rlong(fileId), loaded: false }),
    description: description === undefined ? null : rstring(description),
    ns: namespace === undefined ? null : rstring(namespace),
    loaded: true,
  });
  const saved = await update.saveAndReturnObject(annotation, call);
  const annotationId = saved?.id?.val;
  if (annotationId === undefined) throw new ServerError("SERVER_FAILURE", "the server did not make the annotation");
  await update.saveArray(
    targets.map((target) => annotationLink(target, annotationId)),
    call,
  );
  return annotationId;
}

/** Files of a name and type that are attached to an object. */
export async function attachmentsOf(
  connection: OmeroConnection,
  { type, id }: LinkTarget,
  file: { readonly name: string; readonly mimetype: string },
  group: bigint,
  options: CallOptions = {},
): Promise<Attachment[]> {
  const query = connection.getQueryService();
  const call = { ...options, context: inGroup(group) };
  const link = linkClass(type).slice("::omero::model::".length);
  const linked = await query.projection(
    `select l.child.id from ${link} l where l.parent.id = :id`,
    parameters({ id: rlong(id) }),
    call,
  );
  const ids = linked.map(([child]) => child).filter((child) => child !== null && child !== undefined);
  if (ids.length === 0) return [];
  const found = await query.projection(
    "select fa.id, fa.file.id from FileAnnotation fa where fa.id in (:ids) and fa.file.name = :name and fa.file.mimetype = :mimetype",
    parameters({ ids: rlist(ids as RType[]), name: rstring(file.name), mimetype: rstring(file.mimetype) }),
    call,
  );
  return found.map(([annotation, original]) => ({ annotationId: idOf(annotation), fileId: idOf(original) }));
}

/** Ids of the annotations that attach a file. */
export async function annotationsOfFile(
  connection: OmeroConnection,
  fileId: bigint,
  group: bigint,
  options: CallOptions = {},
): Promise<bigint[]> {
  const rows = await connection
    .getQueryService()
    .projection("select fa.id from FileAnnotation fa where fa.file.id = :id", parameters({ id: rlong(fileId) }), {
      ...options,
      context: inGroup(group),
    });
  return rows.map(([annotation]) => idOf(annotation));
}

/** Removes a file with its annotations, those known and those the server knows, and their links. */
export async function removeFile(
  connection: OmeroConnection,
  fileId: bigint,
  group: bigint,
  options: CallOptions & { readonly known?: readonly bigint[] } = {},
): Promise<void> {
  const { known = [], ...call } = options;
  const found = await annotationsOfFile(connection, fileId, group, call);
  const annotations = [...new Set([...known, ...found])];
  await deleteObjects(connection, { FileAnnotation: annotations, OriginalFile: [fileId] }, { ...call, group });
}

export function parameters(values: Readonly<Record<string, RType>>): Parameters {
  return createInstance("::omero::sys::Parameters", { map: new Map(Object.entries(values)) });
}

function idOf(value: unknown): bigint {
  return (value as { readonly val: bigint }).val;
}

export function inGroup(group: bigint): Record<string, string> {
  return { "omero.group": String(group) };
}
