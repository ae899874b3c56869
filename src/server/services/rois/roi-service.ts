/** `omero::api::IRoi`: regions of interest with their shapes. */
import type { RoiOptions } from "../../../connect/ice/schema/omero.js";
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { apiUsage, internal } from "../../exceptions.js";
import { planFrom } from "../../hql/grammar/fetch-plan.js";
import type { Instance } from "../../model/materialize.js";
import type { ObjectReference, StoredObject } from "../../model/object-store.js";
import { PixelSource } from "../../pixels/pixel-source.js";
import { pixelsOfImage, StoredPixels } from "../../pixels/stored-pixels.js";
import type { SessionContext } from "../context.js";
import { shapeArea } from "./shape-area.js";
import { combinedStatistics, measureShape } from "./shape-statistics.js";

const WITH_SHAPES = planFrom({ shapes: { transform: {} }, folderLinks: {} });

/** Of one shape. */
const MOST_POINTS = 1 << 24;

interface Restriction {
  readonly z: number;
  readonly t: number;
  readonly channels: readonly number[];
}

type Keep = (shape: StoredObject) => boolean;

export class RoiService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  findByImage(imageId: bigint, options: RoiOptions | null, current: Current): Record<string, unknown> {
    return this.#result(this.#roisOf(imageId), options, current);
  }

  findByRoi(roiId: bigint, options: RoiOptions | null, current: Current): Record<string, unknown> {
    const roi = this.#context.world.store.get("Roi", roiId);
    return this.#result(roi ? [roi] : [], options, current);
  }

  /** Those with a shape in a plane: shapes without a Z or T are in all of them. */
  findByPlane(imageId: bigint, z: number, t: number, options: RoiOptions | null, current: Current) {
    const isIn = (value: unknown, plane: number) => (numberOf(value) ?? plane) === plane;
    const keep: Keep = ({ values }) => isIn(values.theZ, z) && isIn(values.theT, t);
    const rois = this.#roisOf(imageId).filter((roi) => this.#shapesOf(roi).some(keep));
    return this.#result(rois, options, current);
  }

  getRoiMeasurements(): Instance[] {
    return [];
  }

  getMeasuredRoisMap(_imageId: bigint, annotationIds: BigInt64Array): Map<bigint, Record<string, unknown>> {
    const none = { iceId: "::omero::api::RoiResult", opts: null, rois: [], byZ: new Map(), byT: new Map() };
    return new Map(Array.from(annotationIds ?? [], (id) => [id, none]));
  }

  /** The pixels of a shape, row by row. */
  getPoints(shapeId: bigint, current: Current): Record<string, unknown> {
    const area = shapeArea(this.#shape(shapeId, current));
    const { box } = area;
    if (box.width * box.height > MOST_POINTS)
      throw apiUsage(`A shape of ${box.width} x ${box.height} pixels is too large`);
    const [xs, ys]: [number[], number[]] = [[], []];
    for (let y = box.y; y < box.y + box.height; y++) {
      for (let x = box.x; x < box.x + box.width; x++) {
        if (!area.contains(x, y)) continue;
        xs.push(x);
        ys.push(y);
      }
    }
    return { iceId: "::omero::api::ShapePoints", x: Int32Array.from(xs), y: Int32Array.from(ys) };
  }

  /** Of all channels, in the plane of the shape. */
  async getShapeStats(shapeId: bigint, current: Current): Promise<Record<string, unknown>> {
    return this.#statistics(this.#shape(shapeId, current), undefined, current);
  }

  /** @param z of shapes that are in all sections. @param t of those at all times. */
  async getShapeStatsRestricted(
    shapeIds: BigInt64Array,
    z: number,
    t: number,
    channels: Int32Array,
    current: Current,
  ): Promise<Record<string, unknown>[]> {
    if (!channels?.length) throw apiUsage("Provide a non empty array of channels.");
    const found: Record<string, unknown>[] = [];
    for (const id of shapeIds) {
      found.push(await this.#statistics(this.#shape(id, current), { z, t, channels: [...channels] }, current));
    }
    return found;
  }

  async getRoiStats(roiId: bigint, current: Current): Promise<Record<string, unknown>> {
    const { world } = this.#context;
    const roi = world.get(this.#context.access(current), "Roi", roiId);
    const pixels = this.#pixelsOf(roi);
    const perShape: Record<string, unknown>[] = [];
    for (const shape of this.#shapesOf(roi)) perShape.push(await this.#statistics(shape, undefined, current));
    const channelIds = pixels.channels.map(({ id }) => id);
    const imageId = (pixels.object.values.image as ObjectReference).id;
    const combined = combinedStatistics(channelIds);
    return { iceId: "::omero::api::RoiStats", roiId, imageId, pixelsId: pixels.id, combined, perShape };
  }

  #shape(id: bigint, current: Current): StoredObject {
    const { world } = this.#context;
    const shape = world.store.get("Shape", id);
    if (!shape) throw internal(` Wrapped Exception: (java.lang.NullPointerException):\nThere is no shape ${id}`);
    return world.get(this.#context.access(current), "Shape", id);
  }

  #pixelsOf(roi: StoredObject): StoredPixels {
    const { world } = this.#context;
    const image = roi.values.image as ObjectReference | null;
    const [pixels] = image ? pixelsOfImage(world, image.id) : [];
    if (!pixels) throw apiUsage(`Roi ${roi.id} is on no image with pixels`);
    return new StoredPixels(world, pixels);
  }

  async #statistics(shape: StoredObject, restricted: Restriction | undefined, current: Current) {
    const { world, messageSizeMax } = this.#context;
    const roi = world.referenced(shape, "roi");
    if (!roi) throw apiUsage(`Shape ${shape.id} is in no Roi`);
    const pixels = this.#pixelsOf(roi);
    world.get(this.#context.access(current), "Pixels", pixels.id);
    const source = new PixelSource(world.pixels, pixels.id, pixels.layout, messageSizeMax);
    const { z: sections, c, t: times } = pixels.layout.sizes;
    const planes = {
      z: planesOf(numberOf(shape.values.theZ) ?? restricted?.z, sections),
      t: planesOf(numberOf(shape.values.theT) ?? restricted?.t, times),
    };
    const channels = restricted?.channels ?? Array.from({ length: c }, (_, index) => index);
    const ids = restricted ? channels.map(BigInt) : pixels.channels.map(({ id }) => id);
    return measureShape(source, shape, planes, channels, ids);
  }

  #roisOf(imageId: bigint): StoredObject[] {
    return this.#context.world.store.referring("Roi", "image", { className: "Image", id: imageId });
  }

  #shapesOf(roi: StoredObject): StoredObject[] {
    return this.#context.world.store.referring("Shape", "roi", roi);
  }

  #result(found: readonly StoredObject[], options: RoiOptions | null, current: Current): Record<string, unknown> {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    const { userId, groupId } = options ?? {};
    const { offset, limit } = options ?? {};
    const first = Math.max(0, offset?.val ?? 0);
    const wanted = found.filter(
      (roi) =>
        access.canRead(roi) &&
        (!userId || userId.val < 0n || roi.owner === userId.val) &&
        (!groupId || groupId.val < 0n || roi.group === groupId.val),
    );
    const rois = wanted.slice(first, limit && limit.val >= 0 ? first + limit.val : undefined);
    const shapes = rois.flatMap((roi) => this.#shapesOf(roi));
    const byPlane = (member: "theZ" | "theT") => {
      const planes = new Map<number, Instance[]>();
      for (const shape of shapes) {
        const plane = numberOf(shape.values[member]) ?? -1;
        planes.set(plane, [...(planes.get(plane) ?? []), materializer.load(shape)]);
      }
      return planes;
    };
    return {
      iceId: "::omero::api::RoiResult",
      opts: options,
      rois: rois.map((roi) => materializer.load(roi, WITH_SHAPES)),
      byZ: byPlane("theZ"),
      byT: byPlane("theT"),
    };
  }
}

function numberOf(value: unknown): number | undefined {
  return (value as { val: number } | null | undefined)?.val;
}

/** One plane, or all where none is said. */
function planesOf(plane: number | undefined, count: number): number[] {
  return plane !== undefined && plane >= 0 ? [plane] : Array.from({ length: count }, (_, index) => index);
}
