/** Names of objects become ids, as an OMERO server's `omero metadata populate` stored them. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import type { RowSource } from "../../../src/formats/open-source.js";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { type DryRunOptions, type UploadOptions, uploadTable } from "../../../src/write/index.js";
import { connectPlain, USER } from "../../connect/embedded.js";
import { type NamedWorld, nameCases, objectsOf, type PopulatedTable } from "../../support/name-cases.js";
import { readPopulated } from "../../support/read-populated.js";

interface Populated {
  readonly world: NamedWorld;
  readonly tables: Readonly<Record<string, PopulatedTable>>;
}

const { world, tables } = JSON.parse(readFileSync(new URL("populated.json", import.meta.url), "utf8")) as Populated;

let server: OmeroServer;
let connection: OmeroConnection;
let warnings: string[] = [];

beforeAll(async () => {
  server = await startServer({
    tables: "memory",
    groups: [{ name: "lab", permissions: "rwra--" }],
    users: [{ name: USER.username, password: USER.password, groups: ["lab"] }],
    objects: objectsOf(world),
  });
  connection = await connectPlain(server);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

type Target = readonly [type: string, id: number];
const screen: Target = ["Screen", world.screen];
const plate: Target = ["Plate", world.plates.plate01!];
const dataset: Target = ["Dataset", world.datasets.first!];
const image: Target = ["Image", world.images["first/one.tif"]!];

function optionsFor([parentType, parentId]: Target): UploadOptions {
  warnings = [];
  return { connection, parentType, parentId, onWarning: (message) => warnings.push(message) };
}

async function upload(source: RowSource, target: Target, options: Partial<UploadOptions> = {}) {
  const { fileId } = await uploadTable(source, "names", { ...optionsFor(target), ...options });
  return readPopulated(connection, fileId);
}

function preview(source: RowSource, target: Target) {
  const options: DryRunOptions = { ...optionsFor(target), dryRun: true };
  return uploadTable(source, "names", options);
}

/** A CSV of these lines. */
function csv(...lines: string[]): AsyncIterable<string> {
  return (async function* () {
    yield `${lines.join("\n")}\n`;
  })();
}

function wellId(plateName: string, row: number, column: number): number {
  const made = world.objects.find(
    (one) => one.references?.plate?.id === world.plates[plateName] && one.row === row && one.column === column,
  );
  return made!.id;
}

const namesOf = ({ columns }: PopulatedTable) => columns.map(([name, type]) => `${name}:${type}`);

test.each(nameCases(world))("$name", async ({ name, target, text }) => {
  expect(await upload(csv(text.trimEnd()), target)).toEqual(tables[name]);
});

test("what is given as columns is resolved as what is read from CSV", async () => {
  const stored = await upload({ Well: ["A1", "", "B12"], n: [1, 2, 3] }, plate);
  expect(stored.rows).toEqual([
    [wellId("plate01", 0, 0), 1, "a1"],
    [-1, 2, ""],
    [wellId("plate01", 1, 11), 3, "b12"],
  ]);
});

describe("names of no object, or of several", () => {
  test("are all told before anything is made", async () => {
    const before = await server.contents();
    const rows = csv("Well,Plate,n", "A1,plate01,1", "H9,plate01,2", "Q,plate02,3", "A1,plate77,4");
    await expect(upload(rows, screen)).rejects.toMatchObject({
      name: "DataError",
      code: "UNRESOLVED_NAMES",
      column: expect.any(String),
      message: expect.stringMatching(/Column "Plate".*"plate77".*Column "Well".*"H9", "Q"/s),
    });
    expect((await server.contents()).files).toEqual(before.files);
  });

  test("wells of several plates need the plate", async () => {
    await expect(upload(csv("Well,n", "A1,1"), screen)).rejects.toMatchObject({
      code: "UNRESOLVED_NAMES",
      row: 0,
      message: expect.stringContaining("a column Plate tells them apart"),
    });
  });

  test("images of one name in two datasets need the dataset", async () => {
    const rows = csv("Image Name,n", "one.tif,1");
    await expect(upload(rows, ["Project", world.project])).rejects.toMatchObject({ code: "UNRESOLVED_NAMES" });
    const named = await upload(csv("Image,Dataset,n", "one.tif,second é,1"), ["Project", world.project]);
    expect(namesOf(named)).toEqual([
      "Image:Image",
      "Dataset:Dataset",
      "n:Long",
      "Image Name:String",
      "Dataset Name:String",
    ]);
    expect(named.rows).toEqual([
      [world.images["second é/one.tif"], world.datasets["second é"], 1, "one.tif", "second é"],
    ]);
  });

  test("a plate that is not the one attached to is unknown", async () => {
    const rows = csv("Plate,Well,n", "plate01,A1,1", "plate02,A1,2");
    await expect(upload(rows, plate)).rejects.toMatchObject({ code: "UNRESOLVED_NAMES", column: "Plate", row: 1 });
  });

  test("are shown by a dry run, which makes nothing", async () => {
    const before = await server.contents();
    const shown = await preview(csv("Well,Plate,Area", "A1,plate01,0.5", "H9,plate02,1.5"), screen);
    expect(shown.columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      "Well:Well",
      "Plate:Plate",
      "Area:Double",
      "Well Name:String",
      "Plate Name:String",
    ]);
    expect(shown.rowCount).toBe(2);
    expect(shown.found).toMatchObject([
      { column: "Well", type: "Well", rowCount: 1, objectCount: 1 },
      { column: "Plate", type: "Plate", rowCount: 2, objectCount: 2 },
    ]);
    expect(shown.unresolved).toEqual([{ column: "Well", type: "Well", unknown: ["H9"], ambiguous: [], firstRow: 1 }]);
    expect(shown.firstRows[0]).toEqual({
      Well: wellId("plate01", 0, 0),
      Plate: world.plates.plate01,
      Area: 0.5,
      "Well Name": "a1",
      "Plate Name": "plate01",
    });
    expect((await server.contents()).files).toEqual(before.files);
  });
});

describe("rows and columns of a plate", () => {
  test("get wells, and stay as they are", async () => {
    const stored = await upload(csv("Row,Column,n", "1,1,5", "2,12,6"), plate);
    expect(namesOf(stored)).toEqual(["Row:Long", "Column:Long", "n:Long", "Well:Well", "Well Name:String"]);
    expect(stored.rows).toEqual([
      [1, 1, 5, wellId("plate01", 0, 0), "a1"],
      [2, 12, 6, wellId("plate01", 1, 11), "b12"],
    ]);
  });

  test("with letters, on the plates of a screen", async () => {
    const stored = await upload(csv("Plate,Row,Col,n", "plate02,B,12,6"), screen);
    expect(stored.rows).toEqual([[world.plates.plate02, "B", 12, 6, "plate02", wellId("plate02", 1, 11), "b12"]]);
  });

  test("of which some have no well stay alone, with a warning", async () => {
    const stored = await upload(csv("row,column,n", "1,1,5", "9,9,6"), plate);
    expect(namesOf(stored)).toEqual(["row:Long", "column:Long", "n:Long"]);
    expect(warnings.join()).toContain("No column Well is added");
  });
});

describe("what is left as it is", () => {
  test("everything, with resolveNames: false", async () => {
    const stored = await upload(csv("Well,n", "A1,1"), plate, { resolveNames: false });
    expect(namesOf(stored)).toEqual(["Well:String", "n:Long"]);
    expect(warnings.join()).toContain("Stored as text");
  });

  test("names of objects that the target has none of", async () => {
    const stored = await upload(csv("Well,Roi,n", "A1,x,1"), ["Dataset", world.datasets["second é"]!]);
    expect(namesOf(stored)).toEqual(["Well:String", "Roi:String", "n:Long"]);
    expect(warnings.join()).toContain('"Well", "Roi"');
  });

  test("ids, where nothing is said of them", async () => {
    const stored = await upload(csv("image,n", "424242,1"), dataset);
    expect(namesOf(stored)).toEqual(["image:Image", "n:Long"]);
  });

  test("a column that the caller wants as text", async () => {
    const stored = await upload(csv("Well,n", "A1,1"), plate, { columnTypes: { Well: "String" } });
    expect(namesOf(stored)).toEqual(["Well:String", "n:Long"]);
    expect(warnings).toEqual([]);
  });
});

describe("types that are asked for", () => {
  test("make names of other columns ids", async () => {
    const stored = await upload(csv("position,n", "A1,1"), plate, { columnTypes: { position: "Well" } });
    expect(stored).toEqual({
      columns: [
        ["Well", "Well", 1],
        ["n", "Long", 1],
        ["Well Name", "String", 2],
      ],
      rows: [[wellId("plate01", 0, 0), 1, "a1"]],
    });
  });

  test("take no names where there are no such objects", async () => {
    const rows = csv("position,n", "A1,1");
    await expect(upload(rows, image, { columnTypes: { position: "Well" } })).rejects.toMatchObject({
      name: "DataError",
    });
  });
});

test("another way than the two there are is refused", async () => {
  const resolveNames = "always" as never;
  await expect(upload(csv("Well", "A1"), plate, { resolveNames })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
