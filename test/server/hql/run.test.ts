import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rint, rlong, rstring } from "../../../src/rtypes.js";
import { fetchPlan } from "../../../src/server/hql/fetch-plan.js";
import { parseHql } from "../../../src/server/hql/parser.js";
import { runQuery, selectedObjects } from "../../../src/server/hql/run.js";
import { identity, plain, type Value } from "../../../src/server/hql/values.js";
import type { ObjectOptions } from "../../../src/server/options.js";
import { type SmallWorld, smallWorld } from "../world/small-world.js";

const link = (id: number, parent: number, child: number): ObjectOptions => ({
  type: "DatasetImageLink",
  id,
  group: "read-only",
  references: { parent: { type: "Dataset", id: parent }, child: { type: "Image", id: child } },
});
const annotationLink = (id: number, image: number, annotation: number, type: string): ObjectOptions => ({
  type: "ImageAnnotationLink",
  id,
  group: "read-only",
  references: { parent: { type: "Image", id: image }, child: { type, id: annotation } },
});

const OBJECTS: ObjectOptions[] = [
  ...[1, 2, 3].map((id) => ({ type: "Image", id, name: `Image ${"CBA"[id - 1]}`, group: "read-only" })),
  { type: "Image", id: 4, name: "hidden", group: "private", owner: "bob" },
  ...[1, 2].map((id) => ({ type: "Dataset", id, group: "read-only" })),
  link(1, 1, 1),
  link(2, 1, 2),
  link(3, 2, 2),
  { type: "OriginalFile", id: 7, name: "file", group: "read-only", values: { size: rlong(2n ** 60n) } },
  {
    type: "FileAnnotation",
    id: 20,
    group: "read-only",
    references: { file: { type: "OriginalFile", id: 7 } },
    values: { ns: rstring("a") },
  },
  { type: "TagAnnotation", id: 21, group: "read-only", values: { textValue: rstring("t") } },
  {
    type: "MapAnnotation",
    id: 22,
    group: "read-only",
    values: { ns: rstring("b"), mapValue: [{ iceId: "::omero::model::NamedValue", name: "k", value: "v" }] },
  },
  annotationLink(1, 1, 20, "FileAnnotation"),
  annotationLink(2, 1, 21, "TagAnnotation"),
  annotationLink(3, 2, 22, "MapAnnotation"),
  { type: "Plate", id: 1, group: "read-only" },
  {
    type: "Well",
    id: 1,
    group: "read-only",
    references: { plate: { type: "Plate", id: 1 } },
    values: { row: rint(2), column: rint(5) },
  },
];

let small: SmallWorld;
beforeAll(async () => {
  small = await smallWorld(OBJECTS);
});
afterAll(() => small[Symbol.asyncDispose]());

function rows(text: string, parameters: Record<string, Value> = {}, user = "ann"): Value[][] {
  const access = small.access(user);
  const scope = { store: small.world.store, canRead: access.canRead.bind(access) };
  return runQuery(scope, parseHql(text), new Map(Object.entries(parameters)));
}

const ids = (text: string, parameters: Record<string, Value> = {}, user = "ann") =>
  selectedObjects(rows(text, parameters, user)).map((object) => Number(object.id));
const values = (text: string, parameters: Record<string, Value> = {}) =>
  rows(text, parameters).map((row) =>
    row.map((value) => (Array.isArray(value) ? identity(value) : plain(value as Value))),
  );
const list = (...items: number[]): Value => items.map((item) => rlong(item));

describe("runQuery", () => {
  it("answers what a gateway asks for objects by id, name and owner", () => {
    const base = "select obj from Image obj join fetch obj.details.owner as owner join fetch obj.details.creationEvent";
    expect(ids(`${base} where obj.id in (:ids)`, { ids: list(3, 1, 99) })).toEqual([3, 1]);
    expect(ids(`${base} where obj.name=:name`, { name: rstring("Image B") })).toEqual([2]);
    expect(ids(`${base} where owner.id = (:eid) order by obj.name, obj.id`, { eid: rlong(2) })).toEqual([3, 2, 1]);
    expect(ids(`${base} where owner.omeName = 'bob'`)).toEqual([]);
    expect(ids(`${base} order by lower(obj.name) desc`)).toEqual([1, 2, 3]);
  });

  it("shows what the user may read, in joins too", () => {
    expect(ids("from Image", {}, "bob")).toEqual([1, 2, 3, 4]);
    expect(ids("from Image", {}, "ann")).toEqual([1, 2, 3]);
    expect(ids("from Image", {}, "out")).toEqual([]);
    expect(ids("from Experimenter e where e.omeName = 'bob'", {}, "out")).toHaveLength(1);
  });

  it("finds the file of an annotation", () => {
    expect(ids("SELECT fa.file from FileAnnotation fa where fa.id = :id", { id: rlong(20) })).toEqual([7]);
    expect(ids("SELECT fa.file from FileAnnotation fa where fa.id = :id", { id: rlong(21) })).toEqual([]);
  });

  it("joins collections and links", () => {
    expect(ids("select i from Image i join i.datasetLinks l where l.parent.id = :did", { did: rlong(1) })).toEqual([
      1, 2,
    ]);
    expect(ids("select d from Dataset d join d.imageLinks l join l.child i where i.name like '%B'")).toEqual([1, 2]);
    expect(ids("from DatasetImageLink as c where c.child.id=2")).toEqual([2, 3]);
    expect(ids("select l from DatasetImageLink l where l.parent.id=1 and l.child.id=2")).toEqual([2]);
    expect(ids("select i from Image i left outer join i.annotationLinks l where l is null")).toEqual([3]);
    expect(
      ids(
        "select ob from Image ob left outer join fetch ob.annotationLinks obal left outer join fetch obal.child ann where ann.id in (:oids)",
        {
          oids: list(21, 22),
        },
      ),
    ).toEqual([1, 2]);
    expect(
      values(
        "select distinct obj.id from ImageAnnotationLink ial join ial.child ann join ann.mapValue mv join ial.parent obj where mv.name = 'k' and mv.value like 'v%%'",
      ),
    ).toEqual([[2n]]);
  });

  it("tests subqueries", () => {
    expect(
      ids("select i from Image i where not exists (select l from DatasetImageLink l where l.child = i.id)"),
    ).toEqual([3]);
    expect(
      ids(
        "select a from Annotation a where a.id in (select l.child.id from ImageAnnotationLink l where l.parent.id = 1)",
      ),
    ).toEqual([20, 21]);
    expect(
      values("select (select count(l) from DatasetImageLink l where l.parent = d) from Dataset d order by d.id"),
    ).toEqual([[2n], [1n]]);
  });

  it("looks at a base class and at a class", () => {
    expect(ids("from Annotation")).toEqual([20, 21, 22]);
    expect(ids("from Annotation a where a.class = TagAnnotation")).toEqual([21]);
    expect(ids("from Annotation a where a.textValue = 't'")).toEqual([21]);
    expect(ids("from Annotation a where a.ns is null")).toEqual([21]);
    expect(ids("from Annotation a where a.ns != 'a'")).toEqual([22]);
    expect(ids("from Annotation a where not (a.ns = 'a')")).toEqual([22]);
  });

  it("counts, sums and groups", () => {
    expect(values("select count(*), min(i.id), max(i.name) from Image i")).toEqual([[3n, 1n, "Image C"]]);
    expect(values("select count(distinct l.parent) from DatasetImageLink l")).toEqual([[2n]]);
    expect(
      values("select l.child.id, count(l.id) from DatasetImageLink l group by l.child.id order by l.child.id desc"),
    ).toEqual([
      [2n, 2n],
      [1n, 1n],
    ]);
    expect(values("select sum(f.size) from OriginalFile f")).toEqual([[2n ** 60n]]);
    expect(
      values("select sum(case when a.ns = 'a' then 1 else 0 end), type(a.class) from Annotation a group by a.class"),
    ).toEqual([
      [1n, "FileAnnotation"],
      [0n, "TagAnnotation"],
      [0n, "MapAnnotation"],
    ]);
    expect(values("select max(row), max(column) from Well where plate.id = 1")).toEqual([[2, 5]]);
    expect(values("select count(i) from Image i where i.id = 12345")).toEqual([[0n]]);
  });

  it("calculates with numbers", () => {
    expect(values("select i.id * 2 + 1, i.id / 2, -i.id from Image i where i.id = 3")).toEqual([[7n, 1n, -3n]]);
    expect(ids("from Image i where i.id + 1 between 2.5 and 3.5")).toEqual([2]);
  });

  it.each([
    ["from Nothing", /Nothing is not mapped/],
    ["select x from Image i", /Unknown alias or property: x/],
    ["select i from Image i where i.nothing = 1", /could not resolve property: nothing of: Image/],
    ["select i from Image i where i.id = :missing", /named parameters have been set: \[missing\]/],
    ["select i from Image i join j.links l", /Unknown alias j/],
    ["select frobnicate(i.id) from Image i", /Unknown function frobnicate/],
    ["select i from Image i where i.name", /neither true nor false/],
    ["select i from Image i where count(i) = 1", /only possible in a selection/],
  ])("refuses %j", (text, message) => {
    expect(() => rows(text)).toThrow(message);
  });

  it("refuses to look at endless combinations", () => {
    const images = Array.from({ length: 14 }, (_, index) => `Image i${index}`).join(", ");
    expect(() => rows(`select count(*) from ${images}`)).toThrow(/more than 500000/);
  });

  it("takes patterns from clients without being held up by them", () => {
    const start = Date.now();
    expect(ids("from Image i where i.name like :p", { p: rstring(`${"%".repeat(20_000)}x`) })).toEqual([]);
    expect(ids("from Image i where i.name like :p", { p: rstring(`Image _`) })).toEqual([1, 2, 3]);
    expect(ids("from Image i where i.name ilike 'IMAGE b'")).toEqual([2]);
    expect(Date.now() - start).toBeLessThan(1000);
  });
});

describe("fetchPlan", () => {
  const names = (plan: ReturnType<typeof fetchPlan>): object =>
    Object.fromEntries([...plan.properties].map(([name, inner]) => [name, names(inner)]));

  it("follows fetched joins only, from what is selected", () => {
    const query = parseHql(
      "select l from ImageAnnotationLink l join fetch l.child as a left outer join fetch a.file join fetch a.details.owner join l.parent p join fetch p.details",
    );
    expect(names(fetchPlan(query))).toEqual({ child: { file: {}, details: { owner: {} } } });
  });

  it("starts at the selected property", () => {
    const query = parseHql("select l.child from ImageAnnotationLink l join fetch l.child as a join fetch a.file");
    expect(names(fetchPlan(query))).toEqual({ file: {} });
  });
});
