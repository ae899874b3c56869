/** Puts an image into an EMAN2 stack, as EMAN2 itself would. */
import { ArgumentError, DataError } from "../../../errors.js";
import { givenAttributes, wholeHeader } from "../../images/attributes.js";
import type { ImageHeader, NewImage } from "../../images/image.js";
import { type PixelType, pixelType } from "../../images/pixels.js";
import { imageStatistics } from "../../images/statistics.js";
import { limitsOf, type RenderLimits } from "../eight-bit.js";
import type { WriteImageOptions } from "../format.js";
import { COMPLEX_FLAGS, type HdfAttribute, hdfAttributes } from "./hdf-attributes.js";
import type { HdfGroup } from "./hdf-library.js";

/** EMAN2's numbers of the types of pixels it keeps in HDF5. */
const KINDS: Partial<Record<PixelType, { readonly number: number; readonly type: string }>> = {
  int8: { number: 1, type: "<b" },
  uint8: { number: 2, type: "<B" },
  int16: { number: 3, type: "<h" },
  uint16: { number: 4, type: "<H" },
  float32: { number: 7, type: "<f" },
};
/** Rows of a chunk of a compressed image. */
const CHUNK_ROWS = 8;

interface StoredPixels {
  readonly data: NewImage["data"];
  readonly attributes: ImageHeader;
  readonly compressed: boolean;
}

/** @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT`; ArgumentError `INVALID_ARGUMENT` */
export function writeStackImage(group: HdfGroup, n: number, image: NewImage, options: WriteImageOptions): void {
  const { data, attributes, compressed } = storedPixels(image, options);
  const kind = KINDS[pixelType(data)!];
  if (kind === undefined) {
    const message = `Stacks of EMAN2 hold no pixels of ${pixelType(data)}; make them float32, or 8 or 16 bits`;
    throw new DataError("UNSUPPORTED_TYPE", message);
  }
  if (image.shape.length > 3) throw new DataError("UNSUPPORTED_TYPE", "EMAN2 holds images of at most three axes");
  const header = stackHeader(image, { ...attributes, datatype: kind.number });
  const chunks = compressed ? chunksOf(image.shape) : undefined;
  putImage(group, n, { data, shape: image.shape, attributes: hdfAttributes(header), type: kind.type, chunks });
}

function chunksOf(shape: readonly number[]): number[] {
  return shape.map((length, axis) =>
    axis === shape.length - 1 ? length : axis === shape.length - 2 ? Math.min(CHUNK_ROWS, length) : 1,
  );
}

/** An image in the terms of h5wasm. */
export interface EncodedImage {
  readonly data: NewImage["data"];
  readonly shape: readonly number[];
  readonly attributes: readonly HdfAttribute[];
  readonly type: string;
  /** Where it is compressed. */
  readonly chunks?: readonly number[] | undefined;
}

export function putImage(group: HdfGroup, n: number, { data, shape, attributes, type, chunks }: EncodedImage): void {
  const target = group.create_group(String(n));
  for (const attribute of attributes) putAttribute(target, attribute);
  target.create_dataset({
    name: "image",
    data: data as never,
    shape: [...shape],
    dtype: type,
    ...(chunks === undefined ? {} : { chunks: [...chunks], compression: 1 }),
  });
}

export function putAttribute(target: HdfGroup, { name, data, shape, type }: HdfAttribute): void {
  target.create_attribute(name, data as never, shape, type as never);
}

function stackHeader(image: NewImage, more: ImageHeader): ImageHeader {
  const statistics = imageStatistics(image.data);
  const given = Object.entries(givenAttributes(image.header)).filter(([name]) => !name.startsWith("stored_"));
  const whole = wholeHeader({ header: Object.fromEntries(given), shape: image.shape, statistics });
  const flags = [...COMPLEX_FLAGS].map((name) => [name, Number(whole[name] ?? 0) || 0]);
  return { ...whole, ...Object.fromEntries(flags), ...more };
}

function storedPixels(image: NewImage, options: WriteImageOptions): StoredPixels {
  const { renderBits: bits } = options;
  if (bits === undefined) return { data: image.data, attributes: {}, compressed: false };
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    throw new ArgumentError("INVALID_ARGUMENT", `renderBits is a whole number from 1 to 16, not ${bits}`);
  }
  const { low, high } = singleLimits(image, options);
  const { pixels, truncated } = spread(image.data, low, high, bits);
  const attributes = {
    stored_rendermin: low,
    stored_rendermax: high,
    stored_renderbits: bits,
    stored_truncated: truncated,
  };
  return { data: pixels, attributes, compressed: true };
}

/** As they are kept, with the precision of float32. @throws DataError `VALUE_DOES_NOT_FIT` */
function singleLimits(image: NewImage, options: WriteImageOptions): RenderLimits {
  const limits = limitsOf(image, options);
  const [low, high] = [Math.fround(limits.low), Math.fround(limits.high)];
  if (Number.isFinite(low) && Number.isFinite(high)) return { low, high };
  const message = `Pixels from ${limits.low} to ${limits.high} cannot be compressed; set renderMin and renderMax`;
  throw new DataError("VALUE_DOES_NOT_FIT", message);
}

/** Pixels from `low` to `high` spread over what so many bits hold, and how many were beyond. */
function spread(data: NewImage["data"], low: number, high: number, bits: number) {
  const pixels = bits <= 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  const largest = 2 ** bits - 1;
  const scale = high > low ? largest / (high - low) : 0;
  let truncated = 0;
  for (let at = 0; at < pixels.length; at++) {
    const pixel = Number(data[at]);
    if (pixel < low || pixel > high) truncated++;
    pixels[at] = Math.min(Math.max(Math.round((pixel - low) * scale), 0), largest);
  }
  return { pixels, truncated };
}
