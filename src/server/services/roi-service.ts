/** `omero::api::IRoi`: regions of interest with their shapes. */
import type { Current } from "../../connect/ice/serve/served-object.js";
import type { FetchPlan } from "../hql/fetch-plan.js";
import type { StoredObject } from "../model/object-store.js";
import type { SessionContext } from "./context.js";

const WITH_SHAPES: FetchPlan = { properties: new Map([["shapes", { properties: new Map() }]]) };

export class RoiService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  findByImage(imageId: bigint, options: unknown, current: Current): Record<string, unknown> {
    const rois = this.#context.world.store.referring("Roi", "image", { className: "Image", id: imageId });
    return this.#result(rois, options, current);
  }

  findByRoi(roiId: bigint, options: unknown, current: Current): Record<string, unknown> {
    const roi = this.#context.world.store.get("Roi", roiId);
    return this.#result(roi ? [roi] : [], options, current);
  }

  #result(rois: readonly StoredObject[], options: unknown, current: Current): Record<string, unknown> {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    return {
      iceId: "::omero::api::RoiResult",
      opts: options,
      rois: rois.filter((roi) => access.canRead(roi)).map((roi) => materializer.load(roi, WITH_SHAPES)),
      byZ: new Map(),
      byT: new Map(),
    };
  }
}
