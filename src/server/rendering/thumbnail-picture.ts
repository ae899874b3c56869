/** Makes one thumbnail: of planes larger than need be, every so many rows and columns are looked at. */
import { reusedBuffers } from "../../flow/reused-buffers.js";
import type { PixelSource } from "../pixels/pixel-source.js";
import type { StoredPixels } from "../pixels/stored-pixels.js";
import { DEFAULT_COMPRESSION, jpegOf } from "./pictures/jpeg.js";
import type { LookupTables } from "./pictures/lookup-tables.js";
import { Renderer } from "./pictures/renderer.js";
import { resample } from "./pictures/resample.js";
import type { RenderingSettings } from "./settings/rendering-settings.js";

export interface ThumbnailSize {
  readonly width: number;
  readonly height: number;
}

/** The default plane of the settings where nothing is said. */
export interface ThumbnailPlane {
  readonly z?: number;
  readonly t?: number;
}

export interface ThumbnailRequest {
  readonly pixels: StoredPixels;
  readonly source: PixelSource;
  readonly tables: LookupTables;
  readonly settings: RenderingSettings;
  readonly size: ThumbnailSize;
  readonly plane: ThumbnailPlane;
}

const LEAST_SIDE = 3;
/** Longest side of what is rendered for a thumbnail. */
const RENDERED_SIDE = 2048;

export async function thumbnailPicture(request: ThumbnailRequest): Promise<Uint8Array> {
  const { pixels, source, tables, settings, size, plane } = request;
  const { x, y } = pixels.layout.sizes;
  const stride = Math.max(0, Math.ceil(Math.max(x, y) / RENDERED_SIDE) - 1);
  const picture = await new Renderer(pixels, source, tables).render(settings, {
    iceId: "::omero::romio::PlaneDef",
    slice: 0,
    x: 0,
    y: 0,
    z: plane.z ?? settings.defaultZ,
    t: plane.t ?? settings.defaultT,
    region: null,
    stride,
  });
  const width = Math.max(LEAST_SIDE, size.width);
  const height = Math.max(LEAST_SIDE, size.height);
  const thumbnail = resample(picture, width, height);
  reusedBuffers.giveBack(picture.pixels);
  return jpegOf(thumbnail, DEFAULT_COMPRESSION);
}

/** In 32-bit floats, as OMERO calculates the shorter side. */
export function longestSide({ layout: { sizes } }: StoredPixels, side: number): ThumbnailSize {
  const { x, y } = sizes;
  if (x > y) return { width: side, height: Math.trunc(Math.fround(Math.fround(y * side) / x)) };
  return { width: Math.trunc(Math.fround(Math.fround(x * side) / y)), height: side };
}
