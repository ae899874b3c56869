/**
 * Attributes as EMAN2 keeps them in HDF5. It reads int32, float32 and lists of them, single float64, texts of fixed length,
 * and booleans as one letter; other types make it read what is not there, so they are never written.
 */
import { DataError } from "../../../errors.js";
import type { ImageHeader } from "../../images/image.js";
import type { Storable } from "../../records/storable.js";
import { ctfText } from "./ctf-text.js";

export const PREFIX = "EMAN.";
/** Whether and how pixels are pairs that make complex numbers: every image says so, those that are none by 0. */
export const COMPLEX_FLAGS: ReadonlySet<string> = new Set(["is_complex", "is_complex_x", "is_complex_ri"]);

/** What h5wasm is told of an attribute. */
export interface HdfAttribute {
  readonly name: string;
  readonly data: number[] | string[] | Map<string, number[]>;
  readonly shape: number[];
  readonly type: string | [string, string][];
}

export const TRUE = 84; // "T"
export const FALSE = 70; // "F"

/** Members of a transformation: the first three rows of its matrix. */
export const TRANSFORM_MEMBERS = [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => `${row}${column}`));

/** @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT`, each naming the attribute */
export function hdfAttributes(header: ImageHeader): HdfAttribute[] {
  const present = Object.entries(header).filter(([, value]) => value !== undefined && value !== null);
  return present.map(([name, value]) => ({ name: PREFIX + name, ...encodedAttribute(name, value) }));
}

/** What EMAN2 keeps with the precision of float32, where other numbers have that of float64. */
const SINGLE_PRECISION: ReadonlySet<string> = new Set(["stored_rendermin", "stored_rendermax"]);
/** HDF5 has no more room for an attribute. */
const MOST_BYTES = 65_000;

/** @throws DataError as {@link hdfAttributes} */
export function encodedAttribute(name: string, value: Storable): Omit<HdfAttribute, "name"> {
  if (typeof value === "string") return encodedText(name, value);
  if (typeof value === "boolean") return { data: [value ? TRUE : FALSE], shape: [1], type: "<b" };
  if (typeof value === "number" || typeof value === "bigint") return encodedNumber(name, value);
  if (isTransform(value)) return encodedTransform(value.transform);
  const ctf = ctfText(value);
  if (ctf !== undefined) return encodedText(name, ctf);
  const list = numberList(value);
  if (list !== undefined && list.length > 0) return encodedList(name, list);
  throw new DataError("UNSUPPORTED_TYPE", `The attribute ${name} is of no type that stacks of EMAN2 can hold`);
}

function encodedText(name: string, value: string): Omit<HdfAttribute, "name"> {
  if (value.includes("\0")) throw new DataError("UNSUPPORTED_TYPE", `The attribute ${name} has a NUL in its text`);
  const bytes = Buffer.byteLength(value) + 1;
  checkRoom(name, bytes);
  return { data: [value], shape: [], type: `A${bytes}` };
}

function encodedNumber(name: string, value: number | bigint): Omit<HdfAttribute, "name"> {
  const number = Number(value);
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
    throw new DataError(
      "VALUE_DOES_NOT_FIT",
      `The attribute ${name} is ${value}: stacks of EMAN2 hold no such integer`,
    );
  }
  const type = SINGLE_PRECISION.has(name) ? "<f" : isInt32(number) ? "<i" : "<d";
  return { data: [number], shape: [1], type };
}

/** Lists of fractions have the precision of float32: EMAN2 reads no longer ones. @throws DataError `VALUE_DOES_NOT_FIT` */
function encodedList(name: string, list: number[]): Omit<HdfAttribute, "name"> {
  checkRoom(name, list.length * 4);
  const areIntegers = list.every(isInt32);
  const lost = areIntegers ? undefined : list.find(isChangedByFloat32);
  if (lost !== undefined) {
    const message = `The attribute ${name} has ${lost} in a list: lists in stacks of EMAN2 hold int32 or float32, where it would become ${Math.fround(lost)}`;
    throw new DataError("VALUE_DOES_NOT_FIT", message);
  }
  return { data: list, shape: [list.length], type: areIntegers ? "<i" : "<f" };
}

/** Whole numbers that float32 does not have, and numbers beyond it. */
function isChangedByFloat32(value: number): boolean {
  const single = Math.fround(value);
  return Number.isSafeInteger(value) ? single !== value : Number.isFinite(value) && !Number.isFinite(single);
}

/** @throws DataError `VALUE_DOES_NOT_FIT` */
function checkRoom(name: string, bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  const message = `The attribute ${name} takes ${bytes} bytes: in a stack of EMAN2 it has room for ${MOST_BYTES}`;
  throw new DataError("VALUE_DOES_NOT_FIT", message);
}

function encodedTransform(matrix: readonly number[]): Omit<HdfAttribute, "name"> {
  const data = new Map(TRANSFORM_MEMBERS.map((member, index) => [member, [matrix[index]!]]));
  return { data, shape: [1], type: TRANSFORM_MEMBERS.map((member) => [member, "<f"]) };
}

function isTransform(value: Storable): value is { readonly transform: readonly number[] } {
  const list = typeof value === "object" && value !== null && "transform" in value ? value.transform : undefined;
  return Array.isArray(list) && list.length === 12 && list.every((item) => typeof item === "number");
}

function numberList(value: Storable): number[] | undefined {
  const items = ArrayBuffer.isView(value) && !(value instanceof DataView) ? [...(value as unknown as number[])] : value;
  return Array.isArray(items) && items.every((item) => typeof item === "number") ? items : undefined;
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31 && !Object.is(value, -0);
}
