import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as omero from "../../../src/connect/ice/schema/omero.js";
import { Dataset, Image } from "../../../src/gateway/index.js";
import { rstring } from "../../../src/rtypes.js";
import type { ObjectOptions } from "../../../src/server/index.js";
import { link, listed, ServedWorld } from "../served-world.js";

const DATASETS = 50;
const IMAGES = 100;

function tree(): ObjectOptions[] {
  const objects: ObjectOptions[] = [{ type: "Project", id: 1, name: "project" }];
  for (let dataset = 1; dataset <= DATASETS; dataset++) {
    objects.push({ type: "Dataset", id: dataset, name: `dataset ${String(dataset).padStart(2, "0")}` });
    objects.push(link(["Project", 1], ["Dataset", dataset]));
    for (let index = 0; index < IMAGES; index++) {
      const image = (dataset - 1) * IMAGES + index + 1;
      objects.push({ type: "Image", id: image, name: `image ${String(IMAGES - index).padStart(3, "0")}` });
      objects.push(link(["Dataset", dataset], ["Image", image]));
    }
  }
  objects.push({ type: "Dataset", id: 51, name: "dataset 51" }, link(["Dataset", 51], ["Image", 1]));
  objects.push({ type: "Image", id: 9000, name: "of ben", owner: "ben" });
  objects.push({ type: "Image", id: 9001, name: "elsewhere", group: "other" });
  return objects;
}

let world: ServedWorld;
beforeAll(async () => {
  world = await ServedWorld.start(tree());
});
afterAll(() => world[Symbol.asyncDispose]());

const ids = (objects: readonly { id: number }[]) => objects.map(({ id }) => id);

describe("getObject", () => {
  it("gives an object with plain properties", async () => {
    const image = await world.connection.getObject("Image", 1);
    expect(image).toBeInstanceOf(Image);
    expect([image.id, image.name, image.type, image.description]).toEqual([1, "image 100", "Image", undefined]);
    expect(image.details.owner).toEqual({ id: 2, userName: "ann", fullName: "Ann Able" });
    expect(image.details.group).toMatchObject({ name: "lab" });
    expect(image.details.permissions).toMatchObject({ text: "rwra--", name: "READ-ANNOTATE", canEdit: true });
    expect(image.details.createdAt).toBeInstanceOf(Date);
    expect(JSON.parse(JSON.stringify(image))).toMatchObject({ type: "Image", id: 1, name: "image 100" });
  });

  it("says where it looked for what is not there", async () => {
    await expect(world.connection.getObject("Image", 9001)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await world.connection.findObject("Image", 9001)).toBeUndefined();
    expect((await world.connection.getObject("Image", 9001, { group: -1 })).details.group?.name).toBe("other");
  });

  it("refuses types and options that there are not, with what was probably meant", async () => {
    const { connection } = world;
    await expect(connection.getObject("Imag" as "Image", 1)).rejects.toThrow('did you mean "Image"?');
    await expect(connection.getObject("Image", 1, { grup: 1 } as object)).rejects.toThrow('did you mean "group"?');
    await expect(connection.getObject("Image", -1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a tree", () => {
  it("of 50 datasets with 100 images comes in 5 calls", async () => {
    const { result, calls } = await world.counting(async () => {
      const project = await world.connection.getObject("Project", 1);
      const names: string[] = [];
      for await (const dataset of project.listChildren())
        for await (const image of dataset.listChildren()) names.push(`${dataset.name}/${image.name}`);
      return names;
    });
    expect(result.length).toBe(DATASETS * IMAGES);
    expect(result.slice(0, 2)).toEqual(["dataset 01/image 001", "dataset 01/image 002"]);
    expect(result.slice(199, 201)).toEqual(["dataset 02/image 100", "dataset 03/image 001"]);
    expect(calls).toEqual([
      "IQuery.findAllByQuery",
      "IQuery.projection",
      "IQuery.findAllByQuery",
      "IQuery.projection",
      "IQuery.findAllByQuery",
    ]);
  });

  it("comes for several that are listed at once, and again", async () => {
    const datasets = await listed(world.connection.getObjects("Dataset", { limit: 3 }));
    const lists = await Promise.all(datasets.map((dataset) => listed(dataset.listChildren())));
    expect(lists.map((images) => images.length)).toEqual([100, 100, 100]);
    expect(ids(await listed(datasets[1]!.listChildren()))).toEqual(ids(lists[1]!));
  });

  it("is counted without loading, and known upwards", async () => {
    const { connection } = world;
    const datasets = await listed(connection.getObjects("Dataset"));
    const { result, calls } = await world.counting(() => Promise.all(datasets.map((one) => one.countChildren())));
    expect(result.slice(-2)).toEqual([100, 1]);
    expect(calls).toEqual(["IQuery.projection"]);
    const image = await connection.getObject("Image", 1);
    expect((await image.parents()).map(String)).toHaveLength(2);
    const [dataset, project] = await image.ancestry();
    expect(dataset).toBeInstanceOf(Dataset);
    expect([dataset!.id, project!.type, project!.id]).toEqual([1, "Project", 1]);
  });
});

describe("getObjects", () => {
  it("finds by owner, place, attributes and id, in an order, and counts", async () => {
    const { connection } = world;
    expect(ids(await listed(connection.getObjects("Image", { owner: "ben" })))).toEqual([9000]);
    expect(ids(await listed(connection.getObjects("Image", { ids: [7, 3, 7, 99999] })))).toEqual([7, 3]);
    const named = connection.getObjects("Dataset", { project: 1, orderBy: "-name", limit: 2, offset: 1 });
    expect(ids(await listed(named))).toEqual([49, 48]);
    const two = connection.getObjects("Dataset", { attributes: { name: ["dataset 03", "dataset 04"] } });
    expect(ids(await listed(two))).toEqual([3, 4]);
    expect(await connection.countObjects("Image", { dataset: 2 })).toBe(100);
    expect(ids(await listed(connection.getObjects("Image", { orphaned: true, group: -1 })))).toEqual([9000, 9001]);
    await expect(listed(connection.getObjects("Dataset", { plate: 1 }))).rejects.toThrow(
      "cannot be asked for by plate",
    );
    await expect(listed(connection.getObjects("Dataset", { orderBy: "nam" }))).rejects.toThrow('did you mean "name"?');
    await expect(listed(connection.getObjects("Dataset", { attributes: { name: 1 } }))).rejects.toThrow("String");
  });

  it("finds nothing for empty lists, without asking", async () => {
    const { connection } = world;
    const { calls } = await world.counting(async () => {
      expect(await listed(connection.getObjects("Image", { ids: [] }))).toEqual([]);
      expect(await listed(connection.getObjects("Image", { ids: [], owner: "ann", orderBy: "name" }))).toEqual([]);
      expect(await connection.countObjects("Dataset", { attributes: { name: [] } })).toBe(0);
    });
    expect(calls).toEqual([]);
    expect(await connection.countObjects("Dataset", { attributes: { description: null } })).toBe(51);
  });

  it("lists many page by page, and stops when it is told to", async () => {
    const images = await listed(world.connection.getObjects("Image"));
    expect(ids(images)).toEqual([...Array.from({ length: DATASETS * IMAGES }, (_, index) => index + 1), 9000]);
    const aborting = new AbortController();
    const some = world.connection.getObjects("Image", { signal: aborting.signal });
    await some.next();
    aborting.abort();
    await expect(listed(some)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("wrap", () => {
  it("makes an object of what a service gave, without a call", async () => {
    const { connection } = world;
    const [model] = await connection.service("::omero::api::IContainer").getImages("Image", [1], null);
    const { result, calls } = await world.counting(() => connection.wrap(model as omero.Image));
    expect(result).toBeInstanceOf(Image);
    expect([result.name, result.id, calls]).toEqual(["image 100", 1, []]);
    const other = await connection.wrap({ ...result.model, name: rstring("other") });
    expect([other.name, result.name]).toEqual(["other", "image 100"]);
    expect((await result.parents()).map(({ name }) => name)).toContain("dataset 01");
    expect((await result.getParent())?.name).toBe("dataset 01");
    await expect(connection.wrap({ ...result.model, id: null })).rejects.toThrow("this one has no id");
  });
});

describe("extendWrappers", () => {
  it("has objects made of a caller's own classes, wherever they come from", async () => {
    class Named extends Image {
      get shout(): string {
        return `${this.name}!`;
      }
    }
    const extended = await world.connection.extendWrappers({ Image: Named });
    expect((await extended.getObject("Image", 1)).shout).toBe("image 100!");
    const dataset = await extended.getObject("Dataset", 3);
    for await (const image of dataset.listChildren()) expect(image).toBeInstanceOf(Named);
    expect(await (await extended.inGroup("lab")).getObject("Image", 1)).toBeInstanceOf(Named);
    expect(await world.connection.getObject("Image", 1)).not.toBeInstanceOf(Named);
    await expect(world.connection.extendWrappers({ Imge: Named } as never)).rejects.toThrow('did you mean "Image"?');
  });
});
