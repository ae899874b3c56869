/** Kinds of pixels. */

/** One element a pixel, the last axis of the image fastest. */
export type Pixels =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
} as const;

/** Type of an image's pixels. */
export type PixelType = keyof typeof ARRAYS;

/** All types of pixels. Their order is that of their numbers in stores. */
export const PIXEL_TYPES = Object.keys(ARRAYS) as readonly PixelType[];

/** The type of an array of pixels; undefined for what is none. */
export function pixelType(data: unknown): PixelType | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  const name = Object.entries(ARRAYS).find(([, type]) => data instanceof type)?.[0];
  return name as PixelType | undefined;
}

/** Whether this names a type of pixels. */
export function isPixelType(name: unknown): name is PixelType {
  return typeof name === "string" && Object.hasOwn(ARRAYS, name);
}

export function pixelBytes(type: PixelType): number {
  return ARRAYS[type].BYTES_PER_ELEMENT;
}

/** `bytes` as pixels: the same memory. It begins where memory does, or at a multiple of eight. */
export function pixelsOf(type: PixelType, bytes: Uint8Array): Pixels {
  const { buffer, byteOffset, length } = bytes;
  return new ARRAYS[type](buffer as ArrayBuffer, byteOffset, length / pixelBytes(type)) as Pixels;
}

/** The memory of pixels as bytes. */
export function byteView(data: Pixels): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The same pixels in memory of their own, which `slice` of a Buffer would not be. */
export function copiedPixels(data: Pixels): Pixels {
  return new ARRAYS[pixelType(data)!](data as never) as Pixels;
}

/** An array of pixels, all 0. */
export function newPixels(type: PixelType, length: number): Pixels {
  return new ARRAYS[type](length) as Pixels;
}
