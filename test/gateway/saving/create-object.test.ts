import { afterAll, beforeAll, expect, it } from "vitest";
import { Dataset } from "../../../src/gateway/index.js";
import { rint } from "../../../src/rtypes.js";
import { listed, ServedWorld } from "../served-world.js";

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start([{ type: "Image", id: 1 }]);
});
afterAll(() => world[Symbol.asyncDispose]());

it("makes objects in others and in groups, and links them to more", async () => {
  const { connection } = world;
  const project = await connection.createObject("Project", { name: "project", description: "d" });
  expect([project.name, project.description, project.details.group?.name]).toEqual(["project", "d", "lab"]);
  const dataset = await connection.createObject("Dataset", { name: "ü / 1", parent: ["Project", project.id] });
  expect(dataset).toBeInstanceOf(Dataset);
  expect((await listed(project.listChildren())).map(({ name }) => name)).toEqual(["ü / 1"]);
  const elsewhere = await connection.createObject("Screen", { name: "screen", group: "other" });
  expect(elsewhere.details.group?.name).toBe("other");
  await connection.linkObjects(dataset, [["Image", 1]]);
  await connection.linkObjects(dataset, [["Image", 1]]);
  expect(await dataset.countChildren()).toBe(1);
  expect(await connection.unlinkObjects(dataset, [["Image", 1]])).toBe(1);
  expect(await dataset.countChildren()).toBe(0);
});

it("refuses what lies nowhere", async () => {
  const { connection } = world;
  await expect(connection.createObject("Dataset", { name: "" })).rejects.toThrow("needs a name");
  await expect(connection.createObject("Image" as "Dataset", { name: "x" })).rejects.toThrow("makes Project");
  await expect(connection.createObject("Project", { name: "x", parent: ["Image", 1] })).rejects.toThrow("does not lie");
  const everywhere = await connection.inGroup(-1);
  await expect(everywhere.createObject("Project", { name: "x" })).rejects.toThrow("say in which group");
  const objects = await connection.countObjects("Project");
  const missing = connection.createObject("Dataset", { name: "x", parent: ["Project", 9999] });
  await expect(missing).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await connection.countObjects("Project")).toBe(objects);
});

it("changes name and description, and nothing else", async () => {
  const dataset = await world.connection.createObject("Dataset", { name: "before", description: "stays" });
  const after = await dataset.update({ name: "after" });
  expect([after.name, after.description, dataset.name]).toEqual(["after", "stays", "before"]);
  expect((await after.update({ description: null })).description).toBeUndefined();
  await expect(after.update({ name: "" })).rejects.toThrow("needs a name");
  await expect(after.update({ nam: "x" } as object)).rejects.toThrow('did you mean "name"?');
});

it("queries with plain values, in and out", async () => {
  const { connection } = world;
  const dataset = await connection.createObject("Dataset", { name: "asked for" });
  const hql =
    "select d.id, d.name, d.details.creationEvent.time, d from Dataset d where d.id in (:ids) and d.name = :name";
  const rows = await connection.query<[number, string, Date, Dataset]>(hql, { ids: [dataset], name: "asked for" });
  expect(rows).toHaveLength(1);
  const [id, name, time, object] = rows[0]!;
  expect([id, name, time instanceof Date, object.name]).toEqual([dataset.id, "asked for", true, "asked for"]);
  const maps = await connection.query(
    "select new map(d.id as id, d.description as text) from Dataset d where d.id = :id",
    { id: dataset.id },
  );
  expect(maps).toEqual([[{ id: dataset.id, text: null }]]);
  expect(await connection.query("select w.id from Well w where w.row = :row", { row: rint(1) })).toEqual([]);
  await expect(connection.query("select d from Dataset d where d.id = :id", { id: {} as never })).rejects.toThrow(
    "id is [object Object]",
  );
});
