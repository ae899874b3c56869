/** A small table of every column type, full of the values at which evaluators differ. */
import { type ColumnBatch, type ColumnData, type ColumnField, field } from "../../../src/columns/batch.js";

const INTEGERS = [
  0n,
  1n,
  -1n,
  2n,
  -2n,
  3n,
  7n,
  -7n,
  31n,
  32n,
  63n,
  64n,
  65n,
  -64n,
  255n,
  1000n,
  -1000n,
  2n ** 31n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  2n ** 32n,
  2n ** 32n + 1n,
  -(2n ** 33n),
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  -(2n ** 63n) + 1n,
  1_234_567_890_123n,
  12_345n,
  4n,
  5n,
  6n,
  8n,
  9n,
  10n,
  100n,
  -100n,
];
const DOUBLES = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  3,
  7.25,
  -7.25,
  1e-300,
  1e300,
  -1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  5e-324,
  Number.MAX_VALUE,
  0.1,
  0.2,
  1000.25,
  4,
  9,
];
const WORDS = [
  "",
  "a",
  "abc",
  "ab",
  "Nucleus",
  "nucleus",
  "it's",
  "x.tif",
  "a:b",
  "two words",
  "z",
  "\\",
  "café",
  "é",
  "ÿ",
  "日本",
  "b",
  "Cell",
  "Nucleolus",
  "Nucleus ",
];

export const ROW_COUNT = INTEGERS.length;

export const EXAMPLE_FIELDS: readonly ColumnField[] = [
  field("id", "Long"),
  field("count", "Long"),
  field("big one", "Long"),
  field("roi", "Roi"),
  field("image", "Image"),
  field("area", "Double"),
  field("mean area", "Double"),
  field("flag", "Bool"),
  field("is good", "Bool"),
  field("cls", "String", 12),
  field("label", "String", 5),
  field("Roi Name", "String", 24),
  field("class", "String", 9),
  field("area_µm", "Double"),
  field("max", "Double"),
  field("a.b`c", "Long"),
  field("floats", "FloatArray", 2),
  field("doubles", "DoubleArray", 1),
  field("longs", "LongArray", 3),
];

function cycle<T>(values: readonly T[], step: number, offset: number): T[] {
  return Array.from({ length: ROW_COUNT }, (_, row) => values[(row * step + offset) % values.length]!);
}

function text(values: readonly string[], size: number): ColumnData {
  const encoded = values.map((value) => new TextEncoder().encode(value).subarray(0, size));
  const offsets = new Int32Array(values.length + 1);
  for (const [row, bytes] of encoded.entries()) offsets[row + 1] = offsets[row]! + bytes.length;
  return { kind: "string", offsets, bytes: Uint8Array.from(encoded.flatMap((bytes) => [...bytes])) };
}

function exampleColumn({ type, size }: ColumnField, index: number): ColumnData {
  switch (type) {
    case "Bool":
      return {
        kind: "bool",
        values: Uint8Array.from({ length: ROW_COUNT }, (_, row) => ((row * (index + 1)) % 3 === 0 ? 1 : 0)),
      };
    case "Double":
      return { kind: "double", values: Float64Array.from(cycle(DOUBLES, 2 * index + 1, index)) };
    case "String":
      return text(cycle(WORDS, 2 * index + 1, index), size);
    case "FloatArray":
      return { kind: "array", size, values: new Float32Array(ROW_COUNT * size) };
    case "DoubleArray":
      return { kind: "array", size, values: new Float64Array(ROW_COUNT * size) };
    case "LongArray":
      return { kind: "array", size, values: new BigInt64Array(ROW_COUNT * size) };
    default:
      return { kind: "long", values: BigInt64Array.from(cycle(INTEGERS, index === 0 ? 1 : 2 * index + 1, index)) };
  }
}

export const EXAMPLE_TABLE: ColumnBatch = {
  fields: EXAMPLE_FIELDS,
  columns: EXAMPLE_FIELDS.map(exampleColumn),
  rowCount: ROW_COUNT,
  rowNumbers: { start: 0, step: 1 },
};
