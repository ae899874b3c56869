/** Frames beside pandas: the same operations on the same values give the same CSV, byte for byte. */
import { tableFromIPC, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concat, DataFrame, merge } from "../../src/formats/frame/index.js";
import { PythonSession } from "./python-session.js";

let python: PythonSession;

beforeAll(async () => {
  python = await PythonSession.start(`
    import pandas as pd
    def make(columns):
        made = {}
        for name, (kind, values) in columns.items():
            if kind == "float":
                made[name] = [float("nan") if value is None else float(value) for value in values]
            elif kind == "text":
                made[name] = pd.Series([float("nan") if value is None else value for value in values], dtype=object)
            else:
                made[name] = values
        return pd.DataFrame(made)
  `);
}, 60_000);
afterAll(async () => {
  await python?.[Symbol.asyncDispose]();
});

type Columns = Record<string, readonly ["integer" | "float" | "text" | "bool", readonly unknown[]]>;

/** Columns with repetitions, gaps, and texts of any language. */
function columnsOf(rows: number, seed: number): Columns {
  let state = seed;
  const upTo = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % limit;
  };
  const list = (value: () => unknown) => Array.from({ length: rows }, value);
  const texts = ["Nucleus", "cell, 2", 'a "b"', "é", "Ärger", "🔬 x", "", "two\nlines", "￮", null];
  return {
    id: ["integer", list(() => upTo(9) - 4)],
    label: ["text", list(() => texts[upTo(texts.length)])],
    area: ["float", list(() => (upTo(5) === 0 ? null : (upTo(4000) - 2000) / 16))],
    tiny: ["float", list(() => [1e-7, 1e16, 0.1, -0, 123456789.125, 1e300, 5e-324][upTo(7)])],
    ok: ["bool", list(() => upTo(2) === 0)],
    far: ["integer", list(() => 2 ** 53 - 1 - upTo(3))],
  };
}

function frameOf(columns: Columns): DataFrame {
  const values = Object.entries(columns).map(([name, [kind, held]]) => {
    return [name, kind === "float" || kind === "text" ? held.map((value) => value ?? Number.NaN) : held];
  });
  const dtypes = { integer: "int32", float: "float32", text: "string", bool: "boolean" };
  const frame = new DataFrame(Object.fromEntries(values), {
    dtypes: Object.values(columns).map(([kind]) => dtypes[kind]),
  });
  return frame;
}

const left = columnsOf(120, 7);
const { ok: _, tiny: __, ...right } = columnsOf(90, 11);

/** What pandas writes of an expression over the frames `left` and `right`. */
const pandas = (expression: string) =>
  python
    .run<string>(`result = (${expression}).to_csv(index=index)`, {
      left_columns: left,
      right_columns: right,
      index: false,
    })
    .then(String);

beforeAll(async () => {
  await python.run("left, right = make(left_columns), make(right_columns)", {
    left_columns: left,
    right_columns: right,
  });
});

describe("a frame", () => {
  const [one, other] = [frameOf(left), frameOf(right)];
  const csv = (frame: DataFrame) => frame.toCSV({ index: false });

  it("is written as pandas writes it, with its index or without", async () => {
    expect(one.toCSV()).toBe(await python.run("result = left.to_csv()"));
    expect(one.toCSV({ index: false, sep: ";" })).toBe(await python.run('result = left.to_csv(index=False, sep=";")'));
    expect(one.toCSV({ header: false })).toBe(await python.run("result = left.to_csv(header=False)"));
    for (const name of one.columns) {
      const single = one.loc({ columns: [name] });
      expect(csv(single), name).toBe(await python.run("result = left[[name]].to_csv(index=False)", { name }));
    }
    expect(one.head(0).toCSV()).toBe(await python.run("result = left.head(0).to_csv()"));
    expect(one.head(1).toCSV()).toBe(await python.run("result = left.head(1).to_csv()"));
  });

  it.each([
    [["area"], true],
    [["area"], false],
    [["label", "area"], true],
    [["ok", "label", "id"], false],
    [["far", "tiny"], true],
  ])("is sorted by %s as pandas sorts stably", async (by, ascending) => {
    const sorted = await python.run('result = left.sort_values(by, ascending=ascending, kind="stable").to_csv()', {
      by,
      ascending,
    });
    expect(one.sortValues(by, { ascending }).toCSV()).toBe(sorted);
  });

  it.each(["inner", "left", "right", "outer"] as const)("is joined, %s, as pandas joins", async (how) => {
    for (const on of [["id"], ["label"], ["id", "label"], ["area"]]) {
      const expected = await python.run("result = left.merge(right, on=on, how=how).to_csv()", { on, how });
      expect(merge({ left: one, right: other, on, how }).toCSV(), on.join()).toBe(expected);
    }
  });

  it("is put below another and grouped as pandas does", async () => {
    expect(csv(concat({ dfList: [one, other, one] }))).toBe(
      await pandas("pd.concat([left, right, left], ignore_index=True)"),
    );
    for (const by of [["id"], ["label"], ["ok", "label"], ["area"]]) {
      for (const name of ["sum", "mean", "min", "max", "count", "median", "std", "var", "first", "last", "nunique"]) {
        const code = `
          found = left.groupby(by)[["tiny"]].agg(name).reset_index()
          result = [found[column].tolist() for column in found.columns]
        `;
        const expected = await python.run<unknown[][]>(code, { by, name });
        const found = one.groupby(by).agg({ tiny: name as "sum" });
        expect(found.columns, name).toEqual([...by, `tiny_${name}`]);
        expectColumns(found, expected, `${name} by ${by}`);
      }
    }
  });

  it("counts, looks up and correlates as pandas does", async () => {
    const lists = { values: ["é", 3, 0.1] };
    const without = one.drop({ columns: "ok" });
    expect(csv(without.isin(lists.values))).toBe(
      await python.run('result = left.drop(columns="ok").isin(values).to_csv(index=False)', lists),
    );
    expect(one.nunique().values).toEqual(await python.run("result = left.nunique().tolist()"));
    expect(one.nunique({ dropna: false }).values).toEqual(
      await python.run("result = left.nunique(dropna=False).tolist()"),
    );
    for (const keep of ["first", "last", false] as const) {
      const expected = await python.run('result = left.drop_duplicates(["label", "id"], keep=keep).to_csv()', { keep });
      expect(one.dropDuplicates({ subset: ["label", "id"], keep }).toCSV()).toBe(expected);
    }
    const numbers = one.loc({ columns: ["id", "area"] });
    const quantiles = await python.run<unknown[][]>(
      'result = left[["id", "area"]].quantile([0, 0.1, 0.5, 1]).T.values.tolist()',
    );
    expectColumns(numbers.quantile([0, 0.1, 0.5, 1]), quantiles, "quantiles");
    const correlations = await python.run<unknown[][]>('result = left[["id", "area"]].corr().values.tolist()');
    expectColumns(numbers.corr(), correlations, "correlations");
  });

  it("becomes an Arrow table that pandas reads with its index", async () => {
    const arrow = await one.query(one.column("ok")).toArrow({ rowNumbers: true });
    const bytes = Buffer.from(tableToIPC(arrow, "file")).toString("base64");
    expect(tableFromIPC(Buffer.from(bytes, "base64")).numRows).toBe(arrow.numRows);
    const written = await python.run(
      `
      import base64, io, pyarrow.ipc
      read = pyarrow.ipc.open_file(io.BytesIO(base64.b64decode(bytes))).read_pandas()
      expected = left[left.ok]
      result = [read.index.tolist() == expected.index.tolist(), read["far"].tolist() == expected["far"].tolist(), list(map(str, read.dtypes))]
      `,
      { bytes },
    );
    expect(written).toEqual([true, true, ["int64", "object", "float64", "float64", "bool", "int64"]]);
  });
});

function expectColumns(frame: DataFrame, expected: readonly unknown[][], which: string): void {
  for (const [at, column] of frame.getColumnData.entries()) {
    expect(column.length, which).toBe(expected[at]!.length);
    for (const [row, value] of expected[at]!.entries()) {
      if (value === null || Number.isNaN(value)) expect(column[row], which).toBeNaN();
      else if (typeof value === "number" && !Number.isInteger(value)) expect(column[row], which).toBeCloseTo(value, 9);
      else expect(column[row], which).toEqual(value);
    }
  }
}
