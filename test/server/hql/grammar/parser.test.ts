import { describe, expect, it } from "vitest";
import { parseHql } from "../../../../src/server/hql/grammar/parser.js";
import { HqlError } from "../../../../src/server/hql/grammar/syntax.js";
import { MAXIMUM_DEPTH } from "../../../../src/server/hql/grammar/token-cursor.js";

describe("parseHql", () => {
  it("reads a selection with joins, condition and order", () => {
    const query = parseHql(
      "select obj from Image obj join fetch obj.details.owner as owner left outer join fetch obj.annotationLinks al " +
        "where obj.id in (:ids) and (owner.id = 2 or obj.name like 'a%') order by lower(obj.name) desc, obj.id",
    );
    expect(query.from).toEqual([{ className: "Image", alias: "obj", position: 16 }]);
    expect(query.joins.map(({ outer, fetch, path, alias }) => [outer, fetch, path.join("."), alias])).toEqual([
      [false, true, "obj.details.owner", "owner"],
      [true, true, "obj.annotationLinks", "al"],
    ]);
    expect(query.where).toMatchObject({ kind: "and", operands: [{ kind: "in" }, { kind: "or" }] });
    expect(query.orderBy.map((item) => item.descending)).toEqual([true, false]);
  });

  it("needs no select, no alias and no case", () => {
    expect(parseHql("FROM Well WHERE plate.id=1")).toMatchObject({
      select: undefined,
      from: [{ className: "Well", alias: "this0" }],
      where: { kind: "comparison", left: { names: ["plate", "id"] } },
    });
  });

  it("keeps the whole name of a class", () => {
    expect(parseHql("from ome.model.core.Image i").from[0]!.className).toBe("ome.model.core.Image");
  });

  it("binds and tighter than or, and not tighter than both", () => {
    expect(parseHql("from A a where a.x = 1 or not a.y = 2 and a.z = 3").where).toMatchObject({
      kind: "or",
      operands: [{ kind: "comparison" }, { kind: "and", operands: [{ kind: "not" }, { kind: "comparison" }] }],
    });
  });

  it("reads null tests, lists, ranges, subqueries, cases and quoted quotes", () => {
    const where = (condition: string) => parseHql(`from A a where ${condition}`).where;
    expect(where("a.x is not null")).toMatchObject({ kind: "not", operand: { kind: "isNull" } });
    expect(where("a.x not in (1, 2)")).toMatchObject({ kind: "not", operand: { kind: "in" } });
    expect(where("a.x in :ids")).toMatchObject({ kind: "in", list: [{ kind: "parameter", name: "ids" }] });
    expect(where("a.x between 1 and 2 and a.y = 3")).toMatchObject({
      kind: "and",
      operands: [{ kind: "between" }, {}],
    });
    expect(where("not exists (select l from L l where l.child = a.id)")).toMatchObject({ operand: { kind: "exists" } });
    expect(where("a.s = 'it''s'")).toMatchObject({ right: { kind: "literal", value: "it's" } });
    expect(parseHql("select sum(case when a.x = 1 then 1 else 0 end) from A a").select![0]!.expression).toMatchObject({
      kind: "call",
      name: "sum",
      arguments: [{ kind: "case" }],
    });
  });

  it("keeps whole numbers whole", () => {
    expect(parseHql("from A a where a.id = 9007199254740993").where).toMatchObject({
      right: { value: 9007199254740993n },
    });
    expect(parseHql("from A a where a.x = -1.5e3").where).toMatchObject({ right: { right: { value: 1500 } } });
  });

  it.each([
    ["", 0],
    ["select", 6],
    ["select a from", 13],
    ["from A a where", 14],
    ["from A a where a.x =", 20],
    ["from A a where (a.x = 1", 23],
    ["from A a where a.x = 1 b", 23],
    ["from A a where a.x ! 1", 19],
    ["from A a where a.x in (1", 24],
    ["from A a where a.x = 'open", 21],
    ["from A a order name", 15],
    ["from A a join", 13],
    ["select a b from A a", 9],
    ["from A a order by a.x b", 22],
    ["delete from A", 0],
  ])("says where %j is wrong", (text, position) => {
    expect(() => parseHql(text)).toThrow(HqlError);
    try {
      parseHql(text);
    } catch (error) {
      expect((error as HqlError).position).toBe(position);
    }
  });

  it("limits nesting", () => {
    const nested = (depth: number) => `from A a where ${"(".repeat(depth)}a.x = 1${")".repeat(depth)}`;
    expect(() => parseHql(nested(20))).not.toThrow();
    expect(() => parseHql(nested(MAXIMUM_DEPTH))).toThrow(/nested deeper/);
    expect(() => parseHql(nested(30_000))).toThrow(/nested deeper/);
    expect(() => parseHql(`from A a where ${"- ".repeat(60_000)}1 = 1`)).not.toThrow();
    expect(() => parseHql(`from A a where ${"not ".repeat(40_000)}a.x = 1`)).not.toThrow();
  });

  it("limits length", () => {
    expect(() => parseHql(`select 1${"+1".repeat(60_000)} from A a`)).toThrow(/more than 66000 words and signs/);
    expect(() => parseHql(`from A a where a.x = '${"x".repeat(200_001)}'`)).toThrow(/longer than/);
  });
});
