/** Which part of an image a picture shows. */
import type { ProjectionProjectionType } from "../../connect/ice/schema/omero.js";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { checkedTile, checkIndex } from "../pixels/plane-places.js";
import type { PictureRegion } from "./pictures.js";

/** Greatest value, mean or sum of sections, by BlitzGateway's names. */
export type ProjectionKind = "intmax" | "intmean" | "intsum";

/** Sections put together. */
export interface SectionProjection {
  /** Greatest value, mean or sum. */
  readonly kind: ProjectionKind;
  /** First section and the one after the last. Default: all. (Servers leave the last out of a mean or sum.) */
  readonly z?: readonly [start: number, stop: number] | undefined;
}

/** What a picture shows. */
export interface RenderView {
  /** Section, from 0. Default: that of the saved settings. */
  readonly z?: number | undefined;
  /** Time point, from 0. Default: that of the saved settings. */
  readonly t?: number | undefined;
  /** Sections put together, instead of one: `"intmax"`. */
  readonly projection?: ProjectionKind | SectionProjection | undefined;
  /** Part of the plane, in pixels. Default: all. */
  readonly region?: PictureRegion | undefined;
}

export const RENDER_VIEW_OPTIONS: OptionNames<RenderView> = { z: true, t: true, projection: true, region: true };

export interface CheckedView {
  readonly z: number;
  readonly t: number;
  readonly region: PictureRegion | undefined;
  readonly projection:
    | { readonly algorithm: ProjectionProjectionType; readonly start: number; readonly end: number }
    | undefined;
}

const ALGORITHMS: Record<ProjectionKind, ProjectionProjectionType> = {
  intmax: "MAXIMUMINTENSITY",
  intmean: "MEANINTENSITY",
  intsum: "SUMINTENSITY",
};

/** @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image */
export function checkedView(
  view: RenderView,
  info: PixelsInfo,
): Omit<CheckedView, "z" | "t"> & { readonly z: number | undefined; readonly t: number | undefined } {
  checkOptions(view, RENDER_VIEW_OPTIONS, "a picture");
  const { z, t, region, projection } = view;
  if (z !== undefined) checkIndex("z", z, info.sizeZ, "sections");
  if (t !== undefined) checkIndex("t", t, info.sizeT, "time points");
  return {
    z,
    t,
    region: region && checkedRegion(region, info),
    projection: projection === undefined ? undefined : checkedProjection(projection, info),
  };
}

function checkedRegion({ x, y, width, height }: PictureRegion, info: PixelsInfo): PictureRegion {
  const tile = checkedTile({ x, y, width, height }, info);
  return { x: tile.x, y: tile.y, width: tile.width, height: tile.height };
}

function checkedProjection(given: ProjectionKind | SectionProjection, { sizeZ }: PixelsInfo) {
  const { kind, z: [start, stop] = [0, sizeZ] as const } = typeof given === "string" ? { kind: given } : given;
  if (!Object.hasOwn(ALGORITHMS, kind)) {
    throw invalidArgument(`projection is ${JSON.stringify(kind)}; there are ${Object.keys(ALGORITHMS).join(", ")}`);
  }
  const isIn = Number.isInteger(start) && Number.isInteger(stop) && start >= 0 && start < stop && stop <= sizeZ;
  if (!isIn) throw invalidArgument(`projection goes over sections ${start} to ${stop}; the image has ${sizeZ}, from 0`);
  return { algorithm: ALGORITHMS[kind], start, end: stop - 1 };
}
