import { describe, expect, it } from "vitest";
import { field } from "../../src/columns/batch.js";
import { ConditionError } from "../../src/errors.js";
import { type ConditionVariables, checkCondition, column } from "../../src/query/index.js";
import { type RType, rbool, rdouble, rint, rlist, rlong, rstring, rtime } from "../../src/rtypes.js";

const FIELDS = [
  field("id", "Long"),
  field("image", "Image"),
  field("area", "Double"),
  field("mean area", "Double"),
  field("flag", "Bool"),
  field("cls", "String", 12),
  field("Roi Name", "String", 20),
  field("class", "String", 5),
  field("area_µm", "Double"),
  field("max", "Double"),
  field("we`ird", "Long"),
  field("column0", "Long"),
  field("vector", "DoubleArray", 2),
  field("mask", "Mask"),
];

interface Sent {
  condition: string;
  variables?: Record<string, RType>;
  columns?: string[];
}

function check(query: string, variables?: ConditionVariables): Required<Sent> {
  const checked = checkCondition(query, FIELDS, variables);
  return { ...checked, variables: Object.fromEntries(checked.variables) };
}

function failure(query: string, variables?: ConditionVariables): ConditionError {
  try {
    checkCondition(query, FIELDS, variables);
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
  throw new Error(`${query} was accepted`);
}

it.each([
  "area > 20",
  "(id%2==0) & (id<50)",
  'cls != "Nucleus"',
  "~flag | contains(cls, 'x.tif:')",
  "where(flag, id, 2 * area) >= 1.5e3",
  "(area > 1) # a comment",
  "(area > 1\n  )",
  "\n area > 1".trim(),
  "cls == b'caf\\xc3\\xa9'",
  "sqrt(area) ** 2 / id // 1 << 2 == 1".replace("<< 2 ", ""),
])("passes on unchanged: %s", (query) => {
  expect(check(query)).toMatchObject({ condition: query, variables: {} });
});

it("names the columns used, in order, once", () => {
  expect(check("(area > id) & (area < `mean area`) & (x != 'a')", { x: rstring("cls") }).columns).toEqual([
    "area",
    "id",
    "mean area",
    "cls",
  ]);
});

describe("names the server cannot find as they stand", () => {
  it.each<[string, string, string]>([
    ["`mean area` > 1000", "column1 > 1000", "mean area"],
    ["(`mean area`>1)&(`mean area`<9)", "(column1>1)&(column1<9)", "mean area"],
    ["`we``ird` == 1", "column1 == 1", "we`ird"],
    ["class == 'a'", "column1 == 'a'", "class"],
    ["max > 3", "column1 > 3", "max"],
    ["area_µm > 2", "column1 > 2", "area_µm"],
    ["~(`class`=='a')", "~(column1=='a')", "class"],
  ])("%s", (query, condition, name) => {
    expect(check(query)).toMatchObject({ condition, variables: { column1: rstring(name) }, columns: [name] });
  });

  it("writes plain names in backticks without them", () => {
    expect(check("`area` > 1")).toMatchObject({ condition: "area > 1", variables: {} });
  });
  it("keeps tokens apart", () => {
    expect(check("(True and`mean area`>1)").condition).toBe("(True and column1>1)");
  });
  it("makes a variable of a column that a variable hides", () => {
    expect(check("`area` > area", { area: 5 })).toMatchObject({
      condition: "column1 > area",
      variables: { column1: rstring("area"), area: rdouble(5) },
    });
  });
  it("renames variables called like functions or keywords", () => {
    expect(check("id > min", { min: 3 })).toMatchObject({
      condition: "id > variable0",
      variables: { variable0: rlong(3) },
    });
  });
});

describe("text the server cannot take as it stands", () => {
  it.each([
    ["cls == 'café'", "cls == b'caf\\xc3\\xa9'"],
    ["(cls == 'é') | (cls == 'a.b')", "(cls == b'\\xc3\\xa9') | (cls == b'a\\x2eb')"],
    ["(cls == b'a') | (cls == 'b')", "(cls == b'a') | (cls == b'b')"],
    ['cls == "x.tif"', "cls == 'x\\x2etif'"],
    ["(cls == \"it's\") & (class == 'a.b')", "(cls == 'it\\x27s') & (column1 == 'a\\x2eb')"],
    ["cls == 'e\\u0301'", "cls == b'e\\xcc\\x81'"],
    ["(area > 1) # max: 5", "(area > 1) "],
    ["area > 1.5_0", "area > 1.50"],
  ])("%s", (query, condition) => expect(check(query).condition).toBe(condition));
});

it.each([
  ["  area > 1", "area > 1"],
  ["\n  area > 1\n", "\narea > 1\n"],
  ["area > 1\n  ", "area > 1"],
  ["(area > 1)\n  & flag", "(area > 1)   & flag"],
  ["(area > 1) # one\r\n& flag # two", "(area > 1)  & flag # two"],
])("lays out %j for Python", (query, condition) => expect(check(query).condition).toBe(condition));

describe("variables", () => {
  it.each<[string, ConditionVariables, RType]>([
    ["id == x", { x: 5 }, rlong(5)],
    ["id == x", { x: 1.5 }, rdouble(1.5)],
    ["id == x", { x: 2n ** 60n }, rlong(2n ** 60n)],
    ["image - 1 < x", { x: 7 }, rlong(7)],
    ["area == x", { x: 5 }, rdouble(5)],
    ["area > x", { x: 2 ** 60 }, rdouble(2 ** 60)],
    ["area > -x", { x: Number.NaN }, rdouble(Number.NaN)],
    ["id + area > x", { x: 5 }, rlong(5)],
    ["flag == x", { x: true }, rbool(true)],
    ["id == x", { x: rint(3) }, rint(3)],
    ["id == x", { x: rtime(3) }, rtime(3)],
    ["id == x", new Map([["x", rdouble(1)]]), rdouble(1)],
    ["x != 'Nucleus'", { x: rstring("Roi Name") }, rstring("Roi Name")],
    ["x != 'Nucleus'", { x: "Roi Name" }, rstring("Roi Name")],
    ["x > 5", { x: "mean area" }, rstring("mean area")],
    ["x & (area > 1)", { x: "flag" }, rstring("flag")],
    ["cls == x", { x: rstring("Roi Name") }, rstring("Roi Name")],
  ])("%s with %o", (query, variables, sent) => {
    expect(check(query, variables)).toMatchObject({ condition: query, variables: { x: sent } });
  });

  it.each<[string, ConditionVariables, string]>([
    ["cls == x", { x: "Nucleus" }, "cls == 'Nucleus'"],
    ["x == cls", { x: "Roi Name" }, "'Roi Name' == cls"],
    ["`Roi Name` == x", { x: "cls" }, "column1 == 'cls'"],
    ["cls == x", { x: rstring("malignant") }, "cls == 'malignant'"],
    ["cls == x", { x: "x' | (id > 0) | 'y" }, "cls == 'x\\x27 | (id > 0) | \\x27y'"],
    ["contains(cls, x)", { x: "é: \\\n" }, "contains(cls, b'\\xc3\\xa9\\x3a \\x5c\\x0a')"],
    ["(cls == x) & (class == 'b')", { x: "é" }, "(cls == b'\\xc3\\xa9') & (column1 == b'b')"],
    ["cls == x", { x: "" }, "cls == ''"],
  ])("writes text as a literal: %s with %o", (query, variables, condition) => {
    const checked = check(query, variables);
    expect(checked.condition).toBe(condition);
    expect(checked.variables).not.toHaveProperty("x");
  });

  it("tells two text variables apart", () => {
    expect(check("x == y", { x: "cls", y: "Nucleus" })).toMatchObject({
      condition: "x == 'Nucleus'",
      variables: { x: rstring("cls") },
    });
    expect(failure("x == y", { x: "cls", y: "class" }).message).toContain("backticks");
    expect(failure("(x == cls) & (x == 'a')", { x: "class" }).message).toContain("backticks");
  });

  it.each<[string, ConditionVariables, string, string]>([
    ["id > 1", { y: 2 }, "CONDITION_NAME", "y"],
    ["`x` > 1", { x: 2 }, "CONDITION_NAME", "x"],
    ["id == x", { x: 2 ** 60 }, "CONDITION_TYPE", "bigint"],
    ["id == x", { x: 2n ** 63n }, "CONDITION_TYPE", "64 bits"],
    ["id == x", { x: rlist([rint(1)]) }, "CONDITION_TYPE", "list"],
    ["id == x", { x: null } as unknown as ConditionVariables, "CONDITION_TYPE", "x"],
    ["id == x", { x: [1] } as unknown as ConditionVariables, "CONDITION_TYPE", "x"],
    ["cls == x", { x: 5 }, "CONDITION_TYPE", "variable x"],
    ["id == x", { x: "abc" }, "CONDITION_TYPE", "text"],
    ["x > 1", { x: rstring("vector") }, "CONDITION_TYPE", "DoubleArray"],
  ])("refuses %s with %o", (query, variables, code, reason) => {
    const error = failure(query, variables);
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
  });
});

describe("errors", () => {
  it.each<[string, string, number, string]>([
    ["aera > 20", "CONDITION_NAME", 0, 'did you mean "area"'],
    ["`mean aera` > 20", "CONDITION_NAME", 0, 'did you mean "mean area"'],
    ["`area ` > 1", "CONDITION_NAME", 0, 'did you mean "area"'],
    ["area_μm > 1", "CONDITION_NAME", 0, 'did you mean "area_µm"'],
    ["sqr(area) > 1", "CONDITION_NAME", 0, "sqrt()"],
    ["max(area) > 1", "CONDITION_TYPE", 0, "whole column"],
    ["real(area) > 1", "CONDITION_TYPE", 0, "complex"],
    ["cls == 5", "CONDITION_TYPE", 7, "'5'"],
    ["area == 'big'", "CONDITION_TYPE", 8, 'column "area"'],
    ["id == '5'", "CONDITION_TYPE", 6, "without quotes"],
    ["flag == 'True'", "CONDITION_TYPE", 8, "without quotes"],
    ["id == cls", "CONDITION_TYPE", 6, "text"],
    ["area", "CONDITION_TYPE", 0, "compare"],
    ["cls", "CONDITION_TYPE", 0, "is text"],
    ["vector > 1", "CONDITION_TYPE", 0, "DoubleArray"],
    ["flag & (mask > 1)", "CONDITION_TYPE", 8, "Mask"],
    ["area > 1 & flag", "CONDITION_TYPE", 7, "brackets"],
    ["id > 1 & id < 5", "CONDITION_TYPE", 5, "brackets"],
    ["area > id & image < 2", "CONDITION_TYPE", 0, "brackets"],
    ["(area > 1) and flag", "CONDITION_TYPE", 0, "&"],
    ["(area > 1) or flag", "CONDITION_TYPE", 0, "|"],
    ["not flag", "CONDITION_TYPE", 0, "~"],
    ["1 < area < 3", "CONDITION_TYPE", 0, "chained"],
    ["~area > 1", "CONDITION_TYPE", 1, "whole"],
    ["area & flag", "CONDITION_TYPE", 0, "brackets"],
    ["flag - flag", "CONDITION_TYPE", 0, "true or false"],
    ["-flag == 1", "CONDITION_TYPE", 0, "~"],
    ["cls + 'a' == 'b'", "CONDITION_TYPE", 0, "text"],
    ["-cls == 'a'", "CONDITION_TYPE", 1, "text"],
    ["abs(cls) > 1", "CONDITION_TYPE", 4, "text"],
    ["contains(cls, id)", "CONDITION_TYPE", 14, "text"],
    ["where(id, 1, 2) > 1", "CONDITION_TYPE", 6, "true or false"],
    ["where(flag, cls, 'a') == 'a'", "CONDITION_TYPE", 0, "text"],
    ["isnan(area, 1)", "CONDITION_TYPE", 0, "one operand"],
    ["id ** -1 > 0", "CONDITION_TYPE", 0, "-1.0"],
    ["5 // id == 1", "CONDITION_TYPE", 0, "floor"],
    ["id > 2 ** 63", "CONDITION_TYPE", 5, "64 bits"],
    ["id > 1 % 0", "CONDITION_TYPE", 5, "zero"],
    ["1 > 2", "CONDITION_TYPE", 0, "No column"],
    ["(area > 1", "CONDITION_SYNTAX", 0, "closed"],
    ["cls == 'a", "CONDITION_SYNTAX", 7, "closed"],
  ])("%s", (query, code, position, reason) => {
    const error = failure(query);
    expect(error).toMatchObject({ code, query, position });
    expect(error.message).toContain(reason);
    expect(error.message.split("\n").at(-1)).toMatch(/^ *\^+$/);
  });

  it("lists the columns of a small table if none is near", () => {
    const fields = [field("a", "Long"), field("mean area", "Double")];
    expect(() => checkCondition("diameter > 1", fields)).toThrow(/columns: a, mean area/);
  });
  it.each(["constructor > 1", "toString(id) > 1", "id __proto__", "id valueOf"])("is not misled by %s", (query) => {
    expect(failure(query).message).not.toMatch(/native code|\[object/);
  });
  it("says which column is unknown", () => expect(failure("`no such` > 1").column).toBe("no such"));
});

describe("what numexpr cannot hold", () => {
  const chain = (count: number, term: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => term(index)).join(" | ");
  it("takes about 250 different values", () => {
    expect(check(chain(252, (index) => `(id == ${index})`)).columns).toEqual(["id"]);
    expect(failure(chain(253, (index) => `(id == ${index})`)).message).toContain("about 250");
  });
  it("takes 63 columns", () => {
    const fields = Array.from({ length: 500 }, (_, index) => field(`f${index}`, "Double"));
    const use = (count: number) => chain(count, (index) => `(f${index * 7} > 1)`);
    expect(checkCondition(use(63), fields).columns).toHaveLength(63);
    expect(() => checkCondition(use(64), fields)).toThrow(/64 columns/);
  });
  it("takes 2,000 operations", () => {
    let sum = "id";
    for (let level = 0; level < 11; level++) sum = `(${sum}) + (${sum})`;
    expect(failure(`${sum} > 1`).message).toContain("at most 2000");
  });
  it("takes a mebibyte of text", () => {
    expect(failure(`cls == '${"x".repeat(2 ** 20 + 1)}'`).message).toContain("1 MiB");
  });
});

it("takes what the builder makes", () => {
  const query = column("mean area").gt(1000).and(column("cls").eq("malignant"));
  expect(checkCondition(query, FIELDS)).toEqual({
    condition: "((column1 > 1000) & (cls == 'malignant'))",
    variables: new Map([["column1", rstring("mean area")]]),
    columns: ["mean area", "cls"],
  });
});

it("takes a query with its variables, others going before them", () => {
  const query = { query: "(id == a) | (id == b)", variables: { a: 1, b: 2 } };
  expect(checkCondition(query, FIELDS, { b: 3 }).variables).toEqual(
    new Map([
      ["a", rlong(1)],
      ["b", rlong(3)],
    ]),
  );
});
