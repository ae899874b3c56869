import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rdouble, rint, rlong, rstring } from "../../../src/rtypes.js";
import { fetchPlan } from "../../../src/server/hql/grammar/fetch-plan.js";
import { parseHql } from "../../../src/server/hql/grammar/parser.js";
import { QUERY_LIMITS, QueryBudget, type QueryLimits } from "../../../src/server/hql/pace/budget.js";
import { sorted } from "../../../src/server/hql/pace/sorted.js";
import { inTurns, runQuery, selectedObjects } from "../../../src/server/hql/run.js";
import { checkQuery } from "../../../src/server/hql/semantics/check-query.js";
import { withSelectedCollections } from "../../../src/server/hql/semantics/selected-collections.js";
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

let pauses = 0;

function rows(
  text: string,
  parameters: Record<string, Value> = {},
  user = "ann",
  limits?: QueryLimits,
): Promise<Value[][]> {
  const access = small.access(user);
  const scope = { store: small.world.store, canRead: access.canRead.bind(access) };
  const budget = new QueryBudget(limits);
  const values = new Map(Object.entries(parameters));
  const query = parseHql(text);
  checkQuery(small.world.model, query, values);
  const found = runQuery(scope, withSelectedCollections(small.world.model, query), values, budget);
  return inTurns(found, budget, async () => void pauses++);
}

const ids = async (text: string, parameters: Record<string, Value> = {}, user = "ann") => {
  const budget = new QueryBudget();
  const objects = selectedObjects(await rows(text, parameters, user), budget, true);
  return (await inTurns(objects, budget, async () => {})).map((object) => Number(object!.id));
};
const values = async (text: string, parameters: Record<string, Value> = {}) =>
  (await rows(text, parameters)).map((row) =>
    row.map((value) => (Array.isArray(value) ? identity(value) : plain(value as Value))),
  );
const list = (...items: number[]): Value => items.map((item) => rlong(item));

describe("runQuery", () => {
  it("answers what a gateway asks for objects by id, name and owner", async () => {
    const base = "select obj from Image obj join fetch obj.details.owner as owner join fetch obj.details.creationEvent";
    expect(await ids(`${base} where obj.id in (:ids)`, { ids: list(3, 1, 99) })).toEqual([3, 1]);
    expect(await ids(`${base} where obj.name=:name`, { name: rstring("Image B") })).toEqual([2]);
    expect(await ids(`${base} where owner.id = (:eid) order by obj.name, obj.id`, { eid: rlong(2) })).toEqual([
      3, 2, 1,
    ]);
    expect(await ids(`${base} where owner.omeName = 'bob'`)).toEqual([]);
    expect(await ids(`${base} order by lower(obj.name) desc`)).toEqual([1, 2, 3]);
  });

  it("shows what the user may read, in joins too", async () => {
    expect(await ids("from Image", {}, "bob")).toEqual([1, 2, 3, 4]);
    expect(await ids("from Image", {}, "ann")).toEqual([1, 2, 3]);
    expect(await ids("from Image", {}, "out")).toEqual([]);
    expect(await ids("from Experimenter e where e.omeName = 'bob'", {}, "out")).toHaveLength(1);
  });

  it("finds the file of an annotation", async () => {
    expect(await ids("SELECT fa.file from FileAnnotation fa where fa.id = :id", { id: rlong(20) })).toEqual([7]);
    expect(await ids("SELECT fa.file from FileAnnotation fa where fa.id = :id", { id: rlong(21) })).toEqual([]);
  });

  it("joins collections and links", async () => {
    expect(
      await ids("select i from Image i join i.datasetLinks l where l.parent.id = :did", { did: rlong(1) }),
    ).toEqual([1, 2]);
    expect(await ids("select d from Dataset d join d.imageLinks l join l.child i where i.name like '%B'")).toEqual([
      1, 2,
    ]);
    expect(await ids("from DatasetImageLink as c where c.child.id=2")).toEqual([2, 3]);
    expect(await ids("select l from DatasetImageLink l where l.parent.id=1 and l.child.id=2")).toEqual([2]);
    expect(await ids("select i from Image i left outer join i.annotationLinks l where l is null")).toEqual([3]);
    expect(
      await ids(
        "select ob from Image ob left outer join fetch ob.annotationLinks obal left outer join fetch obal.child ann where ann.id in (:oids)",
        {
          oids: list(21, 22),
        },
      ),
    ).toEqual([1, 2]);
    expect(
      await values(
        "select distinct obj.id from ImageAnnotationLink ial join ial.child ann join ann.mapValue mv join ial.parent obj where mv.name = 'k' and mv.value like 'v%%'",
      ),
    ).toEqual([[2n]]);
  });

  it("tests subqueries", async () => {
    expect(
      await ids("select i from Image i where not exists (select l from DatasetImageLink l where l.child = i.id)"),
    ).toEqual([3]);
    expect(
      await ids(
        "select a from Annotation a where a.id in (select l.child.id from ImageAnnotationLink l where l.parent.id = 1)",
      ),
    ).toEqual([20, 21]);
    expect(
      await values("select (select count(l) from DatasetImageLink l where l.parent = d) from Dataset d order by d.id"),
    ).toEqual([[2n], [1n]]);
  });

  it("looks at a base class and at a class", async () => {
    expect(await ids("from Annotation")).toEqual([20, 21, 22]);
    expect(await ids("from Annotation a where a.class = TagAnnotation")).toEqual([21]);
    expect(await ids("from Annotation a where a.textValue = 't'")).toEqual([21]);
    expect(await ids("from Annotation a where a.ns is null")).toEqual([21]);
    expect(await ids("from Annotation a where a.ns != 'a'")).toEqual([22]);
    expect(await ids("from Annotation a where not (a.ns = 'a')")).toEqual([22]);
  });

  it("counts, sums and groups", async () => {
    expect(await values("select count(*), min(i.id), max(i.name) from Image i")).toEqual([[3n, 1n, "Image C"]]);
    expect(await values("select count(distinct l.parent) from DatasetImageLink l")).toEqual([[2n]]);
    expect(
      await values(
        "select l.child.id, count(l.id) from DatasetImageLink l group by l.child.id order by l.child.id desc",
      ),
    ).toEqual([
      [2n, 2n],
      [1n, 1n],
    ]);
    expect(await values("select sum(f.size) from OriginalFile f")).toEqual([[2n ** 60n]]);
    expect(
      await values(
        "select sum(case when a.ns = 'a' then 1 else 0 end), type(a.class) from Annotation a group by a.class",
      ),
    ).toEqual([
      [1n, "ome.model.annotations.FileAnnotation"],
      [0n, "ome.model.annotations.TagAnnotation"],
      [0n, "ome.model.annotations.MapAnnotation"],
    ]);
    expect(await values("select max(row), max(column) from Well where plate.id = 1")).toEqual([[2, 5]]);
    expect(await values("select count(i) from Image i where i.id = 12345")).toEqual([[0n]]);
  });

  it("calculates with numbers", async () => {
    expect(await values("select i.id * 2 + 1, i.id / 2, -i.id from Image i where i.id = 3")).toEqual([[7n, 1n, -3n]]);
    expect(await ids("from Image i where i.id + 1 between 2.5 and 3.5")).toEqual([2]);
  });

  it.each([
    ["from Nothing", /Nothing is not mapped/],
    ["select x from Image i", /No data type for node: .*IdentNode/],
    ["select i from Image i where i.nothing = 1", /could not resolve property: nothing of: ome.model.core.Image/],
    ["select i from Image i where i.id = :missing", /named parameters have been set: \[missing\]/],
    ["select i from Image i join j.links l", /Invalid path: 'j.links'/],
    ["select frobnicate(i.id) from Image i", /No data type for node: .*MethodNode/],
    ["select i from Image i where i.name", /unexpected AST node: \./],
    ["select i from Image i where count(i) = 1", /could not execute query/],
    ["select i.pixels.sizeX from Image i", /illegal attempt to dereference collection \[image0_.id.pixels\]/],
    ["select i.name from Image i join fetch i.pixels", /owner of the fetched association was not present/],
    ["select i.id = 1 from Image i", /unexpected AST node: =/],
    ["select i.name, count(i) from Image i", /could not execute query/],
    ["select i.name from Image i where i.id = 'x'", /could not execute query/],
  ])("refuses %j", async (text, message) => {
    await expect((async () => rows(text))()).rejects.toThrow(message);
  });

  it("refuses to look at endless combinations", async () => {
    const images = Array.from({ length: 14 }, (_, index) => `Image i${index}`).join(", ");
    await expect(rows(`select count(*) from ${images}`)).rejects.toThrow(/more than 500000/);
  });

  it("takes what is compared with null for asked whether it is null", async () => {
    expect(await ids("from Image i where i.archived = null and i.id = 1")).toEqual([1]);
    expect(await ids("from Image i where i.archived != null and i.id = 1")).toEqual([]);
  });

  it("takes patterns from clients without being held up by them", async () => {
    const start = Date.now();
    expect(await ids("from Image i where i.name like :p", { p: rstring(`${"%".repeat(20_000)}x`) })).toEqual([]);
    expect(await ids("from Image i where i.name like :p", { p: rstring(`Image _`) })).toEqual([1, 2, 3]);
    expect(await ids("from Image i where i.name like 'Image!_B' escape '!' or lower(i.name) like 'image b'")).toEqual([
      2,
    ]);
    expect(Date.now() - start).toBeLessThan(1000);
  });
});

describe("what a query may take", () => {
  const LIMITS: QueryLimits = { ...QUERY_LIMITS, timeAtOnce: 0 };
  const many = Array.from({ length: 9 }, (_, index) => `Image i${index}`).join(", ");

  it("is spent in parts, with pauses between them", async () => {
    pauses = 0;
    expect(await rows(`select count(*) from ${many} where i0.id > 0`, {}, "ann", LIMITS)).toEqual([[rlong(3 ** 9)]]);
    expect(pauses).toBeGreaterThan(20);
  });

  it.each([
    ["in all", { steps: 10_000 }, "more than 10000 steps: look at fewer"],
    ["at once", { timeAtOnce: 1000, stepsAtOnce: 10_000 }, "more than 10000 steps at once"],
    ["in time", { time: 0.001 }, "more than 0.001 ms of work"],
  ])("has an end, %s", async (_what, limits, message) => {
    const refused = rows(`select count(*) from ${many}`, {}, "ann", { ...LIMITS, ...limits });
    await expect(refused).rejects.toThrow(message);
  });

  it.each([
    ["subqueries of a condition", `from Image i where exists (select i0.id from ${many} where i0 = i) or i.id = 1`],
    ["subqueries of a selection", `select (select count(*) from ${many}) from Image i`],
    ["groups", `select i0.id, count(*) from ${many} group by i0.id`],
    ["an order", `select i0.id from ${many} order by i8.id, i7.id desc`],
    ["what is distinct", `select distinct i0.id from ${many}`],
  ])("pauses in %s", async (_what, query) => {
    const limits = { ...LIMITS, stepsAtOnce: 20_000 };
    pauses = 0;
    expect((await rows(query, {}, "ann", limits)).length).toBeGreaterThan(0);
    expect(pauses).toBeGreaterThan(20);
  });

  it.each([
    ["length(:p)", 2 ** 21],
    ["lower(:p)", 2 ** 21],
    [`concat(${Array(24).fill(":p").join()})`, 2 ** 20 - 1],
    [
      `concat(${Array(3)
        .fill(`lower(concat(${Array(15).fill(":p").join()}))`)
        .join()})`,
      2 ** 16,
    ],
  ])("is not spent on endless text: %s", async (expression, length) => {
    const refused = rows(`select ${expression} from Image i`, { p: rstring("é".repeat(length)) });
    await expect(refused).rejects.toThrow(/characters|shorter/);
  });

  it("is not spent on a pattern and a text that nearly match everywhere", async () => {
    const parameters = { t: rstring("a".repeat(60_000)), p: rstring(`%${"a".repeat(30_000)}b`) };
    await expect(rows("from Image i where :t like :p", parameters)).rejects.toThrow(/steps at once/);
  });

  it("counts characters, not their units", async () => {
    expect(await values("select length(:p) from Image i where i.id = 1", { p: rstring("aé😀") })).toEqual([[3]]);
  });

  it("finds values among many, equal ones of another kind, too", async () => {
    const many = [...Array.from({ length: 30_000 }, (_, index) => rlong(1000 + index)), rlong(2)];
    expect(
      await ids("from Image i where i.id + 0.0 in (:ids)", { ids: many.map((id) => rdouble(Number(id.val))) }),
    ).toEqual([2]);
    expect(await ids("from Image i where i.id + 0 not in (:ids)", { ids: [rlong(1), null] })).toEqual([]);
    expect(await ids("from Image i where i.name in ('Image A', 'Image C')")).toEqual([1, 3]);
  });
});

it("sorts many with pauses, equal ones as they came", async () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({ key: (index * 7919) % 1000, index }));
  const budget = new QueryBudget({ ...QUERY_LIMITS, timeAtOnce: 0, stepsAtOnce: 10_000 });
  const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
  expect(await inTurns(sorted(items, budget, compare), budget, async () => {})).toEqual([...items].sort(compare));
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
