import fc from "fast-check";
import { expect, test } from "vitest";
import { type ColumnBatch, type ColumnData, field } from "../../src/columns/batch.js";
import { rechunk } from "../../src/columns/batch-operations.js";
import { joinColumns, sliceColumn } from "../../src/columns/kinds/kinds.js";

const FIELDS = [
  field("id", "Long"),
  field("x", "Double"),
  field("ok", "Bool"),
  field("name", "String", 9),
  field("v", "FloatArray", 2),
  field("m", "Mask"),
];

function texts(rows: readonly number[]) {
  const parts = rows.map((row) => Buffer.from("é".repeat(row % 5)));
  const offsets = new Int32Array(rows.length + 1);
  for (const [index, part] of parts.entries()) offsets[index + 1] = offsets[index]! + part.length;
  return { offsets, bytes: new Uint8Array(Buffer.concat(parts)) };
}

function columnsOf(rows: readonly number[]): ColumnData[] {
  return [
    { kind: "long", values: BigInt64Array.from(rows, BigInt) },
    { kind: "double", values: Float64Array.from(rows, (row) => row / 3) },
    { kind: "bool", values: Uint8Array.from(rows, (row) => row % 2) },
    { kind: "string", ...texts(rows) },
    { kind: "array", size: 2, values: Float32Array.from(rows.flatMap((row) => [row, -row])) },
    {
      kind: "mask",
      imageId: BigInt64Array.from(rows, BigInt),
      theZ: Int32Array.from(rows),
      theT: Int32Array.from(rows),
      x: Float64Array.from(rows),
      y: Float64Array.from(rows),
      w: Float64Array.from(rows),
      h: Float64Array.from(rows),
      ...texts(rows),
    },
  ];
}

function batchOf(start: number, rowCount: number): ColumnBatch {
  const rows = Array.from({ length: rowCount }, (_, index) => start + index);
  return { fields: FIELDS, columns: columnsOf(rows), rowCount, rowNumbers: { start, step: 1 } };
}

test("rows come in the same order in batches of the rows asked for", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 15 }),
      fc.integer({ min: 0, max: 100 }),
      async (sizes, rows, firstRow) => {
        let start = 0;
        const batches = sizes.map((size) => {
          start += size;
          return batchOf(start - size, size);
        });
        const result: ColumnBatch[] = [];
        for await (const batch of rechunk(batches, rows, firstRow)) result.push(batch);
        expect(result.slice(0, -1).every(({ rowCount }) => rowCount === rows)).toBe(true);
        expect(result.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(start);
        let at = 0;
        for (const batch of result) {
          expect(batch.rowNumbers).toEqual({ start: firstRow + at, step: 1 });
          expect(batch.columns).toEqual(batchOf(at, batch.rowCount).columns);
          at += batch.rowCount;
        }
      },
    ),
  );
});

test("slices join to the whole", () => {
  for (const column of batchOf(3, 11).columns) {
    const parts = [sliceColumn(column, 0, 4), sliceColumn(column, 4, 4), sliceColumn(column, 4, 11)];
    expect(joinColumns(parts)).toEqual(column);
  }
});
