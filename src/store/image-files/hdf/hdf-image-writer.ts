/** Puts an image into an EMAN2 stack, as EMAN2 itself would. */
import { ArgumentError, DataError } from "../../../errors.js";
import { givenAttributes, wholeHeader } from "../../images/attributes.js";
import type { ImageHeader, NewImage } from "../../images/image.js";
import { type PixelType, pixelType } from "../../images/pixels.js";
import { imageStatistics } from "../../images/statistics.js";
import { limitsOf } from "../eight-bit.js";
import type { WriteImageOptions } from "../format.js";
import { COMPLEX_FLAGS, hdfAttributes } from "./hdf-attributes.js";
import type { Hdf } from "./hdf-library.js";

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
export function writeStackImage(
  group: InstanceType<Hdf["Group"]>,
  n: number,
  image: NewImage,
  options: WriteImageOptions,
): void {
  const { data, attributes, compressed } = storedPixels(image, options);
  const kind = KINDS[pixelType(data)!];
  if (kind === undefined) {
    const message = `Stacks of EMAN2 hold no pixels of ${pixelType(data)}; make them float32, or 8 or 16 bits`;
    throw new DataError("UNSUPPORTED_TYPE", message);
  }
  if (image.shape.length > 3) throw new DataError("UNSUPPORTED_TYPE", "EMAN2 holds images of at most three axes");
  const header = stackHeader(image, { ...attributes, datatype: kind.number });
  const encoded = hdfAttributes(header); // refuses what does not fit before anything is written
  const target = group.create_group(String(n));
  for (const { name, data: values, shape, type } of encoded) {
    target.create_attribute(name, values as never, shape, type as never);
  }
  const shape = [...image.shape];
  const chunks = shape.map((length, axis) =>
    axis === shape.length - 1 ? length : axis === shape.length - 2 ? Math.min(CHUNK_ROWS, length) : 1,
  );
  target.create_dataset({
    name: "image",
    data: data as never,
    shape,
    dtype: kind.type,
    ...(compressed ? { chunks, compression: 1 } : {}),
  });
}

function stackHeader(image: NewImage, more: ImageHeader): ImageHeader {
  const statistics = imageStatistics(image.data);
  const whole = wholeHeader({ header: givenAttributes(image.header), shape: image.shape, statistics });
  const flags = [...COMPLEX_FLAGS].map((name) => [name, Number(whole[name] ?? 0) || 0]);
  return { ...whole, ...Object.fromEntries(flags), ...more };
}

function storedPixels(image: NewImage, options: WriteImageOptions): StoredPixels {
  const { renderBits: bits } = options;
  if (bits === undefined) return { data: image.data, attributes: {}, compressed: false };
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) {
    throw new ArgumentError("INVALID_ARGUMENT", `renderBits is a whole number from 1 to 16, not ${bits}`);
  }
  const { low, high } = limitsOf(image, options);
  const largest = 2 ** bits - 1;
  let truncated = 0;
  const scaled = Array.from(image.data as Float32Array, (pixel) => {
    if (pixel < low || pixel > high) truncated++;
    return high > low
      ? Math.min(Math.max(Math.round(((Number(pixel) - low) / (high - low)) * largest), 0), largest) || 0
      : 0;
  });
  const attributes = {
    stored_rendermin: low,
    stored_rendermax: high,
    stored_renderbits: bits,
    stored_truncated: truncated,
  };
  return { data: bits <= 8 ? Uint8Array.from(scaled) : Uint16Array.from(scaled), attributes, compressed: true };
}
