/** What values a channel has in a plane. */
import type { PlaneDef } from "../../connect/ice/schema/omero.js";
import { apiUsage } from "../exceptions.js";
import type { PixelSource, PlaneRegion } from "./pixel-source.js";
import { countInto, NO_RANGE, type ValueRange, widened } from "./pixel-statistics.js";

const DEFAULT_BINS = 256;
const MAXIMUM_BINS = 1 << 20;
const MAXIMUM_EDGE = 3192;

export interface HistogramRequest {
  readonly channel: number;
  /** 0 or less: 256. */
  readonly bins: number;
  /** Of the whole channel, where it is known and is to be taken. */
  readonly range: ValueRange | undefined;
  readonly plane: PlaneDef | null;
}

export async function planeRange(source: PixelSource, z: number, c: number, t: number): Promise<ValueRange> {
  let range: ValueRange = [...NO_RANGE];
  for await (const values of source.strips(z, c, t)) range = widened(range, values);
  return range;
}

/** @throws IceUserException ApiUsageException for too many bins, or a plane too large. */
export async function planeHistogram(source: PixelSource, request: HistogramRequest): Promise<Int32Array> {
  const { channel, plane } = request;
  const { x, y } = source.layout.sizes;
  if (x > MAXIMUM_EDGE || y > MAXIMUM_EDGE) throw apiUsage("All resolution levels larger than max plane size");
  const bins = request.bins <= 0 ? DEFAULT_BINS : request.bins;
  if (bins > MAXIMUM_BINS) throw apiUsage(`${bins} bins are asked for: there can be ${MAXIMUM_BINS}`);
  const [z, t] = [Math.max(0, plane?.z ?? 0), Math.max(0, plane?.t ?? 0)];
  const range = request.range ?? (await planeRange(source, z, channel, t));
  const counts = new Int32Array(bins);
  const region = histogramRegion(plane, x, y);
  if (!region) return counts;
  for await (const values of source.strips(z, channel, t, region)) countInto(counts, values, range);
  return counts;
}

/** What of the region is in the plane: the whole plane where there is none, nothing where none of it is. */
function histogramRegion(plane: PlaneDef | null, sizeX: number, sizeY: number): PlaneRegion | undefined {
  const region = plane?.region;
  const [x, y] = [Math.max(0, region?.x ?? 0), Math.max(0, region?.y ?? 0)];
  const [width, height] = [positive(region?.width, sizeX), positive(region?.height, sizeY)];
  if (x >= sizeX || y >= sizeY) return undefined;
  return { x, y, width: Math.min(width, sizeX - x), height: Math.min(height, sizeY - y) };
}

function positive(size: number | undefined, otherwise: number): number {
  return size !== undefined && size > 0 ? size : otherwise;
}
