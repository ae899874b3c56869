/** Finding, making, changing and removing the regions of an image. */
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import { isInstanceOf } from "../../connect/ice/schema/instance.js";
import type { IObject, Roi, Shape } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument, ServerError, TableError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { rlist, rlong, rstring } from "../../rtypes.js";
import { deleteObjects } from "../delete.js";
import { inGroup, queryParameters } from "../query-parameters.js";
import { checkRoi } from "./check-shapes.js";
import { RoiList } from "./roi-list.js";
import { imageRoi, roiObject, shapeObject } from "./shape-objects.js";
import type { ImageRoi, NewRoi } from "./shapes.js";

/** The image whose regions are meant. */
export interface RoiPlace {
  readonly imageId: number;
  readonly groupId: number;
}

interface CallSignal {
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Which regions of an image. */
export interface FindRoisOptions extends CallSignal {
  /** Only those with a shape in this section, together with `t`; both count from 0. Default: all. */
  readonly z?: number | undefined;
  /** Only those with a shape at this time point, together with `z`. Default: all. */
  readonly t?: number | undefined;
}

const FIND_ROIS_OPTIONS: OptionNames<FindRoisOptions> = { z: true, t: true, signal: true };
const WITH_SHAPES = "select r from Roi r left outer join fetch r.shapes where r.id in (:ids)";

/** The regions of an image, in the order they were made. */
export async function findRois(
  connection: OmeroConnection,
  { imageId, groupId }: RoiPlace,
  options: FindRoisOptions = {},
): Promise<RoiList> {
  checkOptions(options, FIND_ROIS_OPTIONS, "rois");
  const { z, t, signal } = options;
  if ((z === undefined) !== (t === undefined)) throw invalidArgument("z and t go together: give both, or none");
  const service = connection.service("::omero::api::IRoi");
  const call = { signal, context: inGroup(groupId) };
  const result =
    z === undefined || t === undefined
      ? await service.findByImage(imageId, null, call)
      : await service.findByPlane(imageId, z, t, null, call);
  const rois = (result?.rois ?? []).filter((roi) => roi !== null).map((roi) => imageRoi(roi, imageId));
  return new RoiList(rois.sort((one, other) => one.id - other.id));
}

/** Makes regions. @throws ArgumentError `INVALID_ARGUMENT` for shapes that make no sense: nothing was made */
export async function createRois(
  connection: OmeroConnection,
  { imageId, groupId }: RoiPlace,
  rois: readonly NewRoi[],
  { signal }: CallSignal = {},
): Promise<ImageRoi[]> {
  rois.forEach(checkRoi);
  if (rois.length === 0) return [];
  const objects = rois.map((roi) => roiObject(withoutIds(roi), imageId));
  const call = { signal, context: inGroup(groupId) };
  const made = await connection.getUpdateService().saveAndReturnArray(objects, call);
  return made.map((object) => imageRoi(asRoi(object), imageId));
}

/**
 * Saves regions as they are given: shapes that are left out are removed, those without an id are new.
 * @throws ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND` for one that is not there, or a shape that is not its own
 */
export async function updateRois(
  connection: OmeroConnection,
  { imageId, groupId }: RoiPlace,
  rois: readonly ImageRoi[],
  { signal }: CallSignal = {},
): Promise<ImageRoi[]> {
  rois.forEach(checkRoi);
  const ids = rois.map(({ id }) => toObjectId(id, "id"));
  if (ids.length === 0) return [];
  const call = { signal, context: inGroup(groupId) };
  const parameters = queryParameters({ ids: rlist(ids.map((id) => rlong(id))) });
  const found = await connection.getQueryService().findAllByQuery(WITH_SHAPES, parameters, call);
  const known = new Map(found.map((object) => [idNumber(object!.id!.val, "Roi"), asRoi(object)]));
  const changes = rois.map((roi) => roiChange(roi, known.get(roi.id)));
  const update = connection.getUpdateService();
  // A server puts new shapes where others still are that it has not yet removed: these must go before.
  const kept = await update.saveAndReturnArray(changes.map(keptShapes), call);
  const isAnyNew = changes.some(({ added }) => added.length > 0);
  const all = kept.map((object, index) => withShapes(asRoi(object), changes[index]!.added));
  const saved = isAnyNew ? await update.saveAndReturnArray(all, call) : kept;
  return saved.map((object) => imageRoi(asRoi(object), imageId));
}

/** Removes regions with their shapes. */
export async function removeRois(
  connection: OmeroConnection,
  { groupId }: RoiPlace,
  roiIds: readonly ObjectId[],
  { signal }: CallSignal = {},
): Promise<void> {
  const ids = roiIds.map((id) => idNumber(toObjectId(id, "roiId"), "Roi"));
  await deleteObjects(connection, { Roi: ids }, { signal, group: groupId });
}

/** What becomes of a region. */
interface RoiChange {
  readonly roi: Roi;
  readonly changed: readonly Shape[];
  readonly added: readonly Shape[];
}

function roiChange(roi: ImageRoi, known: Roi | undefined): RoiChange {
  if (!known) throw new TableError("NOT_FOUND", `There is no Roi ${roi.id} that this user may read`);
  const shapes = new Map(known.shapesSeq.flatMap((shape) => (shape ? [[Number(shape.id!.val), shape]] : [])));
  const changed = roi.shapes.flatMap((shape) => {
    if (shape.id === undefined) return [];
    const own = shapes.get(shape.id);
    if (!own) throw new TableError("NOT_FOUND", `Roi ${roi.id} has no Shape ${shape.id}`);
    return [shapeObject(shape, own)];
  });
  const added = roi.shapes.filter(({ id }) => id === undefined).map((shape) => shapeObject(shape));
  const text = (value: string | undefined) => (value === undefined ? null : rstring(value));
  return { roi: { ...known, name: text(roi.name), description: text(roi.description) }, changed, added };
}

function keptShapes({ roi, changed }: RoiChange): Roi {
  return withShapes({ ...roi, shapesSeq: [] }, changed);
}

/** A server takes a shape whose region is another object for one of that. */
function withShapes(roi: Roi, added: readonly Shape[]): Roi {
  const whole: Roi = { ...roi, shapesSeq: [...roi.shapesSeq, ...added] };
  for (const shape of whole.shapesSeq) if (shape) shape.roi = whole;
  return whole;
}

function withoutIds(roi: NewRoi): NewRoi {
  return { ...roi, shapes: roi.shapes.map((shape) => ({ ...shape, id: undefined })) };
}

function asRoi(object: IObject | null): Roi {
  if (isInstanceOf(object, "::omero::model::Roi")) return object;
  throw new ServerError("SERVER_FAILURE", `the server gave ${object?.iceId ?? "nothing"} where a Roi was asked for`);
}
