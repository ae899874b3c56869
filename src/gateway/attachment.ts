/** File annotations: how files and tables are attached to objects, and removed. */

import { idNumber } from "../columns/int64.js";
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import { ServerError } from "../errors.js";
import type { OptionNames } from "../flow/options.js";
import { rlong, rstring } from "../rtypes.js";
import { annotationsOfFile } from "./attachments.js";
import { deleteObjects } from "./delete.js";
import type { LinkTarget } from "./link-target.js";
import { annotationLink } from "./links.js";
import { inGroup } from "./query-parameters.js";

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
