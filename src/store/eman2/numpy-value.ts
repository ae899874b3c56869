/** Numbers and arrays of NumPy, as they are pickled: a type, and bytes. */
import { DataError } from "../../errors.js";
import { fromHalfFloats } from "../images/half-floats.js";
import { type Pixels, type PixelType, pixelsOf } from "../images/pixels.js";
import type { Storable } from "../records/storable.js";
import { exactInteger } from "./pickle-reader.js";
import type { PickledInstance } from "./unpickle.js";

const SCALAR = /^numpy\._?core\.multiarray\.scalar$/;
const ARRAY = /^numpy\._?core\.multiarray\._reconstruct$/;

const TYPES: Readonly<Record<string, PixelType>> = {
  b1: "uint8",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  f2: "uint16",
  i4: "int32",
  u4: "uint32",
  f4: "float32",
  i8: "int64",
  u8: "uint64",
  f8: "float64",
};

/**
 * A number as number, truth or bigint; an array as typed array, one of several axes as lists of them. Undefined for what is
 * neither, or of another type.
 * @throws DataError `MALFORMED_FILE`
 */
export function numpyValue({ class: name, arguments: given, state }: PickledInstance): Storable | undefined {
  if (SCALAR.test(name)) return scalar(given as readonly unknown[]);
  return ARRAY.test(name) && Array.isArray(state) ? array(state as readonly unknown[]) : undefined;
}

interface NumberType {
  readonly code: string;
  readonly type: PixelType;
  readonly swapped: boolean;
}

function numberType(dtype: unknown): NumberType | undefined {
  const { arguments: given } = (dtype ?? {}) as Partial<PickledInstance>;
  const [code] = (Array.isArray(given) ? given : []) as unknown[];
  const type = typeof code === "string" ? TYPES[code] : undefined;
  return type === undefined ? undefined : { code: code as string, type, swapped: byteOrder(dtype) === ">" };
}

function scalar([dtype, bytes]: readonly unknown[]): Storable | undefined {
  const type = numberType(dtype);
  if (type === undefined) return text(dtype, bytes);
  const [value] = numbers(type, bytes, 1) as unknown as [number | bigint];
  return type.code === "b1" ? value === 1 : typeof value === "bigint" ? exactInteger(value) : value;
}

/** Letters of 32 bits each, or bytes. */
function text(dtype: unknown, bytes: unknown): string | undefined {
  const { arguments: given } = (dtype ?? {}) as Partial<PickledInstance>;
  const [code] = (Array.isArray(given) ? given : []) as unknown[];
  if (typeof code === "string" && /^S\d+$/.test(code))
    return Buffer.from(bytesOf(bytes, Number(code.slice(1)))).toString("latin1");
  if (typeof code !== "string" || !/^U\d+$/.test(code) || byteOrder(dtype) === ">") return undefined;
  const letters = new Uint32Array(bytesOf(bytes, Number(code.slice(1)) * 4).buffer);
  return Array.from(letters, (letter) => String.fromCodePoint(Math.min(letter, 0x10ffff))).join("");
}

function byteOrder(dtype: unknown): unknown {
  const { state } = (dtype ?? {}) as Partial<PickledInstance>;
  return Array.isArray(state) ? state[1] : undefined;
}

/** The state of an array: version, shape, type, whether the first axis is the fastest, bytes. */
function array([, shape, dtype, isFortran, bytes]: readonly unknown[]): Storable | undefined {
  const type = numberType(dtype);
  if (type === undefined || !isShape(shape)) return undefined;
  const count = shape.reduce((product, length) => product * length, 1);
  const values = numbers(type, bytes, count);
  const ordered = isFortran === true || isFortran === 1 ? lastAxisFastest(values, shape) : values;
  return nested(ordered, shape.length === 0 ? [1] : shape, type.code === "b1");
}

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);
}

function numbers({ code, type, swapped }: NumberType, stored: unknown, count: number): Pixels {
  const size = Number(code.slice(1));
  const bytes = bytesOf(stored, count * size);
  if (swapped && size === 2) Buffer.from(bytes.buffer).swap16();
  if (swapped && size === 4) Buffer.from(bytes.buffer).swap32();
  if (swapped && size === 8) Buffer.from(bytes.buffer).swap64();
  const values = pixelsOf(type, bytes);
  return code === "f2" ? fromHalfFloats(values as Uint16Array) : values;
}

/** A copy. Python 2 pickles bytes as it does texts: what was taken for one of UTF-8 has another length. */
function bytesOf(stored: unknown, length: number): Uint8Array {
  const found =
    stored instanceof Uint8Array ? stored : typeof stored === "string" ? bytesOfText(stored, length) : undefined;
  if (found?.length !== length)
    throw new DataError("MALFORMED_FILE", "an array of NumPy has fewer or more bytes than its shape");
  return Uint8Array.from(found);
}

function bytesOfText(text: string, length: number): Uint8Array {
  return text.length === length ? Buffer.from(text, "latin1") : Buffer.from(text, "utf8");
}

/** From Fortran's order. */
function lastAxisFastest(values: Pixels, shape: readonly number[]): Pixels {
  const ordered = values.slice() as Uint8Array;
  for (let at = 0; at < ordered.length; at++) ordered[at] = (values as Uint8Array)[placeInFortran(at, shape)]!;
  return ordered;
}

function placeInFortran(place: number, shape: readonly number[]): number {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, length) => product * length, 1));
  let [rest, found] = [place, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    found += (rest % shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return found;
}

function nested(values: Pixels, [length = 1, ...inner]: readonly number[], areTruths: boolean): Storable {
  if (inner.length === 0) return areTruths ? Array.from(values as Uint8Array, (value) => value === 1) : values;
  const size = values.length / Math.max(length, 1);
  return Array.from({ length }, (_, at) => nested(values.slice(at * size, (at + 1) * size), inner, areTruths));
}
