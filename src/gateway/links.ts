/** What a file is attached to: OMERO objects, by annotation links. */
import { idNumber } from "../columns/int64.js";
import type { OmeroConnection } from "../connect/connection.js";
import { createInstance } from "../connect/ice/schema/instance.js";
import type { IObject } from "../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../connect/object-id.js";
import { ArgumentError, ServerError } from "../errors.js";
import type { OptionNames } from "../flow/options.js";
import type { OnWarning } from "../flow/warnings.js";
import { rlong } from "../rtypes.js";
import { findObject } from "./find-object.js";
import { type ObjectRef, typeAndId } from "./object-ref.js";

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

/** Type of an object, in any case, and its id: `["Image", 101]`. */
export type Link = readonly [type: string, id: ObjectId];

/** One object: by itself, or by id and type. */
export interface ParentOption {
  /** The object, or its type and id: `"Plate:7"`. In place of `parentId` and `parentType`. */
  readonly parent?: ObjectRef | undefined;
  /** Its id. */
  readonly parentId?: ObjectId | undefined;
  /** Its type, in any case. Default "Image". */
  readonly parentType?: string | undefined;
}

/** The names of {@link ParentOption}, to be spread into those of functions that take them. */
export const PARENT_OPTIONS: OptionNames<ParentOption> = { parent: true, parentId: true, parentType: true };

/** @throws ArgumentError `INVALID_ARGUMENT` for one that is named twice, or to which nothing is attached */
export function parentTarget({ parent, parentId, parentType }: ParentOption): LinkTarget | undefined {
  if (parent === undefined) return parentId === undefined ? undefined : linkTarget(parentType ?? "Image", parentId);
  if (parentId === undefined && parentType === undefined) return linkTarget(...typeAndId(parent));
  throw new ArgumentError("INVALID_ARGUMENT", "Give either parent, or parentId and parentType");
}

/** The objects that an annotation is linked to. */
export interface LinkOptions extends ParentOption {
  /** Objects to attach to as well: `[["Dataset", 2], ["Roi", 1923]]`. */
  readonly links?: Link | readonly Link[] | undefined;
}

/** The names of {@link LinkOptions}, to be spread into those of functions that take them. */
export const LINK_OPTIONS: OptionNames<LinkOptions> = { ...PARENT_OPTIONS, links: true };

/** Place of the right to annotate among a permission's restrictions (`omero::constants::permissions`). */
const ANNOTATE = 3;

/**
 * The targets that options name, the parent first, each once.
 * @throws ArgumentError `INVALID_ARGUMENT` if there is none, or one of no known type.
 */
export function linkTargets(options: LinkOptions): LinkTarget[] {
  const parent = parentTarget(options);
  const targets = [...(parent ? [parent] : []), ...nested(options.links ?? []).map(toTarget)];
  if (targets.length === 0) {
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      "Say what to attach to: give parent, parentId (and parentType), or links",
    );
  }
  const known = new Set<string>();
  return targets.filter(({ type, id }) => !known.has(`${type}:${id}`) && known.add(`${type}:${id}`));
}

/** A single pair need not stand in a list. */
function nested(links: Link | readonly Link[]): readonly Link[] {
  if (!Array.isArray(links)) throw new ArgumentError("INVALID_ARGUMENT", 'links must be a list: [["Image", 101]]');
  return typeof links[0] === "string" ? [links as unknown as Link] : (links as readonly Link[]);
}

function toTarget(link: Link): LinkTarget {
  if (Array.isArray(link) && link.length === 2) return linkTarget(link[0], link[1]);
  throw new ArgumentError("INVALID_ARGUMENT", 'each link must be a pair of type and id: ["Image", 101]');
}

/**
 * Makes sure that all targets exist, in one group, and may be annotated. Returns the group.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`; ArgumentError `INVALID_ARGUMENT` for targets in several groups; ServerError
 * `SECURITY_VIOLATION` for one that this user may not annotate.
 */
export async function checkLinkTargets(
  connection: OmeroConnection,
  targets: readonly LinkTarget[],
  onWarning: OnWarning,
  signal?: AbortSignal,
): Promise<number> {
  const objects: IObject[] = [];
  for (const { type, id } of targets) {
    const object = await findObject(connection, type, id, { signal });
    if (object.details?.permissions?.restrictions?.[ANNOTATE] === true) {
      throw new ServerError("SECURITY_VIOLATION", `This user may attach nothing to ${type} ${id}`);
    }
    objects.push(object);
  }
  if (targets.every(({ type }) => type === "Roi")) {
    onWarning("Only ROIs are linked: OMERO.web may not show the table");
  }
  return commonGroup(targets, objects);
}

function commonGroup(targets: readonly LinkTarget[], objects: readonly IObject[]): number {
  const groups = objects.map((object) => object.details?.group?.id?.val);
  const group = groups[0];
  if (group === undefined)
    throw new ServerError("SERVER_FAILURE", "the server does not say which group objects are in");
  const other = groups.findIndex((id) => id !== group);
  if (other < 0) return idNumber(group, "group");
  const [first, second] = [targets[0]!, targets[other]!];
  const message = `${first.type} ${first.id} is in group ${group}, ${second.type} ${second.id} in group ${groups[other]}; all objects attached to must be in one group`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/** An annotation that links a target to a file annotation. */
export function annotationLink({ type, id }: LinkTarget, annotationId: number): IObject {
  const child = createInstance("::omero::model::FileAnnotation", { id: rlong(annotationId), loaded: false });
  const parent = createInstance(`::omero::model::${type}`, { id: rlong(id), loaded: false });
  return createInstance(linkClass(type), { parent, child, loaded: true } as object);
}
