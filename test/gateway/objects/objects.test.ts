/** Properties of objects, and what prints of them. */
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Plate, Roi, Shape, Well } from "../../../src/gateway/index.js";
import { rint, rstring, rtime } from "../../../src/rtypes.js";
import type { ObjectOptions } from "../../../src/server/index.js";
import { link, listed, ServedWorld } from "../served-world.js";

const reference = (type: string, id: number) => ({ type, id });

let world: ServedWorld;
beforeAll(async () => {
  const wells = [1, 2, 3].flatMap((id): ObjectOptions[] => [
    {
      ...{ type: "Well", id, references: { plate: reference("Plate", 1) } },
      values: { row: rint(id === 3 ? 26 : 0), column: rint(id === 3 ? 2 : id - 1), type: rstring("control") },
    },
    {
      ...{ type: "WellSample", id },
      references: {
        well: reference("Well", id),
        image: reference("Image", id),
        plateAcquisition: reference("PlateAcquisition", 1),
      },
    },
  ]);
  world = await ServedWorld.start([
    { type: "Screen", id: 1, name: "screen" },
    { type: "Plate", id: 1, name: "plate", values: { rowNamingConvention: rstring("letter") } },
    link(["Screen", 1], ["Plate", 1]),
    { type: "PlateAcquisition", id: 1, name: "run", references: { plate: reference("Plate", 1) } },
    ...[1, 2, 3].map((id) => ({ type: "Image", id, name: `image ${id}` })),
    ...wells,
    { type: "Image", id: 4, name: "dated", values: { acquisitionDate: rtime(1_700_000_000_000) } },
  ]);
});
afterAll(() => world[Symbol.asyncDispose]());

describe("plates", () => {
  it("tell their wells, fields, images and acquisitions", async () => {
    const { connection } = world;
    const [plate] = await listed((await connection.getObject("Screen", 1)).listChildren());
    expect(plate).toBeInstanceOf(Plate);
    expect(await plate!.getGridSize()).toEqual({ rows: 27, columns: 3 });
    expect(await plate!.getNumberOfFields()).toEqual([0, 0]);
    expect([plate!.rowNamingConvention, await plate!.countChildren(), await plate!.countPlateAcquisitions()]).toEqual([
      ...["letter", 3, 1],
    ]);
    const wells = await listed(plate!.listChildren());
    expect(wells.map(({ name, wellType }) => [name, wellType])).toEqual([
      ["A1", "control"],
      ["A2", "control"],
      ["AA3", "control"],
    ]);
    expect(wells.map((well) => well.images.map(({ name }) => name))).toEqual([["image 1"], ["image 2"], ["image 3"]]);
    expect(wells[0]!.wellSamples[0]!.plateAcquisitionId).toBe(1);
    expect([wells[0]!.countWellSamples(), wells[0]!.getImage(1)]).toEqual([1, undefined]);
    const grid = await plate!.getWellGrid();
    expect([grid.length, grid[26]![2]?.id, grid[1]![0]]).toEqual([27, 3, undefined]);
    const [run] = await listed(plate!.listPlateAcquisitions());
    expect([run!.name, await run!.countChildren(), (await listed(run!.listChildren()))[0]!.image?.name]).toEqual([
      ...["run", 3, "image 1"],
    ]);
    const image = await connection.getObject("Image", 2);
    expect((await image.parents()).map(({ type, id }) => [type, id])).toEqual([["Well", 2]]);
    expect((await image.ancestry()).map(({ type }) => type)).toEqual(["Well", "Plate", "Screen"]);
  });

  it("have no grid and no fields while they have no wells", async () => {
    const plate = await world.connection.createObject("Plate", { name: "empty" });
    expect(await plate.getGridSize()).toEqual({ rows: 0, columns: 0 });
    expect(await plate.getNumberOfFields()).toBeUndefined();
    expect(await plate.getWellGrid()).toEqual([]);
    await expect(plate.getGridSize({ signl: 1 } as object)).rejects.toThrow('did you mean "signal"?');
    expect(() => plate.listChildren({ limit: 1 } as object)).toThrow("listChildren takes no option");
  });

  it("ask for the tags of all wells by two calls", async () => {
    const plate = await world.connection.getObject("Plate", 1);
    const wells = await listed(plate.listChildren());
    await wells[1]!.annotate({ tag: "good" });
    const { result, calls } = await world.counting(async () => {
      const tags: string[][] = [];
      for (const well of wells) tags.push(await well.tags());
      return tags;
    });
    expect(result).toEqual([[], ["good"], []]);
    expect(calls).toHaveLength(2);
    expect(wells[0]).toBeInstanceOf(Well);
  });
});

describe("regions", () => {
  it("are found as objects, with the shapes that image.rois() gives", async () => {
    const { connection } = world;
    const image = await connection.getObject("Image", 1);
    const update = connection.getUpdateService();
    const rectangle = { iceId: "::omero::model::Rectangle", loaded: true, x: null, theZ: rint(2) };
    const shapes = { shapesSeq: [{ ...rectangle, textValue: rstring("R") }], shapesLoaded: true };
    await update.saveObject({ iceId: "::omero::model::Roi", loaded: true, image: image.model, ...shapes } as never);
    const [roi] = await listed(connection.getObjects("Roi", { image: 1 }));
    expect(roi).toBeInstanceOf(Roi);
    expect([roi!.imageId, roi!.ownerId, roi!.shapes.length]).toEqual([1, 2, 1]);
    expect(roi!.shapes[0]).toMatchObject({ type: "Rectangle", z: 2, text: "R" });
    const [shape] = await listed(connection.getObjects("Shape"));
    expect(shape).toBeInstanceOf(Shape);
    expect([shape!.theZ, shape!.theT, shape!.text, shape!.shape.type]).toEqual([2, undefined, "R", "Rectangle"]);
  });
});

describe("objects", () => {
  it("show what is plain, and nothing of the connection", async () => {
    const image = await world.connection.getObject("Image", 4);
    expect(image.acquisitionDate?.getTime()).toBe(1_700_000_000_000);
    expect(image.date).toEqual(image.acquisitionDate);
    const printed = inspect(image);
    expect(printed).toMatch(/^Image \{/);
    expect(printed).toContain("name: 'dated'");
    expect(printed).not.toContain("OmeroConnection");
    expect(Object.keys(image)).toEqual([]);
    const json = JSON.parse(JSON.stringify(image));
    expect(json).toMatchObject({ type: "Image", id: 4, acquisitionDate: "2023-11-14T22:13:20.000Z" });
    expect(json.details.group.name).toBe("lab");
  });

  it("of the system have no owner, and say who is where", async () => {
    const { connection } = world;
    const [ann] = await listed(connection.getObjects("Experimenter", { attributes: { omeName: "ann" } }));
    expect([ann!.fullName, ann!.details.owner, ann!.ledGroupIds.length]).toEqual(["Ann Able", undefined, 1]);
    const groups = await listed(connection.getObjects("ExperimenterGroup", { ids: ann!.groupIds }));
    expect(groups.map(({ name }) => name)).toEqual(expect.arrayContaining(["lab", "other", "user"]));
  });
});
