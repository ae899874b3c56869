import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnBatch, type ColumnData, field } from "../../src/columns/batch.js";
import { ArgumentError, ConditionError } from "../../src/errors.js";
import { compileCondition, compileQuery } from "../../src/query/compile.js";
import { type RType, rdouble, rlist, rlong, rstring } from "../../src/rtypes.js";
import { conditionArbitrary } from "./condition-generator.js";
import { EXAMPLE_FIELDS, EXAMPLE_TABLE } from "./differential/example-table.js";
import { textColumn } from "./text-column.js";

function take(data: ColumnData, rows: readonly number[]): ColumnData {
  switch (data.kind) {
    case "long":
      return { kind: "long", values: BigInt64Array.from(rows, (row) => data.values[row]!) };
    case "double":
      return { kind: "double", values: Float64Array.from(rows, (row) => data.values[row]!) };
    case "bool":
      return { kind: "bool", values: Uint8Array.from(rows, (row) => data.values[row]!) };
    case "string": {
      const decoder = new TextDecoder();
      return textColumn(
        rows.map((row) => decoder.decode(data.bytes.subarray(data.offsets[row], data.offsets[row + 1]))),
      );
    }
    default:
      return data;
  }
}

function rowsOfTable(rows: readonly number[]): ColumnBatch {
  const whole = EXAMPLE_TABLE.fields.map((given, index) => ({ given, data: EXAMPLE_TABLE.columns[index]! }));
  const plain = whole.filter(({ data }) => data.kind !== "array" && data.kind !== "mask");
  // Text cut in mid-character would not survive decoding.
  const usable = plain.filter(({ given }) => given.name !== "label");
  return {
    fields: usable.map(({ given }) => given),
    columns: usable.map(({ data }) => take(data, rows)),
    rowCount: rows.length,
    rowNumbers: { start: 0, step: 1 },
  };
}

const FIELDS = EXAMPLE_FIELDS.filter((given) => given.name !== "label");

describe("blocks", () => {
  it("gives each row the same answer wherever it stands", () => {
    const rows = Array.from({ length: 5_000 }, (_, row) => (row * 7919) % EXAMPLE_TABLE.rowCount);
    const large = rowsOfTable(rows);
    const small = rowsOfTable(Array.from({ length: EXAMPLE_TABLE.rowCount }, (_, row) => row));
    fc.assert(
      fc.property(conditionArbitrary(FIELDS, { misfits: 0, damaged: 0 }), ({ query, variables }) => {
        let compiled: ReturnType<typeof compileCondition>;
        try {
          compiled = compileCondition(query, FIELDS, variables);
        } catch (error) {
          if (error instanceof ConditionError) return;
          throw error;
        }
        const once = compiled.evaluate(small);
        expect(compiled.evaluate(large)).toEqual(Uint8Array.from(rows, (row) => once[row]!));
        expect(compiled.evaluate(small)).toEqual(once);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    "(((count & 0x1F) * 2147483648 * 64) % (sqrt(5) * 0x1F)) != ceil(area)",
    "id * 3 + 7 > 20",
    "count * 64 == 64",
    "id % 4294967296 == 3",
    "id // -2 < -3",
  ])("works out %s for many rows after few", (query) => {
    const rows = Array.from({ length: 5_000 }, (_, row) => row % EXAMPLE_TABLE.rowCount);
    const fresh = compileCondition(query, FIELDS).evaluate(rowsOfTable(rows));
    const compiled = compileCondition(query, FIELDS);
    expect(compiled.evaluate(rowsOfTable([3, 0]))).toEqual(Uint8Array.of(fresh[3]!, fresh[0]!));
    expect(compiled.evaluate(rowsOfTable(rows))).toEqual(fresh);
  });

  it("works out equal parts once, and again for other rows", () => {
    const rows = Array.from({ length: 5_000 }, (_, row) => row % EXAMPLE_TABLE.rowCount);
    const twice = compileCondition("(flag & (id * 3 + count > 7)) | ~flag & ((id * 3 + count) % 2 == 0)", FIELDS);
    const batches = [rowsOfTable(rows), rowsOfTable(rows.toReversed()), rowsOfTable(rows.slice(0, 7))];
    const [all, reversed, few] = batches.map((batch) => twice.evaluate(batch)) as [Uint8Array, Uint8Array, Uint8Array];
    expect(reversed).toEqual(all.toReversed());
    expect(few).toEqual(all.slice(0, 7));
    const once = compileCondition("(flag & (id * 3 + count > 7))", FIELDS).evaluate(batches[0]!);
    const other = compileCondition("~flag & ((id * 3 + count) % 2 == 0)", FIELDS).evaluate(batches[0]!);
    expect(all).toEqual(once.map((hit, row) => hit | other[row]!));
  });

  it("takes no rows, and one", () => {
    const compiled = compileCondition("(id > 5) | contains(cls, 'a') | (area < 0) | flag", FIELDS);
    expect(compiled.evaluate(rowsOfTable([]))).toEqual(new Uint8Array(0));
    expect(compiled.evaluate(rowsOfTable([0]))).toHaveLength(1);
  });
});

describe("columns", () => {
  it("says which are needed, and takes a batch of just these in any order", () => {
    const compiled = compileCondition("(flag) & (area > id) & (id < 100) & (area < 50)", FIELDS);
    expect(compiled.columns.map((index) => FIELDS[index]!.name)).toEqual(["id", "area", "flag"]);
    const whole = rowsOfTable([0, 3, 6, 9]);
    const order = [...compiled.columns]
      .reverse()
      .map((index) => whole.fields.findIndex((given) => given.name === FIELDS[index]!.name));
    const part = {
      ...whole,
      fields: order.map((index) => whole.fields[index]!),
      columns: order.map((index) => whole.columns[index]!),
    };
    expect(compiled.evaluate(part)).toEqual(compiled.evaluate(whole));
  });

  it("leaves out columns whose branch can never be taken", () => {
    const compiled = compileCondition("where(False, area > 1, id > 1)", FIELDS);
    expect(compiled.columns).toEqual([FIELDS.findIndex(({ name }) => name === "id")]);
  });

  it("refuses batches without a column, or with another type", () => {
    const compiled = compileCondition("area > 1", FIELDS);
    const other = { fields: [field("id", "Long")], columns: [], rowCount: 0, rowNumbers: { start: 0, step: 1 } };
    expect(() => compiled.evaluate(other)).toThrow(ArgumentError);
    const wrong: ColumnBatch = {
      ...other,
      fields: [field("area", "Long")],
      columns: [{ kind: "long", values: new BigInt64Array(0) }],
    };
    expect(() => compiled.evaluate(wrong)).toThrow(/area/);
  });
});

describe("is as strict as a server", () => {
  it.each<[string, Record<string, RType>]>([
    [" id > 1", {}],
    ["(id > 1)\n& flag", {}],
    ["`mean area` > 1", {}],
    ["class == 'a'", {}],
    ["max > 1", {}],
    ["area_µm > 1", {}],
    ["cls == 'é'", {}],
    ["(cls == 'a') | (cls == b'b')", {}],
    ['cls == "a.b"', {}],
    ["cls == x", { x: rstring("Nucleus") }],
    ["id > 1", { unused: rstring("Nucleus") }],
    ["id > x", { x: rlist([rlong(1)]) }],
    ["floats > 1", {}],
    ["nope > 1", {}],
  ])("refuses %j with %o", (query, variables) => {
    expect(() => compileCondition(query, EXAMPLE_FIELDS, new Map(Object.entries(variables)))).toThrow(ConditionError);
  });

  it.each<[string, Record<string, RType>]>([
    ["\nid > 1 # x\n", {}],
    ["x > 1", { x: rstring("mean area") }],
    ["x", { x: rstring("is good") }],
    ["id > x", { x: rdouble(1.5) }],
    ["id > 1", { unused: rlong(1) }],
    ["cls == b'\\xc3\\xa9'", {}],
  ])("takes %j with %o", (query, variables) => {
    const mask = compileCondition(query, EXAMPLE_FIELDS, new Map(Object.entries(variables))).evaluate(EXAMPLE_TABLE);
    expect(mask).toHaveLength(EXAMPLE_TABLE.rowCount);
    expect(mask).toContain(1);
  });
});

it("compiles for local use what a client may write", () => {
  const compiled = compileQuery("(`mean area` > 1) & (`Roi Name` != x)", EXAMPLE_FIELDS, { x: "é" });
  const strict = compileCondition(
    "(a > 1) & (b != b'\\xc3\\xa9')",
    EXAMPLE_FIELDS,
    new Map([
      ["a", rstring("mean area")],
      ["b", rstring("Roi Name")],
    ]),
  );
  expect(compiled.evaluate(EXAMPLE_TABLE)).toEqual(strict.evaluate(EXAMPLE_TABLE));
});
