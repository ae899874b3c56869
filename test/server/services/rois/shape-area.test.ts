import { expect, it } from "vitest";
import { rdouble, rstring } from "../../../../src/rtypes.js";
import type { StoredObject } from "../../../../src/server/model/object-store.js";
import { shapeArea, within } from "../../../../src/server/services/rois/shape-area.js";

function shape(className: string, values: Record<string, number | string>): StoredObject {
  const written = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "string" ? rstring(value) : rdouble(value),
  ]);
  return { className, id: 1n, owner: 1n, group: 1n, created: 0, updated: 0, values: Object.fromEntries(written) };
}

function pixelsOf(object: StoredObject): [x: number, y: number][] {
  const { box, contains } = shapeArea(object);
  const found: [number, number][] = [];
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) if (contains(x, y)) found.push([x, y]);
  }
  return found;
}

// The numbers are those of a real server.
it.each([
  ["Rectangle", { x: 5, y: 6, width: 10, height: 8 }, 80],
  ["Ellipse", { x: 20, y: 15, radiusX: 6, radiusY: 4 }, 71],
  ["Polygon", { points: "10,10 20,10 20,20" }, 55],
  ["Mask", { x: 2, y: 3, width: 8, height: 2 }, 16],
  ["Point", { x: 3, y: 4 }, 1],
  ["Line", { x1: 1, y1: 1, x2: 9, y2: 5 }, 9],
])("counts the pixels of a %s as OMERO does", (className, values, count) => {
  expect(pixelsOf(shape(className, values as Record<string, number | string>))).toHaveLength(count);
});

it("draws lines as OMERO does", () => {
  const line = pixelsOf(shape("Line", { x1: 1, y1: 1, x2: 9, y2: 5 }));
  expect(line.map(([, y]) => y)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5]);
});

it("takes the left and the upper edge, and not the others", () => {
  const { contains } = shapeArea(shape("Polygon", { points: "0,0 4,0 4,4 0,4" }));
  expect([contains(0, 0), contains(4, 0), contains(0, 4), contains(3, 3)]).toEqual([true, false, false, true]);
});

it("refuses kinds without an area", () => {
  expect(() => shapeArea(shape("Path", {}))).toThrow("has no pixels");
});

it("cuts boxes at the edges of the image", () => {
  expect(within({ x: -2, y: 3, width: 5, height: 9 }, 10, 8)).toEqual({ x: 0, y: 3, width: 3, height: 5 });
  expect(within({ x: 20, y: 0, width: 5, height: 5 }, 10, 8)).toBeUndefined();
});
