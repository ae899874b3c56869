/**
 * Attributes as EMAN2 keeps them in HDF5. It reads int32, float32 and lists of them, single float64, texts of fixed length,
 * and booleans as one letter; other types make it read what is not there, so they are never written.
 */
import { DataError } from "../../../errors.js";
import type { ImageHeader } from "../../images/image.js";
import type { Storable } from "../../records/storable.js";

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

const TRUE = 84; // "T"
const FALSE = 70; // "F"

/** Members of a transformation: the first three rows of its matrix. */
const TRANSFORM_MEMBERS = [0, 1, 2].flatMap((row) => [0, 1, 2, 3].map((column) => `${row}${column}`));

/** @throws DataError `UNSUPPORTED_TYPE`, `VALUE_DOES_NOT_FIT`, each naming the attribute */
export function hdfAttributes(header: ImageHeader): HdfAttribute[] {
  const present = Object.entries(header).filter(([, value]) => value !== undefined && value !== null);
  return present.map(([name, value]) => ({ name: PREFIX + name, ...encoded(name, value) }));
}

function encoded(name: string, value: Storable): Omit<HdfAttribute, "name"> {
  if (typeof value === "string") return encodedText(name, value);
  if (typeof value === "boolean") return { data: [value ? TRUE : FALSE], shape: [1], type: "<b" };
  if (typeof value === "number" || typeof value === "bigint") return encodedNumber(name, value);
  if (isTransform(value)) return encodedTransform(value.transform);
  const list = numberList(value);
  if (list !== undefined && list.length > 0) return encodedList(list);
  throw new DataError("UNSUPPORTED_TYPE", `The attribute ${name} is of no type that stacks of EMAN2 can hold`);
}

function encodedText(name: string, value: string): Omit<HdfAttribute, "name"> {
  if (value.includes("\0")) throw new DataError("UNSUPPORTED_TYPE", `The attribute ${name} has a NUL in its text`);
  return { data: [value], shape: [], type: `A${Buffer.byteLength(value) + 1}` };
}

function encodedNumber(name: string, value: number | bigint): Omit<HdfAttribute, "name"> {
  const number = Number(value);
  if (typeof value === "bigint" && !Number.isSafeInteger(number)) {
    throw new DataError(
      "VALUE_DOES_NOT_FIT",
      `The attribute ${name} is ${value}: stacks of EMAN2 hold no such integer`,
    );
  }
  return { data: [number], shape: [1], type: isInt32(number) ? "<i" : "<d" };
}

/** Lists of fractions have the precision of float32: EMAN2 reads no longer ones. */
function encodedList(list: number[]): Omit<HdfAttribute, "name"> {
  return { data: list, shape: [list.length], type: list.every(isInt32) ? "<i" : "<f" };
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

/** An attribute as h5wasm gives it, as a value; `type` is its type there, for a compound the list of its members. */
export function imageAttributeValue(value: unknown, type: unknown): Storable {
  const list = flatList(value);
  if (list === undefined) return typeof value === "string" ? text(value) : (value as Storable);
  if (isTransformType(type, list)) return { transform: list.map(Number) };
  const items = list.map((item) => (typeof item === "string" ? text(item) : single(item as number | bigint, type)));
  return items.length === 1 ? items[0] : items;
}

function flatList(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value.flat();
  if (ArrayBuffer.isView(value)) return [...(value as unknown as number[])];
  return typeof value === "number" || typeof value === "bigint" ? [value] : undefined;
}

function isTransformType(type: unknown, list: readonly unknown[]): boolean {
  const members = (Array.isArray(type) ? type : ((type as { compound?: unknown[] })?.compound ?? [])) as [string][];
  return (
    list.length === 12 && members.length === 12 && members.every(([name], index) => name === TRANSFORM_MEMBERS[index])
  );
}

function single(value: number | bigint, type: unknown): Storable {
  const isLetter = typeof type === "string" && /^[<|]?[bB]$/.test(type);
  const number = Number(value);
  return isLetter && (number === TRUE || number === FALSE) ? number === TRUE : value;
}

/** EMAN2 keeps bytes: h5wasm takes them for Latin-1, where they are UTF-8 in all of today's files. */
function text(value: string): string {
  const bytes = Buffer.from(value.replace(/\0.*$/s, ""), "latin1");
  const decoded = bytes.toString("utf8");
  return value.includes("\ufffd") || decoded.includes("\ufffd") || !isLatin1(value)
    ? value.replace(/\0.*$/s, "")
    : decoded;
}

function isLatin1(value: string): boolean {
  return [...value].every((letter) => letter.codePointAt(0)! < 256);
}
