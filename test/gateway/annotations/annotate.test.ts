import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createInstance } from "../../../src/connect/ice/schema/instance.js";
import {
  type Dataset,
  FileAnnotation,
  LongAnnotation,
  MapAnnotation,
  type NewAnnotation,
  TagAnnotation,
} from "../../../src/gateway/index.js";
import { rstring } from "../../../src/rtypes.js";
import { listed, ServedWorld } from "../served-world.js";

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start([]);
});
afterAll(() => world[Symbol.asyncDispose]());

const newDataset = () => world.connection.createObject("Dataset", { name: "dataset" });
const fresh = async (dataset: Dataset) => (await dataset.reload())!;

describe("annotate", () => {
  it("makes annotations of every kind, which come back as they are", async () => {
    const dataset = await newDataset();
    const made: [NewAnnotation, string, unknown][] = [
      [{ tag: "Zellkern ä" }, "TagAnnotation", "Zellkern ä"],
      [{ tagSet: "set" }, "TagAnnotation", "set"],
      [{ comment: "two\nlines" }, "CommentAnnotation", "two\nlines"],
      [{ xml: "<a/>" }, "XmlAnnotation", "<a/>"],
      [{ term: "GO:1" }, "TermAnnotation", "GO:1"],
      [{ rating: 4 }, "LongAnnotation", 4],
      [{ long: 2n ** 60n }, "LongAnnotation", 2n ** 60n],
      [{ double: 0.1 }, "DoubleAnnotation", 0.1],
      [{ boolean: false }, "BooleanAnnotation", false],
      [{ timestamp: new Date(5) }, "TimestampAnnotation", new Date(5)],
      [{ keyValues: { stain: "DAPI" } }, "MapAnnotation", [["stain", "DAPI"]]],
    ];
    for (const [annotation, type, value] of made) {
      const found = await dataset.annotate({ ...annotation, description: "d" });
      expect([found.type, found.value, found.description]).toEqual([type, value, "d"]);
    }
    const back = await listed((await fresh(dataset)).listAnnotations());
    expect(back.map(({ type, value }) => [type, value])).toEqual(made.map(([, type, value]) => [type, value]));
    expect(back.map(({ namespace }) => namespace).filter((one) => one !== undefined)).toHaveLength(3);
    expect(back.filter((one) => one instanceof LongAnnotation && one.isRating)).toHaveLength(1);
    expect(back.filter((one) => one instanceof TagAnnotation && one.isTagSet)).toHaveLength(1);
    expect(await dataset.countAnnotations({ type: "LongAnnotation" })).toBe(2);
  });

  it("keeps the order of pairs, and those of one name", async () => {
    const dataset = await newDataset();
    const pairs = [
      ["b", "1"],
      ["a", ""],
      ["b", "ü"],
    ] as const;
    expect(await dataset.annotate({ keyValues: pairs, namespace: "own" })).toBeInstanceOf(MapAnnotation);
    expect(await (await fresh(dataset)).keyValues({ namespace: "own" })).toEqual(pairs);
    expect((await (await fresh(dataset)).getAnnotation("own"))?.value).toEqual(pairs);
    expect(await (await fresh(dataset)).getAnnotation("other")).toBeUndefined();
  });

  it("takes a tag of the user's again, and links it once", async () => {
    const [one, two] = [await newDataset(), await newDataset()];
    const first = await one.annotate({ tag: "again" });
    const second = await world.connection.annotate([one, ["Dataset", two.id]], { tag: "again" });
    expect(second.id).toBe(first.id);
    expect([await one.tags(), await two.tags()]).toEqual([["again"], ["again"]]);
    expect((await one.annotate({ tag: "again", namespace: "own" })).id).not.toBe(first.id);
    const found = world.connection.getObjects("Dataset", { annotatedWith: { tag: "again" } });
    expect((await listed(found)).map(({ id }) => id)).toEqual([one.id, two.id]);
  });

  it("takes an object by itself, in a list, or by its name", async () => {
    const { connection } = world;
    const [one, two] = [await newDataset(), await newDataset()];
    const tag = await connection.annotate(one, { tag: "by itself" });
    for (const objects of [`Dataset:${two.id}`, [["Dataset", two.id]], [`Dataset:${two.id}`]] as const)
      expect((await connection.annotate(objects, { tag: "by itself" })).id).toBe(tag.id);
    await connection.linkAnnotations(one, tag);
    expect(await connection.countObjects("Dataset", { annotatedWith: { id: tag.id } })).toBe(2);
    await expect(connection.annotate("Dataset 1", { tag: "a" })).rejects.toThrow('give an object, "Image:101"');
    await expect(connection.annotate(undefined as never, { tag: "a" })).rejects.toThrow("names no object");
    await expect(connection.annotate([], { tag: "a" })).rejects.toThrow("No object was given");
  });

  it("makes one tag where many ask for it at once", async () => {
    const datasets = await Promise.all(Array.from({ length: 8 }, newDataset));
    const tags = await Promise.all(datasets.map((dataset) => dataset.annotate({ tag: "at once" })));
    expect(new Set(tags.map(({ id }) => id)).size).toBe(1);
    expect(await world.connection.countObjects("TagAnnotation", { attributes: { textValue: "at once" } })).toBe(1);
    expect(await world.connection.countObjects("Dataset", { annotatedWith: { tag: "at once" } })).toBe(8);
  });

  it("takes the tag that another program has made meanwhile, and removes its own", async () => {
    const { connection } = world;
    const dataset = await newDataset();
    const update = connection.getUpdateService();
    let earlier: number | undefined;
    const late = vi.spyOn(connection, "getUpdateService").mockImplementation(() => ({
      ...update,
      async saveAndReturnArray(objects, options) {
        late.mockRestore();
        const tag = createInstance("::omero::model::TagAnnotation", { textValue: rstring("raced"), loaded: true });
        earlier = Number((await update.saveAndReturnObject(tag))!.id!.val);
        return update.saveAndReturnArray(objects, options);
      },
    }));
    const tag = await dataset.annotate({ tag: "raced" });
    expect(earlier).toBeDefined();
    expect(tag.id).toBe(earlier);
    expect(await connection.countObjects("TagAnnotation", { attributes: { textValue: "raced" } })).toBe(1);
    expect(await (await fresh(dataset)).tags()).toEqual(["raced"]);
  });

  it("attaches files, which are read in chunks", async () => {
    const folder = await mkdtemp(join(tmpdir(), "omero2frame-annotate-"));
    try {
      await writeFile(join(folder, "notes.txt"), "ü\n".repeat(10_000));
      const dataset = await newDataset();
      const annotation = await dataset.annotate({ file: join(folder, "notes.txt"), namespace: "files" });
      expect(annotation).toBeInstanceOf(FileAnnotation);
      const { file } = annotation as FileAnnotation;
      expect([file.name, file.size, file.mimetype, file.hasher]).toEqual([
        "notes.txt",
        30_000,
        "text/plain",
        "SHA1-160",
      ]);
      const chunks = await listed(file.chunks({ chunkSize: 12_000 }));
      expect(chunks.map(({ length }) => length)).toEqual([12_000, 12_000, 6000]);
      expect(await file.text()).toBe("ü\n".repeat(10_000));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("refuses what is no annotation before anything is sent", async () => {
    const dataset = await newDataset();
    const { calls } = await world.counting(async () => {
      for (const [annotation, message] of [
        [{}, "none was given"],
        [{ tag: "a", comment: "b" }, "tag and comment were given"],
        [{ rating: 6 }, "6 cannot be the rating"],
        [{ keyValues: { a: 1 } }, "cannot be the keyValues"],
        [{ tga: "a" }, 'did you mean "tag"?'],
      ] as [NewAnnotation, string][])
        await expect(dataset.annotate(annotation)).rejects.toThrow(message);
    });
    expect(calls).toEqual([]);
    await expect(world.connection.annotate([["Pixels", 1]], { tag: "a" })).rejects.toThrow("No annotation");
    await expect(world.connection.annotate([["Dataset", 9999]], { tag: "a" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("annotations", () => {
  it("are linked, taken off and removed", async () => {
    const [one, two] = [await newDataset(), await newDataset()];
    const tag = await one.annotate({ tag: "shared" });
    await world.connection.linkAnnotations([one, two], [tag]);
    expect(await (await fresh(two)).tags()).toEqual(["shared"]);
    await two.unlinkAnnotation(tag);
    expect([await (await fresh(two)).tags(), (await tag.reload())?.value]).toEqual([[], "shared"]);
    await one.annotate({ comment: "x", namespace: "own" });
    expect(await one.removeAnnotations({ namespace: "own" })).toBe(1);
    expect(await one.unlinkAnnotations({ type: "TagAnnotation" })).toBe(1);
    expect(await one.countAnnotations()).toBe(0);
    expect(await world.connection.findObject("TagAnnotation", tag.id)).toBeDefined();
  });

  it("are put in sets of tags", async () => {
    const dataset = await newDataset();
    const set = (await dataset.annotate({ tagSet: "colours" })) as TagAnnotation;
    const tags = [await dataset.annotate({ tag: "red" }), await dataset.annotate({ tag: "blue" })];
    await world.connection.linkAnnotations([set], tags);
    const found = await world.connection.getObject("TagAnnotation", set.id);
    expect((await listed(found.listTags())).map(({ value }) => value)).toEqual(["red", "blue"]);
    expect(await found.countTags()).toBe(2);
    const [red] = await listed(world.connection.getObjects("TagAnnotation", { attributes: { textValue: "red" } }));
    expect((await listed(red!.listTagSets())).map(({ id }) => id)).toEqual([set.id]);
  });

  it("are made without an object, and are annotated themselves", async () => {
    const { connection } = world;
    const set = (await connection.createAnnotation({ tagSet: "stains" })) as TagAnnotation;
    const [dapi, gfp] = [await set.annotate({ tag: "DAPI" }), await connection.createAnnotation({ tag: "GFP" })];
    await set.linkAnnotation(gfp);
    expect((await listed(set.listTags())).map(({ value }) => value)).toEqual(["DAPI", "GFP"]);
    expect((await connection.createAnnotation({ tag: "GFP" })).id).toBe(gfp.id);
    await dapi.annotate({ comment: "binds DNA" });
    expect((await listed(dapi.listAnnotations())).map(({ value }) => value)).toEqual(["binds DNA"]);
    await set.unlinkAnnotation(gfp);
    expect(await (await connection.getObject("TagAnnotation", set.id)).countTags()).toBe(1);
    const elsewhere = await connection.createAnnotation({ tag: "GFP" }, { group: "other" });
    expect(elsewhere.details.group?.name).toBe("other");
    await expect(connection.createAnnotation({ file: "x" })).rejects.toThrow("attach them by annotate");
    const all = await connection.inGroup(-1);
    await expect(all.createAnnotation({ tag: "a" })).rejects.toThrow("say in which group");
  });

  it("are on files, users and groups as well", async () => {
    const { connection } = world;
    const file = createInstance("::omero::model::OriginalFile", {
      ...{ name: rstring("f"), path: rstring("/"), loaded: true },
    });
    const saved = await connection.getUpdateService().saveAndReturnObject(file);
    const objects = [
      await connection.getObject("OriginalFile", saved!.id!.val),
      await connection.getObject("Experimenter", connection.session.userId),
      await connection.getCurrentGroup(),
    ];
    for (const object of objects) {
      await object.annotate({ keyValues: { of: object.type } });
      expect([object.type, await object.keyValues()]).toEqual([object.type, [["of", object.type]]]);
      expect(await object.removeAnnotations()).toBe(1);
    }
  });

  it("of many objects come by two calls", async () => {
    const datasets = await listed(world.connection.getObjects("Dataset"));
    const { calls } = await world.counting(async () => {
      for (const dataset of datasets) await listed(dataset.listAnnotations());
    });
    expect(calls).toEqual(["IQuery.projection", "IQuery.findAllByQuery"]);
  });
});
