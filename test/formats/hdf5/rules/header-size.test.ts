import { expect, test } from "vitest";
import { type ColumnField, type ColumnType, field } from "../../../../src/columns/batch.js";
import { checkColumnCount } from "../../../../src/formats/hdf5/rules/hdf5-rules.js";

function fields(count: number, nameLength: number, types: readonly ColumnType[]): ColumnField[] {
  return Array.from({ length: count }, (_, index) =>
    field(`c${index}`.padEnd(nameLength, "x"), types[index % types.length]!, 3),
  );
}

function accepts(columns: readonly ColumnField[]): boolean {
  try {
    checkColumnCount(columns, () => {});
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "INVALID_SCHEMA", message: expect.stringMatching(/too many/) });
    return false;
  }
}

/** The most columns PyTables could create a table with: measured with PyTables 3.10 and HDF5 1.14. */
test.each<[number, number, ColumnType[]]>([
  [1260, 5, ["Long"]],
  [1092, 8, ["Long"]],
  [963, 16, ["Image"]],
  [862, 30, ["Long"]],
  [1092, 7, ["Double"]],
  [1260, 7, ["Bool"]],
  [1365, 7, ["String"]],
  [1260, 7, ["DoubleArray"]],
  [1489, 7, ["LongArray"]],
  [1260, 7, ["FloatArray"]],
  [147, 7, ["Mask"]],
])("%i columns with names of %i characters, of %s, and no more", (count, nameLength, types) => {
  expect(accepts(fields(count, nameLength, types))).toBe(true);
  expect(accepts(fields(count + 1, nameLength, types))).toBe(false);
});

test("mixed columns with names of all lengths: 1591, and no more", () => {
  const types: ColumnType[] = ["Long", "Double", "Bool", "String", "DoubleArray"];
  const mixed = (count: number) =>
    fields(count, 0, types).map((one, index) => ({ ...one, name: `c${index}`.padEnd(5 + (index % 20), "x") }));
  expect(accepts(mixed(1591))).toBe(true);
  expect(accepts(mixed(1592))).toBe(false);
});

test("771 columns with long names fail, as they did in the field; with short ones they are warned of", () => {
  expect(accepts(fields(771, 45, ["Double"]))).toBe(false);
  const warnings: string[] = [];
  checkColumnCount(fields(771, 8, ["Double"]), (message) => warnings.push(message));
  checkColumnCount(fields(512, 8, ["Double"]), (message) => warnings.push(message));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("771 columns");
});
