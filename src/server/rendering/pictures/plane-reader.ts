/** The values of a plane in any direction, of a part of it, or of every so many rows and columns. */
import type { PlaneDef } from "../../../connect/ice/schema/omero.js";
import { internal, validation } from "../../exceptions.js";
import type { PixelSource, PlaneRegion } from "../../pixels/pixel-source.js";
import type { PixelValues } from "../../pixels/pixels-kinds.js";
import { readRowBands } from "../../pixels/row-bands.js";
import type { ByteOrder } from "./quantization.js";

/** Most pixels of one picture. */
const MAXIMUM_PICTURE = 1 << 25;

const DIRECTIONS = { xy: 0, zy: 1, xz: 2 } as const;

export interface Picture {
  readonly width: number;
  readonly height: number;
}

/** A plane that is there, and how much of it. */
export interface PlaneRequest extends Picture {
  readonly direction: "xy" | "zy" | "xz";
  readonly z: number;
  readonly t: number;
  /** Of the plane from x to y; its left and top where the others cut. */
  readonly region: PlaneRegion;
  /** Every so many rows and columns. */
  readonly step: number;
}

/** @throws IceUserException InternalException or ValidationException for a plane that cannot be. */
export function planeRequest(source: PixelSource, def: PlaneDef | null): PlaneRequest {
  if (!def) throw internal(" Wrapped Exception: (java.lang.NullPointerException):\nNo plane definition.");
  const { x, y, z } = source.layout.sizes;
  const step = Math.max(0, def.stride) + 1;
  checkPlane(source, def);
  if (def.slice === DIRECTIONS.zy) return across("zy", def, { x: def.x, y: 0, width: z, height: y });
  if (def.slice === DIRECTIONS.xz) return across("xz", def, { x: 0, y: def.y, width: x, height: z });
  const region = clipped(def.region, x, y);
  const [width, height] = [Math.trunc(region.width / step), Math.trunc(region.height / step)];
  if (width < 1 || height < 1)
    throw validation(`Of ${region.width} x ${region.height} pixels nothing is left by a stride of ${step - 1}`);
  return checked({ direction: "xy", z: def.z, t: def.t, region, step, width, height });
}

function across(direction: "zy" | "xz", { t }: PlaneDef, region: PlaneRegion): PlaneRequest {
  return checked({ direction, z: 0, t, region, step: 1, width: region.width, height: region.height });
}

function checked(request: PlaneRequest): PlaneRequest {
  if (request.width * request.height <= MAXIMUM_PICTURE) return request;
  const found = `${request.width} x ${request.height} pixels`;
  throw validation(`A picture of ${found} is too large: ask for a region, or a stride`);
}

function checkPlane(source: PixelSource, { z, t, x, y, slice }: PlaneDef): void {
  const place = slice === DIRECTIONS.zy ? { x, t } : slice === DIRECTIONS.xz ? { y, t } : { z, t };
  const { sizes } = source.layout;
  for (const [axis, at] of Object.entries(place) as ["x" | "y" | "z" | "t", number][]) {
    if (at >= 0 && at < sizes[axis]) continue;
    const name = axis.toUpperCase();
    const reason = `${name} '${at}' greater than size${name} '${sizes[axis]}'.`;
    throw internal(` Wrapped Exception: (ome.io.nio.DimensionsOutOfBoundsException):\n${reason}`);
  }
}

/** The part of the region that is in the plane. */
function clipped(region: PlaneDef["region"], sizeX: number, sizeY: number): PlaneRegion {
  if (!region) return { x: 0, y: 0, width: sizeX, height: sizeY };
  const { x, y, width, height } = region;
  const isInside = x >= 0 && y >= 0 && x < sizeX && y < sizeY && width > 0 && height > 0;
  if (!isInside) throw internal(` Wrapped Exception: (java.lang.RuntimeException):\n${regionFault(region)}`);
  return { x, y, width: Math.min(width, sizeX - x), height: Math.min(height, sizeY - y) };
}

function regionFault({ x, y, width, height }: PlaneRegion): string {
  if (x < 0) return `Invalid Region, X-coordinate of the top-left corner cannot be negative:${x}`;
  if (y < 0) return `Invalid Region, y-coordinate of the top-left corner cannot be negative:${y}`;
  return width <= 0
    ? `Invalid Region, the width must be positive:${width}`
    : `Invalid Region, the height must be positive:${height}`;
}

/** Some rows of a picture: its pixels from `start` to before `end`. */
export interface PictureBand {
  readonly start: number;
  readonly end: number;
  /** Of each channel; gone when the next band is asked for. */
  readonly values: readonly PixelValues[];
}

/** What a picture is made of. */
export interface PictureValues {
  readonly order: ByteOrder;
  bands(channels: readonly number[]): AsyncGenerator<PictureBand>;
}

/** In bands that take little memory, where rows can be read as they are; else all of it at once. */
export function planeValues(source: PixelSource, request: PlaneRequest): PictureValues {
  const { direction, region, step, z, t, width } = request;
  if (direction !== "xy" || step > 1) return wholeValues((c) => readPlane(source, request, c));
  return {
    order: "stored",
    async *bands(channels) {
      for await (const { row, values } of readRowBands(source, { z, t, channels, region })) {
        yield { start: row * width, end: row * width + values[0]!.length, values };
      }
    },
  };
}

/** All of the picture at once. @param read gives the values of a channel. */
export function wholeValues(read: (channel: number) => Promise<PixelValues>): PictureValues {
  return {
    order: "native",
    async *bands(channels) {
      const values = await Promise.all(channels.map(read));
      yield { start: 0, end: values[0]!.length, values };
    },
  };
}

/** The values of one channel, row by row. */
async function readPlane(source: PixelSource, request: PlaneRequest, c: number): Promise<PixelValues> {
  if (request.direction === "xy") return readSteps(source, request, c);
  const { region, t } = request;
  const stack: PixelValues[] = [];
  const depth = source.layout.sizes.z;
  const part =
    request.direction === "xz"
      ? { x: 0, y: region.y, width: region.width, height: 1 }
      : { x: region.x, y: 0, width: 1, height: region.height };
  for (let z = 0; z < depth; z++) stack.push(await source.values(z, c, t, part));
  return request.direction === "xz" ? joined(stack) : transposed(stack);
}

async function readSteps(source: PixelSource, request: PlaneRequest, c: number): Promise<PixelValues> {
  const { z, t, region, step, width, height } = request;
  const rows: PixelValues[] = [];
  for (let row = 0; row < height; row++) {
    const line = await source.values(z, c, t, { ...region, y: region.y + row * step, height: 1 });
    rows.push(line.filter((_, index) => index % step === 0 && index < width * step) as PixelValues);
  }
  return joined(rows);
}

function joined(parts: readonly PixelValues[]): PixelValues {
  const result = empty(parts);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Columns beside each other. */
function transposed(columns: readonly PixelValues[]): PixelValues {
  const result = empty(columns);
  for (const [column, values] of columns.entries()) {
    for (let row = 0; row < values.length; row++) result[row * columns.length + column] = values[row]!;
  }
  return result;
}

function empty(parts: readonly PixelValues[]): PixelValues {
  const Values = parts[0]!.constructor as new (length: number) => PixelValues;
  return new Values(parts.reduce((sum, part) => sum + part.length, 0));
}
