/** Arrays: the same number of elements in each row. */
import type { ArrayColumn, ColumnType } from "../batch.js";
import { joinValues } from "./numbers.js";
import type { KindOperations } from "./operations.js";

/** The column types whose rows are arrays, and the typed arrays that hold their elements. */
export const ELEMENT_ARRAYS = {
  FloatArray: Float32Array,
  DoubleArray: Float64Array,
  LongArray: BigInt64Array,
} as const satisfies Partial<Record<ColumnType, unknown>>;

/** What the rows of an array column consist of. */
export type ElementKind = "float" | "double" | "long";

export type ArrayColumnType = keyof typeof ELEMENT_ARRAYS;
type Elements = ArrayColumn["values"];

/** The typed array that holds the elements of an array column. */
export function elementArray(type: ColumnType): {
  new (length: number): Elements;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): Elements;
  readonly BYTES_PER_ELEMENT: number;
} {
  return ELEMENT_ARRAYS[type as ArrayColumnType];
}

/** Bytes of an element of an array column; undefined for the other types. */
export function elementBytes(type: ColumnType): number | undefined {
  return ELEMENT_ARRAYS[type as ArrayColumnType]?.BYTES_PER_ELEMENT;
}

const ELEMENT_KINDS: Readonly<Record<ArrayColumnType, ElementKind>> = {
  FloatArray: "float",
  DoubleArray: "double",
  LongArray: "long",
};

/** What the elements of an array column are; undefined for the other types. */
export function elementKind(type: ColumnType): ElementKind | undefined {
  return ELEMENT_KINDS[type as ArrayColumnType];
}

export const array: KindOperations<ArrayColumn> = {
  parts: {},
  empty: (type, size) => ({ kind: "array", size, values: new (elementArray(type))(0) }),
  length: ({ size, values }) => (size === 0 ? 0 : values.length / size),
  bytes: ({ values }) => values.byteLength,
  slice: ({ size, values }, start, stop) => ({
    kind: "array",
    size,
    values: values.subarray(start * size, stop * size),
  }),
  join: (parts) => ({ kind: "array", size: parts[0]!.size, values: joinValues(parts.map(({ values }) => values)) }),
  take({ size, values }, positions) {
    const type = values.constructor as new (length: number) => Float64Array;
    const taken = new type(positions.length * size);
    for (let index = 0; index < positions.length; index++) {
      const start = positions[index]! * size;
      taken.set(values.subarray(start, start + size) as Float64Array, index * size);
    }
    return { kind: "array", size, values: taken };
  },
};
