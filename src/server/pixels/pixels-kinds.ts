/** The kinds of numbers that pixels are (`omero::model::PixelsType`). Their bytes are big-endian always. */
import { apiUsage } from "../exceptions.js";

/** Values of one kind, in the machine's own byte order. */
export type PixelValues =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

type ValuesClass = new (buffer: ArrayBuffer, offset?: number, length?: number) => PixelValues;

export interface PixelsKind {
  readonly name: string;
  /** Bytes of one pixel in a file. */
  readonly width: number;
  /** Bits, as `IPixels.getBitDepth` says them. */
  readonly bits: number;
  readonly isSigned: boolean;
  readonly isFloat: boolean;
  /** Least and greatest value, as rendering takes them: OMERO has them for floats, too. */
  readonly range: readonly [number, number];
  /** Undefined for complex numbers, which are stored and not rendered. */
  readonly values: ValuesClass | undefined;
}

const FLOAT_RANGE = [-(2 ** 31), 2 ** 31 - 1] as const;

const KINDS: readonly PixelsKind[] = [
  integer("bit", 1, Uint8Array),
  integer("int8", -8, Int8Array),
  integer("int16", -16, Int16Array),
  integer("int32", -32, Int32Array),
  integer("uint8", 8, Uint8Array),
  integer("uint16", 16, Uint16Array),
  integer("uint32", 32, Uint32Array),
  float("float", 4, Float32Array),
  float("double", 8, Float64Array),
  float("complex", 8, undefined),
  float("double-complex", 16, undefined),
];

/** @throws IceUserException ApiUsageException for a type that there is not. */
export function pixelsKind(name: string): PixelsKind {
  const kind = KINDS.find((candidate) => candidate.name === name);
  if (!kind) throw apiUsage(`Unknown pixel type: ${name}`);
  return kind;
}

/** @param bits negative for signed numbers. */
function integer(name: string, bits: number, values: ValuesClass): PixelsKind {
  const size = Math.abs(bits);
  const isSigned = bits < 0;
  const range = isSigned ? ([-(2 ** (size - 1)), 2 ** (size - 1) - 1] as const) : ([0, 2 ** size - 1] as const);
  return { name, width: Math.max(1, size / 8), bits: size, isSigned, isFloat: false, range, values };
}

function float(name: string, width: number, values: ValuesClass | undefined): PixelsKind {
  return { name, width, bits: width * 8, isSigned: true, isFloat: true, range: FLOAT_RANGE, values };
}

/**
 * The numbers in bytes from a pixel file, which are turned into them where they are.
 * @throws IceUserException ApiUsageException for complex numbers.
 */
export function pixelValues(kind: PixelsKind, bytes: Uint8Array): PixelValues {
  return inNativeOrder(storedValues(kind, bytes));
}

/**
 * As {@link pixelValues}, with the bytes of each number in the order of the file.
 * @throws IceUserException ApiUsageException for complex numbers.
 */
export function storedValues(kind: PixelsKind, bytes: Uint8Array): PixelValues {
  if (!kind.values) throw apiUsage(`Pixels of type ${kind.name} have no order: they cannot be measured or rendered`);
  const own = bytes.byteOffset % kind.width === 0 ? bytes : new Uint8Array(bytes);
  return new kind.values(own.buffer as ArrayBuffer, own.byteOffset, own.length / kind.width);
}

/** Turns numbers in the byte order of the file into numbers, where they are. */
export function inNativeOrder(stored: PixelValues): PixelValues {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (stored.BYTES_PER_ELEMENT === 2) bytes.swap16();
  else if (stored.BYTES_PER_ELEMENT === 4) bytes.swap32();
  else if (stored.BYTES_PER_ELEMENT === 8) bytes.swap64();
  return stored;
}

/** The bytes a pixel file has for numbers of a kind. */
export function bytesOfPixels(kind: PixelsKind, values: PixelValues): Uint8Array {
  const copy = Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice().buffer);
  if (kind.width === 2) copy.swap16();
  else if (kind.width === 4) copy.swap32();
  else if (kind.width === 8) copy.swap64();
  return copy;
}
