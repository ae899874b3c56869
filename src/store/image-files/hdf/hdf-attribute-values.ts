/** Attributes of HDF5 as values of a header. */
import type { Storable } from "../../records/storable.js";
import { FALSE, TRANSFORM_MEMBERS, TRUE } from "./hdf-attributes.js";

/** An attribute as h5wasm gives it; `value` is read when it is asked for. */
export interface HdfAttributeObject {
  readonly value: unknown;
  readonly dtype: unknown;
  readonly shape: readonly (number | bigint)[] | null;
  readonly metadata: HdfType;
}

interface HdfType {
  readonly type: number;
  /** Bytes of an element. */
  readonly size: number;
  /** Of text: 0 for ASCII, 1 for UTF-8. */
  readonly cset?: number;
  readonly compound_type?: { readonly members: readonly (HdfType & { readonly name: string })[] };
  readonly enum_type?: { readonly members: Readonly<Record<string, number>> };
}

/** HDF5's numbers of the kinds of types. */
const [INTEGER, FLOAT, TEXT, COMPOUND, ENUM, ARRAY] = [0, 1, 3, 6, 8, 10];
const NUMBERS: readonly number[] = [INTEGER, FLOAT, COMPOUND, ARRAY] as number[];

/** An attribute's value; undefined for one of a type that a header has no value for, as EMAN2 leaves them out, too. */
export function headerValue(attribute: HdfAttributeObject): Storable | undefined {
  const value = readable(attribute);
  if (value === undefined || value === null) return undefined;
  const { metadata } = attribute;
  const items = (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : listOf(value)) as unknown[];
  if (metadata.type === COMPOUND && isTransform(metadata, items))
    return { transform: items.flatMap(listOf).map(Number) };
  const values = items.flatMap(listOf).map((item) => itemValue(item, metadata));
  if (values.some((item) => item === undefined)) return undefined;
  return values.length === 1 ? values[0] : values;
}

function readable(attribute: HdfAttributeObject): unknown {
  try {
    return attribute.value;
  } catch (error) {
    const isUnknownType = error instanceof Error && /\b(not supported|unsupported)\b/i.test(error.message);
    if (isUnknownType) return undefined;
    throw error; // it is damaged
  }
}

function listOf(value: unknown): unknown[] {
  return ArrayBuffer.isView(value) ? [...(value as unknown as number[])] : [value];
}

function isTransform({ compound_type }: HdfType, items: readonly unknown[]): boolean {
  const members = compound_type?.members ?? [];
  return (
    items.length === 12 && members.length === 12 && members.every(({ name }, at) => name === TRANSFORM_MEMBERS[at])
  );
}

function itemValue(item: unknown, metadata: HdfType): Storable | undefined {
  if (typeof item === "string") return metadata.type === TEXT ? text(item, metadata.cset ?? 0) : undefined;
  if (typeof item !== "number" && typeof item !== "bigint") return undefined;
  if (metadata.type === ENUM) return enumerated(item, metadata);
  if (!NUMBERS.includes(metadata.type)) return undefined;
  const isLetter = metadata.type === INTEGER && metadata.size === 1;
  return isLetter && (item === TRUE || item === FALSE) ? item === TRUE : item;
}

/** h5py keeps truths as an enumeration of FALSE and TRUE. */
function enumerated(item: number | bigint, { enum_type }: HdfType): Storable {
  const { FALSE: no, TRUE: yes } = enum_type?.members ?? {};
  const number = Number(item);
  return no === 0 && yes === 1 && (number === 0 || number === 1) ? number === 1 : item;
}

/**
 * EMAN2 keeps bytes without saying how they are to be read: UTF-8 in all of today's files. The library takes them for
 * Windows-1252, of which the bytes are had back.
 */
function text(value: string, cset: number): string {
  const whole = value.replace(/\0.*$/s, "");
  if (cset !== 0) return whole;
  const bytes = Buffer.from([...whole].map((letter) => letterByte(letter)));
  const decoded = bytes.toString("utf8");
  return decoded.includes("\ufffd") ? whole : decoded;
}

/** Bytes whose letters in Windows-1252 have other numbers. */
const LETTERS = new Map(
  Array.from({ length: 32 }, (_, at): [string, number] => [
    new TextDecoder("windows-1252").decode(Uint8Array.of(0x80 + at)),
    0x80 + at,
  ]),
);

function letterByte(letter: string): number {
  return LETTERS.get(letter) ?? letter.codePointAt(0)!;
}
