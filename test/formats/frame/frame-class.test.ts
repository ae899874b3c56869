import { describe, expect, it } from "vitest";
import { field } from "../../../src/columns/batch.js";
import { toDataFrame } from "../../../src/formats/frame/frame.js";
import { concat, DataFrame, merge, Series } from "../../../src/formats/frame/index.js";
import { batchOf, type Cell } from "../../support/cells.js";

const NAMES = ["mean", "max", "head", "print", "columns", "iloc", "index", "shape", "values", "groupby", "then", "a b"];

async function* stream<T>(...items: T[]) {
  yield* items;
}

/** A frame whose columns are named as members; row `r` of column `c` is `c + r / 4`. */
function named(): Promise<DataFrame> {
  const fields = NAMES.map((name) => field(name, "Double"));
  const columns: Cell[][] = NAMES.map((_, at) => [at, at + 0.25, at + 0.5, at + 0.5]);
  return toDataFrame(stream(batchOf(fields, columns, { start: 0, step: 1 })));
}

/** Frames that come of a frame, by danfojs' own methods and by those of this package. */
const DERIVED: Record<string, (frame: DataFrame) => DataFrame | Promise<DataFrame>> = {
  itself: (frame) => frame,
  head: (frame) => frame.head(4),
  copy: (frame) => frame.copy(),
  iloc: (frame) => frame.iloc({ rows: ["0:4"] }),
  loc: (frame) => frame.loc({ columns: NAMES }),
  query: (frame) => frame.query([true, true, true, true]),
  sortValues: (frame) => frame.sortValues("mean"),
  sortIndex: (frame) => frame.sortIndex(),
  resetIndex: (frame) => frame.resetIndex(),
  setIndex: (frame) => frame.setIndex({ index: ["a", "b", "c", "d"] }),
  fillNa: (frame) => frame.fillNa(0),
  dropNa: (frame) => frame.dropNa(),
  replace: (frame) => frame.replace(-1, 0),
  round: (frame) => frame.round(2),
  abs: (frame) => frame.abs(),
  applyMap: (frame) => frame.applyMap((value) => value),
  "transposed twice": (frame) => frame.T.T,
  add: (frame) => frame.add(0),
  concat: (frame) => concat({ dfList: [frame] }),
  merge: (frame) => merge({ left: frame, right: frame.iloc({ rows: [0, 1, 2], columns: [0] }), on: "mean" }),
  rename: (frame) => frame.rename({ mean: "x" }).rename({ x: "mean" }),
  addColumn: (frame) => frame.drop({ columns: "a b" }).addColumn("a b", frame.column("a b")),
  sample: async (frame) => (await frame.sample(4)).sortIndex(),
};

describe("columns named as members", () => {
  it.each(Object.entries(DERIVED))("hide none of them, of a frame by %s", async (_, derive) => {
    const frame = await derive(await named());
    expect(frame.columns).toEqual(NAMES);
    expect(frame.shape).toEqual([4, NAMES.length]);
    expect(frame.head(1).values).toEqual([NAMES.map((_, at) => at)]);
    expect(frame.iloc({ rows: [1], columns: [0] }).values).toEqual([[0.25]]);
    expect(frame.max({ axis: 0 }).values).toEqual(NAMES.map((_, at) => at + 0.5));
    expect(frame.mean({ axis: 0 }).values[1]).toBeCloseTo(1.3125);
    expect(frame.groupby("index").mean().shape).toEqual([3, NAMES.length]);
    expect(frame.toString()).toContain("print");
    expect(frame.print).toBeTypeOf("function");
    for (const [at, name] of NAMES.entries()) {
      expect(frame.column(name).values, name).toEqual([at, at + 0.25, at + 0.5, at + 0.5]);
    }
    expect(frame["a b"]!.values[1]).toBe(NAMES.indexOf("a b") + 0.25);
    expect(frame).toBeInstanceOf(DataFrame);
  });

  it("are set by what they are named where no member is", async () => {
    const frame = await named();
    frame["a b"] = [4, 3, 2, 1] as never;
    expect([frame.column("a b").values, frame.values[0]!.at(-1)]).toEqual([[4, 3, 2, 1], 4]);
    expect(() => frame.column("aa")).toThrow(expect.objectContaining({ code: "UNKNOWN_COLUMN" }));
    expect(() => {
      frame["a b"] = [1] as never;
    }).toThrow("1 values for 4 rows");
  });
});

describe("DataFrame", () => {
  it("is made of columns, rows and objects", () => {
    expect(new DataFrame({ a: [1, 2], b: ["x", "y"] }).values).toEqual([
      [1, "x"],
      [2, "y"],
    ]);
    expect(new DataFrame([[1.5], [2]], { columns: ["mean"], index: ["p", "q"] }).loc({ rows: ["q"] }).values).toEqual([
      [2],
    ]);
    expect(new DataFrame([{ a: 1 }, { a: 2 }]).columns).toEqual(["a"]);
    expect(new Series([1, 2, 3]).mean()).toBe(2);
  });

  it("changes in place where it is asked to, and otherwise not", () => {
    const make = () => new DataFrame({ a: [3, 1, 2, 1], b: ["c", "a", "b", "a"] });
    const changes: ((frame: DataFrame, inplace: boolean) => DataFrame | undefined)[] = [
      (frame, inplace) => frame.sortValues("a", { inplace }),
      (frame, inplace) => frame.dropDuplicates({ inplace }),
      (frame, inplace) => frame.query([true, false, true, false], { inplace }),
      (frame, inplace) => frame.drop({ columns: "b", inplace }),
      (frame, inplace) => frame.rename({ a: "z" }, { inplace }),
      (frame, inplace) => frame.addColumn("c", [1, 2, 3, 4], { inplace, atIndex: 0 }),
    ];
    for (const change of changes) {
      const [kept, changed] = [make(), make()];
      const result = change(kept, false)!;
      expect(change(changed, true)).toBeUndefined();
      expect(kept.toCSV()).toBe(make().toCSV());
      expect(changed.toCSV()).toBe(result.toCSV());
    }
  });

  it("calculates in double precision, and refuses texts", () => {
    const frame = new DataFrame({ a: [1, 2, 3], b: [0.1, 0.2, Number.NaN] });
    expect(frame.add(frame).getColumnData).toEqual([
      [2, 4, 6],
      [0.2, 0.4, Number.NaN],
    ]);
    expect(frame.mul([2, 10]).getColumnData).toEqual([
      [2, 4, 6],
      [1, 2, Number.NaN],
    ]);
    expect(frame.sub(new Series([1, 2, 3]), { axis: 0 }).column("a").values).toEqual([0, 0, 0]);
    expect(frame.mod(-2).column("a").values).toEqual([-1, 0, -1]);
    expect(frame.gt(1).column("a").values).toEqual([false, true, true]);
    expect(frame.diff(1).column("a").values).toEqual([Number.NaN, 1, 1]);
    expect(frame.pctChange(1).column("a").values).toEqual([Number.NaN, 1, 0.5]);
    expect(() => new DataFrame({ t: ["x"] }).add(1)).toThrow(expect.objectContaining({ column: "t" }));
    expect(() => frame.add([1, 2, 3])).toThrow("must be 2; found 3");
  });

  it("gives groups, their frames and what is made of each", () => {
    const frame = new DataFrame(
      { well: ["b", "a", "b"], area: [1, 2, 5], label: ["x", "y", "z"] },
      { index: [7, 8, 9] },
    );
    const groups = frame.groupby(["well"]);
    expect([groups.ngroups, groups.groups]).toEqual([2, { a: [8], b: [7, 9] }]);
    expect(groups.getGroup(["b"]).index).toEqual([7, 9]);
    expect(groups.size().values).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(groups.col(["area"]).cumSum().values).toEqual([
      ["a", 2],
      ["b", 1],
      ["b", 6],
    ]);
    expect(groups.apply((group) => group.head(1)).values).toEqual([
      ["a", "a", 2, "y"],
      ["b", "b", 1, "x"],
    ]);
    expect(groups.first().columns).toEqual(["well", "area", "label"]);
    expect(groups.agg({ area: ["min", "max"], label: "nunique" }).columns).toEqual([
      "well",
      "area_min",
      "area_max",
      "label_nunique",
    ]);
    expect(() => groups.mean()).toThrow('"label" holds texts');
    expect(() => groups.getGroup(["c"])).toThrow("no group");
    expect(() => groups.agg({ area: "mode " as never })).toThrow("there is no aggregate");
  });

  it("shows itself in a notebook, with what it holds escaped", () => {
    const frame = new DataFrame({ "<b>": ["a & b", '"'], area: [1 / 3, Number.NaN] });
    const { "text/html": html, "text/plain": text } = (frame as never as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]!.call(frame);
    expect(html).toContain("<th>&lt;b&gt;</th><th>area</th>");
    expect(html).toContain("<tr><th>0</th><td>a &amp; b</td><td>0.333333</td></tr>");
    expect(html).toContain("<td>NaN</td>");
    expect(html).toContain("2 rows × 2 columns");
    expect(text).toContain("a & b");
    const long = new DataFrame({ n: Array.from({ length: 100 }, (_, row) => row) });
    const shown = (long as never as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!.call(
      long,
    );
    expect(shown["text/html"]!.match(/<tr>/g)!.length).toBe(11);
  });

  it("works without rows, with one row and one column", async () => {
    const empty = new DataFrame({ a: [1], b: ["x"] }).head(0);
    expect([empty.shape, empty.columns]).toEqual([
      [0, 2],
      ["a", "b"],
    ]);
    expect(empty.sortValues("a").shape).toEqual([0, 2]);
    expect(empty.merge(empty, { on: "a" }).columns).toEqual(["a", "b_x", "b_y"]);
    expect(empty.groupby("b").sum().shape).toEqual([0, 2]);
    expect(concat({ dfList: [empty, empty] }).shape).toEqual([0, 2]);
    expect((await empty.toArrow()).numRows).toBe(0);
    expect(empty.toCSV()).toBe(",a,b\n");
    const one = new DataFrame({ a: [Number.NaN] });
    expect(one.toCSV({ index: false })).toBe('a\n""\n');
    expect(one.corr().values).toEqual([[Number.NaN]]);
    expect(one.quantile().values).toEqual([Number.NaN]);
  });
});
