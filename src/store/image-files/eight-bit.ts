/** Pixels as bytes, for pictures. */
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { numericAttribute } from "../images/attributes.js";
import type { NewImage } from "../images/image.js";
import type { Pixels } from "../images/pixels.js";
import { imageStatistics } from "../images/statistics.js";

/** Values that become black and white. */
export interface RenderLimits {
  /** What becomes 0, and what is below it. */
  readonly low: number;
  /** What becomes 255, and what is above it. */
  readonly high: number;
}

/** How pixels become 8 bit. */
export interface RenderOptions {
  /** Default: the image's attribute `render_min`. Counts only with `renderMax` above it. */
  readonly renderMin?: number | bigint | undefined;
  /** Default: the image's attribute `render_max`. */
  readonly renderMax?: number | bigint | undefined;
}

export const RENDER_OPTIONS: OptionNames<RenderOptions> = { renderMin: true, renderMax: true };

const SIGMAS = 5;

/**
 * The limits between which an image's pixels are spread over 0 to 255: those given, or five standard deviations to both
 * sides of the mean, which leaves out outliers, as far as there are pixels.
 *
 * @example
 * ```ts
 * const { low, high } = renderLimits(image); // five sigma around the mean, unless the header says otherwise
 * ```
 */
export function renderLimits(image: NewImage, options: RenderOptions = {}): RenderLimits {
  checkOptions(options, RENDER_OPTIONS, "renderLimits");
  return limitsOf(image, options);
}

/** As {@link renderLimits}, of options that may be those of a file besides. */
export function limitsOf(image: NewImage, options: RenderOptions): RenderLimits {
  return givenLimits(image, options) ?? limitsWithoutOutliers(image);
}

/** Undefined where they are not given both, or are none. */
function givenLimits({ header = {} }: NewImage, { renderMin, renderMax }: RenderOptions): RenderLimits | undefined {
  const low = limit("renderMin", renderMin) ?? numericAttribute(header, "render_min") ?? Number.NaN;
  const high = limit("renderMax", renderMax) ?? numericAttribute(header, "render_max") ?? Number.NaN;
  return low < high && Number.isFinite(high - low) ? { low, high } : undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function limit(name: string, value: unknown): number | undefined {
  if (value === undefined || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw invalidArgument(`${name} is a number, not ${value === null ? "null" : typeof value}`);
}

function limitsWithoutOutliers({ data }: NewImage): RenderLimits {
  const all = imageStatistics(data);
  const { minimum, maximum, mean, sigma } = Number.isFinite(all.sigma) ? all : imageStatistics(finitePixels(data));
  const spread = SIGMAS * (sigma > 0 ? sigma : 1);
  return { low: Math.max(Number(minimum), mean - spread), high: Math.min(Number(maximum), mean + spread) };
}

/** Infinite ones are outliers whatever the others are. */
function finitePixels(data: Pixels): Pixels {
  return (data as Float64Array).filter((value) => Number.isFinite(value));
}

/**
 * The bytes of pixels between limits, rounded. NaN becomes 0, and so do all where the limits are one.
 *
 * @example
 * ```ts
 * const bytes = eightBitPixels(image.data, renderLimits(image));
 * ```
 */
export function eightBitPixels(data: NewImage["data"], { low, high }: RenderLimits): Uint8Array {
  const bytes = new Uint8ClampedArray(data.length);
  const scale = high > low ? 255 / (high - low) : 0;
  for (let index = 0; index < bytes.length; index++) {
    // A half is rounded up, where a clamped array would round it to the even number.
    bytes[index] = Math.floor((Number(data[index]) - low) * scale + 0.5);
  }
  return new Uint8Array(bytes.buffer);
}

/** The bytes of an image for a picture. Those of 8-bit pixels stay as they are where no limits are given. */
export function pictureBytes(image: NewImage, options: RenderOptions = {}): Uint8Array {
  const given = givenLimits(image, options);
  if (given === undefined && image.data instanceof Uint8Array) return image.data;
  return eightBitPixels(image.data, given ?? limitsWithoutOutliers(image));
}
