import type { DataFrame as DanfojsFrame } from "danfojs-node";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, type ColumnField, field } from "../../../src/columns/batch.js";
import { emptyBatch } from "../../../src/columns/batch-operations.js";
import { loadDanfojs } from "../../../src/formats/frame/danfojs/danfojs.js";
import { type FrameOptions, toDataFrame } from "../../../src/formats/frame/frame.js";
import { batchOf, type Cell } from "../../support/cells.js";
import { EVERY_TYPE, everyTypeCells } from "../../support/memory-table.js";

const danfojs = (await loadDanfojs()) as unknown as typeof import("danfojs-node");

async function* stream(...batches: ColumnBatch[]) {
  yield* batches;
}
const frameOf = (batches: ColumnBatch[], options?: FrameOptions) => toDataFrame(stream(...batches), options);

const fields = [field("id", "Image"), field("mean area", "Double"), field("class", "String", 9), field("ok", "Bool")];
const cells: Cell[][] = [
  [3n, 1n, 2n, 5n],
  [0.5, Number.NaN, 1e300, -0.25],
  ["a", "é", "", "a"],
  [true, false, true, true],
];
const rows = [7, 8, 9, 20];
const batch = batchOf(fields, cells, Float64Array.from(rows));

/** What danfojs itself makes of the same rows. */
function plainFrame(): DanfojsFrame {
  const data = rows.map((_, row) =>
    cells.map((column) => (typeof column[row] === "bigint" ? Number(column[row]) : column[row])),
  );
  const dtypes = ["int32", "float32", "string", "boolean"];
  return new danfojs.DataFrame(data, { index: [...rows], columns: fields.map(({ name }) => name), dtypes });
}

const operations: Record<string, (frame: DanfojsFrame) => unknown> = {
  shape: (frame) => frame.shape,
  values: (frame) => frame.values,
  "columns, index and types": (frame) => [frame.columns, frame.index, frame.dtypes, frame.size, frame.ndim],
  "data by column": (frame) => frame.getColumnData,
  column: (frame) => frame.column("class").values,
  "column as a property": (frame) => [frame["mean area"].values, frame["mean area"].index, frame["mean area"].dtypes],
  head: (frame) => [frame.head(2).values, frame.head(2).index, frame.head(2).dtypes],
  tail: (frame) => frame.tail(1).values,
  iloc: (frame) => frame.iloc({ rows: [1, 3], columns: [0, 2] }).values,
  loc: (frame) => frame.loc({ rows: [8, 20], columns: ["ok", "id"] }).values,
  query: (frame) => frame.query(frame.id.gt(1).and(frame.class.eq("a"))).values,
  print: (frame) => frame.toString(),
  sort: (frame) => frame.sortValues("id").values,
  drop: (frame) => frame.drop({ columns: ["class"] }).values,
  group: (frame) => new Set((frame.groupby(["class"]).col(["id"]).sum().values as unknown[]).map(String)),
  describe: (frame) => frame.iloc({ columns: [0] }).describe().values,
  json: (frame) => danfojs.toJSON(frame),
  csv: (frame) => danfojs.toCSV(frame),
  copy: (frame) => frame.copy().values,
  transpose: (frame) => frame.T.values,
  "adding a column": (frame) => {
    frame.addColumn("twice", frame.id.mul(2), { inplace: true });
    return [frame.shape, frame.values, frame.getColumnData, frame.dtypes, frame.twice.values];
  },
  "changing a column": (frame) => {
    frame.id = [10, 20, 30, 40];
    return [frame.shape, frame.values, frame.getColumnData, frame.id.values];
  },
  "filling gaps in place": (frame) => {
    frame.fillNa(0, { columns: ["mean area"], inplace: true });
    return [frame.values, frame.getColumnData];
  },
  "dropping in place": (frame) => {
    frame.drop({ columns: ["class"], inplace: true });
    return [frame.shape, frame.values, frame.columns];
  },
  "a new index": (frame) => frame.setIndex({ column: "id" }).index,
  "reset index": (frame) => frame.resetIndex().index,
};

describe("toDataFrame", () => {
  it.each(Object.entries(operations))("behaves as a frame made by danfojs: %s", async (_, operation) => {
    const frame = await frameOf([batch], { rowCount: 4 });
    expect(frame).toBeInstanceOf(danfojs.DataFrame);
    expect(operation(frame as never)).toEqual(operation(plainFrame()));
  });

  it("keeps the row numbers of several batches as its index", async () => {
    const one = batchOf([field("n", "Long")], [[1n, 2n]], { start: 10, step: 5 });
    const two = batchOf([field("n", "Long")], [[3n]], Float64Array.of(4));
    for (const options of [undefined, { rowCount: 3 }]) {
      const frame = await frameOf([one, two], options);
      expect([frame.index, frame.values]).toEqual([
        [10, 15, 4],
        [[1], [2], [3]],
      ]);
    }
  });

  it("makes rows only when they are asked for", async () => {
    const frame = await frameOf([batch]);
    expect(frame.shape).toEqual([4, 4]);
    expect(frame.id.values).toEqual([3, 1, 2, 5]);
    frame.id!.values[0] = 30; // the column's own array, of which the rows are made
    expect(frame.values[0]![0]).toBe(30);
    expect(frame.values).toBe(frame.values);
    expect(frame.shape).toEqual([4, 4]);
  });

  it("holds columns of every type", async () => {
    const every = everyTypeCells(6);
    const frame = await frameOf([batchOf(EVERY_TYPE, every)]);
    expect(frame.columns).toEqual(EVERY_TYPE.map(({ name }) => name));
    const expected = every.map((column) =>
      column.map((cell) => {
        if (Array.isArray(cell)) return cell.map(Number);
        if (typeof cell === "bigint") return Number(cell);
        if (typeof cell !== "object") return cell;
        const { imageId, bytes, ...rest } = cell;
        return JSON.stringify({ imageId: Number(imageId), ...rest, bytes: Buffer.from(bytes).toString("base64") });
      }),
    );
    expect(frame.getColumnData).toEqual(expected);
    expect(frame.values).toEqual(Array.from({ length: 6 }, (_, row) => expected.map((column) => column[row])));
    expect(frame.toString()).toContain("image");
  });

  it("gives array columns as Series of arrays, whatever their length", async () => {
    const lists = [field("one", "DoubleArray", 1), field("two", "FloatArray", 2), field("wide", "LongArray", 2)];
    const cells = [
      [[1.5], [Number.NaN]],
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1n, 2n],
        [3n, 2n ** 60n],
      ],
    ];
    const frame = await frameOf([batchOf(lists, cells)], { int64: "bigint" });
    for (const [at, { name }] of lists.entries()) expect(frame.column(name).values, name).toEqual(cells[at]);
    expect(frame.one.values).toEqual(cells[0]);
    expect(frame.loc({ rows: [1], columns: ["two"] }).values).toEqual([[[3, 4]]]);
    expect(frame.toString()).toContain("1.5");
  });

  it("has the right columns and types without rows", async () => {
    const frame = await frameOf([emptyBatch(EVERY_TYPE)]);
    expect(frame.shape).toEqual([0, EVERY_TYPE.length]);
    expect(frame.columns).toEqual(EVERY_TYPE.map(({ name }) => name));
    const types: Partial<Record<ColumnField["type"], string>> = { Double: "float32", Bool: "boolean" };
    const texts = ["String", "FloatArray", "DoubleArray", "LongArray", "Mask"];
    expect(frame.dtypes).toEqual(
      EVERY_TYPE.map(({ type }) => types[type] ?? (texts.includes(type) ? "string" : "int32")),
    );
    expect([frame.index, frame.values, frame.image.values]).toEqual([[], [], []]);
    expect((await frameOf([emptyBatch(fields)])).toString()).toContain("mean area");
  });

  it("refuses an integer that a number cannot hold, naming column and row", async () => {
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      const wide = batchOf(
        [field("a", "Long"), field("roi", "Roi")],
        [
          [1n, 2n],
          [3n, value],
        ],
        Float64Array.of(5, 77),
      );
      await expect(frameOf([wide])).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column: "roi", row: 77 });
      const frame = await frameOf([wide], { int64: "bigint" });
      expect(frame.values).toEqual([
        [1n, 3n],
        [2n, value],
      ]);
    }
    const lists = batchOf(
      [field("l", "LongArray", 2)],
      [
        [
          [1n, 2n],
          [3n, 2n ** 60n],
        ],
      ],
    );
    await expect(frameOf([lists])).rejects.toMatchObject({ code: "UNSAFE_INTEGER", column: "l", row: 1 });
    expect((await frameOf([lists], { int64: "bigint" })).values).toEqual([[[1n, 2n]], [[3n, 2n ** 60n]]]);
  });

  it("keeps integers up to 2^53 - 1 and does not call those beyond 32 bits int32", async () => {
    const numbers = [2n ** 53n - 1n, 1n - 2n ** 53n, 2n ** 31n, -(2n ** 31n)];
    const frame = await frameOf([
      batchOf([field("wide", "Long"), field("narrow", "Long")], [numbers, [1n, -1n, 0n, 2n ** 31n - 1n]]),
    ]);
    expect(frame.wide.values).toEqual(numbers.map(Number));
    expect(frame.dtypes).toEqual(["float32", "int32"]);
  });

  it("shows and selects bigints", async () => {
    const frame = await frameOf(
      [
        batchOf(
          [field("id", "Image"), field("s", "String", 1)],
          [
            [2n ** 60n, 2n],
            ["a", "b"],
          ],
        ),
      ],
      {
        int64: "bigint",
      },
    );
    expect(frame.id.values).toEqual([2n ** 60n, 2n]);
    expect(frame.column("id").index).toEqual([0, 1]);
    expect(frame.s.values).toEqual(["a", "b"]);
    expect(frame.query(frame.s.eq("a")).values).toEqual([[2n ** 60n, "a"]]);
    expect(frame.toString()).toContain("115292150460684…");
  });

  it("stays usable when a column has the name of something in danfojs", async () => {
    const names = ["index", "shape", "values", "columns", "constructor", "mean", "$data", "__proto__x"];
    const one = batchOf(
      names.map((name) => field(name, "Long")),
      names.map((_, index) => [BigInt(index), 9n]),
    );
    const frame = await frameOf([one]);
    expect(frame.shape).toEqual([2, names.length]);
    expect(frame.index).toEqual([0, 1]);
    for (const [index, name] of names.entries()) expect(frame.column(name).values).toEqual([index, 9]);
    expect(frame.values[0]).toEqual(names.map((_, index) => index));
  });

  it("holds 500 columns", async () => {
    const many = Array.from({ length: 500 }, (_, index) => field(`column ${index}`, "Double"));
    const frame = await frameOf([
      batchOf(
        many,
        many.map((_, index) => [index, index + 0.5]),
      ),
    ]);
    expect(frame.shape).toEqual([2, 500]);
    expect(frame["column 499"].values).toEqual([499, 499.5]);
  });
});
