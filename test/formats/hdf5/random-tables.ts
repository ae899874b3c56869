/** Random tables for property tests: columns, and batches of cells that fit them. */
import fc from "fast-check";
import { type ColumnBatch, type ColumnField, type ColumnType, field } from "../../../src/columns/batch.js";
import { batchOf, type Cell, type MaskCell } from "../../support/cells.js";

const TYPES: readonly ColumnType[] = [
  "File",
  "Image",
  "Long",
  "Bool",
  "Double",
  "String",
  "FloatArray",
  "DoubleArray",
  "LongArray",
];
const NAMES = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
  fc.constantFrom("two words", "größe", "名前", "a.b", "x[0]"),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

function allowedName(name: string): boolean {
  return !/^(_[cfgv]_|__)|[/\0]/.test(name) && name !== "." && name !== "";
}

const column = fc.record({
  name: NAMES.filter(allowedName),
  type: fc.constantFrom(...TYPES),
  size: fc.integer({ min: 1, max: 60 }),
  description: fc.string({ maxLength: 20, unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
});

/** 1 to 8 columns of different names; at most one of masks. */
export const columns: fc.Arbitrary<ColumnField[]> = fc
  .tuple(fc.uniqueArray(column, { minLength: 1, maxLength: 7, selector: ({ name }) => name }), fc.boolean())
  .map(([fields, withMasks]) => [
    ...fields.map(({ name, type, size, description }) => field(name, type, isSized(type) ? size : 1, description)),
    ...(withMasks && fields.every(({ name }) => name !== "mask") ? [field("mask", "Mask")] : []),
  ]);

function isSized(type: ColumnType): boolean {
  return type === "String" || type.endsWith("Array");
}

/** A batch of up to `maxRows` rows for these columns. */
export function batches(fields: readonly ColumnField[], maxRows: number): fc.Arbitrary<ColumnBatch> {
  return fc.array(fc.tuple(...fields.map(cell)), { maxLength: maxRows }).map((rows) =>
    batchOf(
      fields,
      fields.map((_, index) => rows.map((row) => row[index]!)),
    ),
  );
}

function cell({ type, size }: ColumnField): fc.Arbitrary<Cell> {
  switch (type) {
    case "Bool":
      return fc.boolean();
    case "Double":
      return fc.double();
    case "String":
      return fc.string({ unit: "grapheme", maxLength: size }).map((text) => fittingText(text, size));
    case "FloatArray":
      return fc.array(fc.float(), { minLength: size, maxLength: size });
    case "DoubleArray":
      return fc.array(fc.double(), { minLength: size, maxLength: size });
    case "LongArray":
      return fc.array(int64, { minLength: size, maxLength: size });
    case "Mask":
      return mask;
    default:
      return int64;
  }
}

/** Text without trailing NULs, which are lost, of at most `size` bytes of UTF-8. */
function fittingText(text: string, size: number): string {
  let fitting = text;
  while (new TextEncoder().encode(fitting).length > size) fitting = [...fitting].slice(0, -1).join("");
  return fitting.replace(/\0+$/, "");
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const mask: fc.Arbitrary<MaskCell> = fc.record({
  imageId: int64,
  theZ: int32,
  theT: int32,
  x: fc.double(),
  y: fc.double(),
  w: fc.double(),
  h: fc.double(),
  bytes: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }),
});
