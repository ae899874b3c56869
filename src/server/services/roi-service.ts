/** `omero::api::IRoi`: regions of interest with their shapes. */
import type { RoiOptions } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { planFrom } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import type { SessionContext } from "./context.js";

const WITH_SHAPES = planFrom({ shapes: { transform: {} }, details: { owner: {}, creationEvent: {}, updateEvent: {} } });

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
    const rois = found.filter(
      (roi) =>
        access.canRead(roi) &&
        (!userId || userId.val < 0n || roi.owner === userId.val) &&
        (!groupId || groupId.val < 0n || roi.group === groupId.val),
    );
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
