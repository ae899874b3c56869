import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OmeroConnection } from "../../../src/connect/index.js";
import { createRois, findRois, removeRois, updateRois } from "../../../src/gateway/rois/image-rois.js";
import type { RoiShape } from "../../../src/gateway/rois/shapes.js";
import type { OmeroServer, ServedCall } from "../../../src/server/index.js";
import { connectPlain, startLabServer } from "../../connect/embedded.js";
import { EVERY_SHAPE } from "./every-shape.js";

let server: OmeroServer;
let connection: OmeroConnection;
const place = { imageId: 99, groupId: 0 };
const calls: string[] = [];

beforeAll(async () => {
  server = await startLabServer({ beforeCall: ({ operation }: ServedCall) => void calls.push(operation) });
  connection = await connectPlain(server);
  const image = await connection.getQueryService().find("Image", 99, { context: { "omero.group": "-1" } });
  place.groupId = Number(image!.details!.group!.id!.val);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

const withoutIds = (shapes: readonly RoiShape[]) => shapes.map(({ id, ...shape }) => shape);

describe("regions", () => {
  it("of every shape are found as they were made", async () => {
    const made = await createRois(connection, place, [
      { name: "all", description: "each", shapes: EVERY_SHAPE },
      { shapes: [{ type: "Point", x: 1, y: 2, z: 1, t: 0 }] },
    ]);
    expect(made.map(({ name, shapes }) => [name, shapes.length])).toEqual([
      ["all", EVERY_SHAPE.length],
      [undefined, 1],
    ]);
    const found = await findRois(connection, place);
    expect([...found]).toEqual(made);
    expect(withoutIds(found.at(0)!.shapes)).toEqual(EVERY_SHAPE);
    expect(found.find(made[1]!.id)).toEqual(found.at(-1));
    expect((await findRois(connection, place, { z: 1, t: 0 })).length).toBe(2);
    await removeRois(
      connection,
      place,
      made.map(({ id }) => id),
    );
    expect((await findRois(connection, place)).length).toBe(0);
  });

  it("are changed: shapes are moved, added and removed", async () => {
    const [made] = await createRois(connection, place, [{ name: "one", shapes: EVERY_SHAPE }]);
    const [rectangle, ellipse, ...others] = made!.shapes;
    const moved = { ...rectangle!, x: 99, text: "moved" } as RoiShape;
    const added = { type: "Point", x: 3, y: 4 } as const;
    const changed = { ...made!, name: "two", shapes: [moved, ...others.slice(1), added] };
    const [saved] = await updateRois(connection, place, [changed]);
    expect(withoutIds(saved!.shapes)).toEqual(withoutIds(changed.shapes));
    expect(saved!.shapes[0]!.id).toBe(rectangle!.id);
    expect(saved!.shapes.map(({ id }) => id)).not.toContain(ellipse!.id);
    expect((await findRois(connection, place)).at(0)).toEqual(saved);
    await removeRois(connection, place, [made!.id]);
  });

  it("that are not there, or have no such shape, are not changed", async () => {
    const point = { type: "Point", x: 3, y: 4 } as const;
    const wrong = { id: 4711, imageId: 99, ownerId: undefined, shapes: [point] };
    await expect(updateRois(connection, place, [wrong])).rejects.toThrow("There is no Roi 4711");
    const [made] = await createRois(connection, place, [{ shapes: [point] }]);
    const strange = { ...made!, shapes: [{ ...point, id: 4711 }] };
    await expect(updateRois(connection, place, [strange])).rejects.toThrow(/has no Shape 4711/);
    await removeRois(connection, place, [made!.id]);
  });

  it.each([
    [{ type: "Circle", x: 1, y: 1 }, /no shape of the type "Circle"/],
    [{ type: "rectangle", x: 1, y: 1 }, /did you mean "Rectangle"/],
    [{ type: "Rectangle", x: 1, y: 1, width: 3 }, /height of a Rectangle is undefined/],
    [{ type: "Rectangle", x: 1, y: 1, width: 3, height: -1 }, /below 0/],
    [{ type: "Point", x: Number.NaN, y: 1 }, /x of a Point is NaN/],
    [{ type: "Point", x: 1, y: 1, z: 0.5 }, /z of a Point is 0.5/],
    [{ type: "Point", x: 1, y: 1, colour: "#FFF" }, /takes no option "colour"/],
    [{ type: "Point", x: 1, y: 1, fillColor: "red" }, /"red" is no colour/],
    [
      {
        type: "Polygon",
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      /3 or more pairs/,
    ],
    [{ type: "Mask", x: 0, y: 0, width: 3, height: 3, data: new Uint8Array(8) }, /array of 9 elements/],
    [{ type: "Path", d: "" }, /Path has a text d/],
    [{ type: "Label", x: 1, y: 1 }, /Label has a text/],
  ])("are refused before anything is sent where they make no sense: %o", async (shape, message) => {
    const before = calls.length;
    const rois = [{ shapes: [shape as unknown as RoiShape] }];
    await expect(createRois(connection, place, rois)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
    expect(calls.length).toBe(before);
  });

  it("have at least one shape, and a plane is of a section and a time point", async () => {
    await expect(createRois(connection, place, [{ shapes: [] }])).rejects.toThrow(/one shape or more/);
    await expect(findRois(connection, place, { z: 1 })).rejects.toThrow(/z and t go together/);
  });
});
