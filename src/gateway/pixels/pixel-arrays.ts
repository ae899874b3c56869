/** Pixels as arrays of numbers in the machine's byte order. OMERO sends and keeps them big-endian always. */
import { endianness } from "node:os";
import { DataError, invalidArgument } from "../../errors.js";

/** One element a pixel; of complex numbers two, the real part first. */
export type PixelArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

interface PixelKind {
  readonly array: new (buffer: ArrayBuffer, byteOffset?: number, length?: number) => PixelArray;
  /** Elements of the array for one pixel. */
  readonly elements: 1 | 2;
  /** Bytes of an element. */
  readonly width: 1 | 2 | 4 | 8;
}

const MOST_WIDTH = 8;

const KINDS = {
  bit: { array: Uint8Array, elements: 1, width: 1 },
  int8: { array: Int8Array, elements: 1, width: 1 },
  uint8: { array: Uint8Array, elements: 1, width: 1 },
  int16: { array: Int16Array, elements: 1, width: 2 },
  uint16: { array: Uint16Array, elements: 1, width: 2 },
  int32: { array: Int32Array, elements: 1, width: 4 },
  uint32: { array: Uint32Array, elements: 1, width: 4 },
  float: { array: Float32Array, elements: 1, width: 4 },
  double: { array: Float64Array, elements: 1, width: 8 },
  complex: { array: Float32Array, elements: 2, width: 4 },
  "double-complex": { array: Float64Array, elements: 2, width: 8 },
} as const satisfies Record<string, PixelKind>;

/** OMERO's names of the types of pixels. */
export type PixelTypeName = keyof typeof KINDS;

/** Types that a new image can have, by the class of its planes' arrays. */
const TYPE_OF_ARRAY: readonly (readonly [{ new (length: number): object }, PixelTypeName])[] = [
  [Int8Array, "int8"],
  [Uint8Array, "uint8"],
  [Uint8ClampedArray, "uint8"],
  [Int16Array, "int16"],
  [Uint16Array, "uint16"],
  [Int32Array, "int32"],
  [Uint32Array, "uint32"],
  [Float32Array, "float"],
  [Float64Array, "double"],
];

/** @throws DataError `UNSUPPORTED_TYPE` for what is no type of pixels */
export function pixelTypeName(name: string): PixelTypeName {
  if (Object.hasOwn(KINDS, name)) return name as PixelTypeName;
  throw new DataError(
    "UNSUPPORTED_TYPE",
    `The server's pixels are of the type ${JSON.stringify(name)}, which is not known`,
  );
}

/** Elements of the array that one pixel is: 2 for complex numbers. */
export function elementsOf(type: PixelTypeName): 1 | 2 {
  return KINDS[type].elements;
}

/** Bytes of one pixel. */
export function bytesPerPixel(type: PixelTypeName): number {
  return KINDS[type].elements * KINDS[type].width;
}

/** The numbers that bytes from a server are, in memory of their own. */
export function fromWire(type: PixelTypeName, bytes: Uint8Array): PixelArray {
  const { array, width } = KINDS[type];
  return new array(swapped(new Uint8Array(bytes), width).buffer as ArrayBuffer);
}

/** The same in the memory of the bytes, which are changed. @param bytes as {@link alignBytes} gives them, or a part */
export function inPlaceOfWire(type: PixelTypeName, bytes: Uint8Array): PixelArray {
  const { array, width } = KINDS[type];
  swapped(bytes, width);
  return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / width);
}

/** Moves bytes within their buffer to where numbers of any width may lie. */
export function alignBytes(bytes: Uint8Array): Uint8Array {
  const shift = bytes.byteOffset % MOST_WIDTH;
  if (shift === 0) return bytes;
  const moved = new Uint8Array(bytes.buffer, bytes.byteOffset - shift, bytes.length + shift);
  return moved.copyWithin(0, shift).subarray(0, bytes.length);
}

/** An array for so many pixels, all 0. */
export function newPixelArray(type: PixelTypeName, pixels: number): PixelArray {
  return new KINDS[type].array(new ArrayBuffer(pixels * bytesPerPixel(type)));
}

/** The bytes a server wants for numbers: a copy. */
export function toWire(data: PixelArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return swapped(new Uint8Array(bytes), data.BYTES_PER_ELEMENT);
}

/**
 * The type of pixels that an array stands for.
 * @throws ArgumentError `INVALID_ARGUMENT` for what OMERO has no pixels of
 */
export function pixelTypeOfArray(data: unknown): PixelTypeName {
  const found = TYPE_OF_ARRAY.find(([type]) => data instanceof type);
  if (found) return found[1];
  const given = data === null || typeof data !== "object" ? String(data) : data.constructor.name;
  const message = `A plane is a typed array of 8, 16 or 32 bit integers or of floats, not ${given}`;
  throw invalidArgument(message);
}

/** Turns elements of big-endian bytes into the machine's order, or back, in place. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  if (width === 1 || endianness() === "BE") return bytes;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else buffer.swap64();
  return bytes;
}
