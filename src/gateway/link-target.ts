/** Objects that annotations are linked to. */

import { type ObjectId, toObjectId } from "../connect/object-id.js";
import { ArgumentError } from "../errors.js";

const OBJECT_TYPES = ["Image", "Dataset", "Project", "Screen", "Plate", "Well", "Roi"] as const;
const ANNOTATION_TYPES = [
  "BooleanAnnotation",
  "CommentAnnotation",
  "DoubleAnnotation",
  "FileAnnotation",
  "ListAnnotation",
  "LongAnnotation",
  "MapAnnotation",
  "TagAnnotation",
  "TermAnnotation",
  "TimestampAnnotation",
  "XmlAnnotation",
] as const;
const TARGET_TYPES = [...OBJECT_TYPES, ...ANNOTATION_TYPES];
export type TargetType = (typeof TARGET_TYPES)[number];

export interface LinkTarget {
  readonly type: TargetType;
  readonly id: bigint;
}

/** @param type in any case @throws ArgumentError `INVALID_ARGUMENT` for a type that nothing is attached to, or no id */
export function linkTarget(type: string, id: ObjectId): LinkTarget {
  const known = TARGET_TYPES.find((one) => one.toLowerCase() === String(type).toLowerCase());
  if (known !== undefined) return { type: known, id: toObjectId(id, `${known} id`) };
  const message = `Nothing is attached to ${JSON.stringify(String(type))}; it can be to ${TARGET_TYPES.join(", ")}`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/** Class of the links from a type of object to annotations. All kinds of annotations are linked by one class. */
export function linkClass(type: TargetType) {
  const isAnnotation = (ANNOTATION_TYPES as readonly string[]).includes(type);
  const end = isAnnotation ? "Annotation" : (type as (typeof OBJECT_TYPES)[number]);
  return `::omero::model::${end}AnnotationLink` as const;
}
