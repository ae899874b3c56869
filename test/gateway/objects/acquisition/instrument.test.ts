/** How images were acquired: instruments, channels, filesets. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Channel,
  Fileset,
  type Image,
  Instrument,
  LightSource,
  LogicalChannel,
  Shape,
} from "../../../../src/gateway/index.js";
import { listed, ServedWorld } from "../../served-world.js";
import { addAcquisition } from "./made-instrument.js";

let world: ServedWorld;
let image: Image;
beforeAll(async () => {
  world = await ServedWorld.start();
  const planes = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)];
  const made = await world.connection.createImage({ name: "cells", sizeX: 2, sizeY: 2, sizeC: 2, planes });
  await addAcquisition(world.connection, made.id);
  image = (await made.reload())!;
});
afterAll(() => world[Symbol.asyncDispose]());

describe("an instrument", () => {
  it("tells its microscope and what belongs to it", async () => {
    const instrument = (await image.getInstrument())!;
    expect(instrument).toBeInstanceOf(Instrument);
    expect(instrument.microscope).toMatchObject({
      manufacturer: "Acme",
      modelName: "Scope",
      microscopeType: "Inverted",
    });
    const [objective] = await listed(instrument.listObjectives());
    expect(objective).toMatchObject({ lensNA: 1.4, immersion: "Oil", correction: "PlanApo", nominalMagnification: 60 });
    expect([objective!.iris, objective!.workingDistance]).toEqual([true, { value: 0.13, unit: "MILLIMETER" }]);
    const [detector] = await listed(instrument.listDetectors());
    expect(detector).toMatchObject({ detectorType: "CCD", gain: 2, zoom: 1.5, voltage: undefined });
    const sources = await listed(instrument.listLightSources());
    expect(sources.map(({ type, lightSourceType }) => [type, lightSourceType])).toEqual([
      ["Laser", "SolidState"],
      ["Arc", "Hg"],
    ]);
    expect(sources[0]).toBeInstanceOf(LightSource);
    expect(sources[0]).toMatchObject({ laserMedium: "Other", wavelength: { value: 488, unit: "NANOMETER" } });
    const [filter] = await listed(instrument.listFilters());
    expect([filter!.filterType, filter!.transmittance?.cutOut]).toEqual([
      "BandPass",
      { value: 550, unit: "NANOMETER" },
    ]);
    const [dichroic] = await listed(instrument.listDichroics());
    const [set] = await listed(instrument.listFilterSets());
    expect([set!.dichroicId, set!.emissionFilterIds, set!.excitationFilterIds]).toEqual([
      dichroic!.id,
      [filter!.id],
      [],
    ]);
    expect(JSON.parse(JSON.stringify(set))).toMatchObject({ type: "FilterSet", manufacturer: "Acme" });
  });

  it("is found by id, and is annotated", async () => {
    const { connection } = world;
    const [found] = await listed(connection.getObjects("Instrument"));
    await found!.annotate({ comment: "cleaned" });
    expect((await listed(found!.listAnnotations())).map(({ value }) => value)).toEqual(["cleaned"]);
    const [laser] = await listed(connection.getObjects("LightSource", { limit: 1 }));
    expect([laser!.type, laser!.maker.modelName]).toEqual(["Laser", "488"]);
  });
});

describe("classes of a caller's own", () => {
  it("are those of a general type's kinds, and of what hangs on other objects", async () => {
    class Lamp extends LightSource {
      get shout(): string {
        return `${this.maker.modelName}!`;
      }
    }
    class Region extends Shape {
      readonly isMine = true;
    }
    class Files extends Fileset {
      get count(): number {
        return this.files.length;
      }
    }
    const extended = await world.connection.extendWrappers({ LightSource: Lamp, Shape: Region, Fileset: Files });
    expect((await listed(extended.getObjects("LightSource"))).map(({ shout }) => shout)).toEqual(["488!", "lamp!"]);
    const mine = await extended.getObject("Image", image.id);
    expect(((await mine.getFileset()) as Files).count).toBe(1);
    const [lamp] = await listed((await mine.getInstrument())!.listLightSources());
    expect(lamp).toBeInstanceOf(Lamp);
    const [roi] = await image.createRois([{ shapes: [{ type: "Point", x: 1, y: 1 }] }]);
    const [shape] = await listed(extended.getObjects("Shape"));
    expect([shape!.type, shape!.isMine]).toEqual(["Point", true]);
    await image.removeRois([roi!.id]);
  });
});

describe("an image", () => {
  it("tells how it was acquired, and the files it came from", async () => {
    expect(await image.acquisition()).toMatchObject({
      objectiveSettings: { medium: "Oil", refractiveIndex: 1.52 },
      imagingEnvironment: { humidity: 0.4, co2percent: 0.05, temperature: undefined },
      stageLabel: { name: "left", positionX: { value: 3, unit: "MICROMETER" } },
    });
    const fileset = (await image.getFileset())!;
    expect(fileset).toBeInstanceOf(Fileset);
    expect(fileset.files.map(({ name, path }) => path + name)).toEqual(["/data/cells.tif"]);
    expect([fileset.clientPaths, fileset.templatePrefix]).toEqual([["home/cells.tif"], "ann_2/2026/"]);
    const images = await listed(world.connection.getObjects("Image", { fileset: fileset.id }));
    expect(images.map(({ id }) => id)).toEqual([image.id]);
    const many = await listed(world.connection.getObjects("Image"));
    const { calls } = await world.counting(async () => {
      for (const one of many) await one.getFileset();
    });
    expect(calls).toHaveLength(2);
    const plain = await world.connection.createImage({ name: "plain", sizeX: 1, sizeY: 1, planes: [Uint8Array.of(1)] });
    expect([await plain.getFileset(), await plain.getInstrument()]).toEqual([undefined, undefined]);
    expect(await plain.acquisition()).toEqual({});
  });

  it("has pixels and channels as objects of their own", async () => {
    const { connection } = world;
    const pixels = await connection.getObject("Pixels", image.pixelsId!);
    expect(pixels).toMatchObject({
      imageId: image.id,
      sizeX: 2,
      sizeC: 2,
      pixelsType: "uint8",
      dimensionOrder: "XYZCT",
    });
    const [first, second] = await listed(connection.getObjects("Channel", { ids: await channelIds() }));
    expect(first).toBeInstanceOf(Channel);
    expect([first!.name, second!.name, first!.range]).toEqual(["DAPI", undefined, [1, 4]]);
    const { logicalChannel } = first!;
    expect(logicalChannel).toBeInstanceOf(LogicalChannel);
    expect(logicalChannel).toMatchObject({
      ...{ fluor: "DAPI", mode: "WideField", samplesPerPixel: 1, ndFilter: 0.5 },
      ...{ emissionWave: { value: 461, unit: "NANOMETER" }, detectorSettings: { gain: 3, binning: "2x2" } },
      lightSourceSettings: { attenuation: 0.25 },
    });
    await first!.annotate({ tag: "nuclei" });
    expect(await first!.tags()).toEqual(["nuclei"]);
  });

  async function channelIds(): Promise<number[]> {
    const hql = "select c.id from Channel c where c.pixels.id = :pixels order by c.id";
    return (await world.connection.query<[number]>(hql, { pixels: image.pixelsId! })).map(([id]) => id);
  }
});

describe("folders", () => {
  it("hold folders, images and regions", async () => {
    const { connection } = world;
    const outer = await connection.createObject("Folder", { name: "outer" });
    const inner = await connection.createObject("Folder", { name: "inner", parent: outer });
    const [roi] = await image.createRois([{ shapes: [{ type: "Point", x: 1, y: 1 }] }]);
    await connection.linkObjects(inner, [image, ["Roi", roi!.id]]);
    expect(inner.parentFolderId).toBe(outer.id);
    const [child] = await listed((await outer.reload())!.listChildren());
    expect([child!.id, await outer.countChildren(), (await child!.getParent())?.name]).toEqual([inner.id, 1, "outer"]);
    expect((await listed(inner.listImages())).map(({ name }) => name)).toEqual(["cells"]);
    expect((await listed(inner.listRois())).map(({ id }) => id)).toEqual([roi!.id]);
    expect(await connection.countObjects("Roi", { folder: inner.id })).toBe(1);
    expect(await connection.countObjects("Image", { folder: inner.id })).toBe(1);
    expect(await connection.countObjects("Folder", { folder: outer.id })).toBe(1);
    await inner.annotate({ tag: "kept" });
    expect(await connection.unlinkObjects(inner, [image])).toBe(1);
    expect(await connection.countObjects("Image", { folder: inner.id })).toBe(0);
  });
});
