/** Rows appended with names of objects become what an upload of them would have made. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import type { RowSource } from "../../../src/formats/open-source.js";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { appendRows, uploadTable } from "../../../src/write/index.js";
import { connectPlain, USER } from "../../connect/embedded.js";
import { type NamedWorld, objectsOf } from "../../support/name-cases.js";
import { readPopulated } from "../../support/read-populated.js";

const { world } = JSON.parse(readFileSync(new URL("populated.json", import.meta.url), "utf8")) as { world: NamedWorld };
const plate = { parentType: "Plate", parentId: world.plates.plate01! };
const dataset = { parentType: "Dataset", parentId: world.datasets.first! };
const image = { parentType: "Image", parentId: world.images["first/one.tif"]! };
type Parent = typeof plate;

let server: OmeroServer;
let connection: OmeroConnection;

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

async function made(source: RowSource, parent: Parent): Promise<number> {
  return (await uploadTable(source, "names", { connection, ...parent, onWarning: () => {} })).fileId;
}

async function* csv(...lines: string[]) {
  yield `${lines.join("\n")}\n`;
}

const CASES: Record<string, [parent: Parent, heading: string, first: string[], more: string[]]> = {
  wells: [plate, "Well,Area", ["A1,0.5", "B12,1.5"], ["c06,2.5", "A1,3.5"]],
  "wells by another name": [plate, "well name,Area", ["A1,0.5", "B12,1.5"], ["C6,2.5"]],
  images: [dataset, "Image Name,Area", ["one.tif,0.5", "drei µ.tif,1.5"], ["two.tif,2.5", "one.tif,3.5"]],
  regions: [image, "Roi Name,Area", ["nucleus,0.5", "Zelle ü,1.5"], ["cell 1,2.5"]],
};

describe("names in rows to be appended", () => {
  test.each(Object.entries(CASES))("of %s become ids", async (_, [parent, heading, first, more]) => {
    const whole = await readPopulated(connection, await made(csv(heading, ...first, ...more), parent));
    const fileId = await made(csv(heading, ...first), parent);
    const options = { connection, fileId, ...parent, onWarning: () => {} };
    const result = await appendRows(csv(heading, ...more), options);
    expect(result).toEqual({ firstRow: first.length, rowCount: more.length });
    expect(await readPopulated(connection, fileId)).toEqual(whole);
  });

  test("may be left out for ids, and stand in rows of JavaScript", async () => {
    const fileId = await made(csv("Well,Area", "A1,0.5", "B12,1.5"), plate);
    const before = await readPopulated(connection, fileId);
    const [[id]] = before.rows as [[number]];
    await appendRows([{ Well: "b12", Area: 2.5 }], { connection, fileId, ...plate });
    await appendRows([{ Well: id, Area: 3.5, "Well Name": "a1" }], { connection, fileId, ...plate });
    await appendRows([{ Well: id, Area: 4.5, "Well Name": "a1" }], { connection, fileId });
    expect((await readPopulated(connection, fileId)).rows.slice(2)).toEqual([
      [before.rows[1]![0], 2.5, "b12"],
      [id, 3.5, "a1"],
      [id, 4.5, "a1"],
    ]);
  });

  test("of nothing, or where there is no place for them, are refused before anything is sent", async () => {
    const fileId = await made(csv("Well,Area", "A1,0.5"), plate);
    const options = { connection, fileId, ...plate, onWarning: () => {} };
    const refused = (source: RowSource, expected: object, given = options) =>
      expect(appendRows(source, given as never)).rejects.toMatchObject(expected);
    await refused(csv("Well,Area", "A1,1", "H9,2"), {
      code: "UNRESOLVED_NAMES",
      row: 1,
      message: expect.stringContaining('"H9". Nothing was appended'),
    });
    await refused([{ Well: "A1", Area: 1, extra: 2 }], { code: "UNKNOWN_COLUMN", column: "extra" });
    await refused([{ Well: "A1" }], { code: "UNKNOWN_COLUMN", column: "Area" });
    await refused([{ Well: 0.5, Area: 1, "Well Name": "" }], { code: "VALUE_DOES_NOT_FIT", column: "Well" });
    await refused([{ Well: "A1", Area: 1 }], { code: "INVALID_ARGUMENT" }, { ...options, parentType: "Tag" });
    await refused([{ Well: "A1", Area: 1 }], { code: "INVALID_ARGUMENT" }, { ...options, parentType: "TagAnnotation" });
    expect((await readPopulated(connection, fileId)).rows.length).toBe(1);
  });
});
