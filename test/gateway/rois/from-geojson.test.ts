import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OmeroError } from "../../../src/errors.js";
import { roisFromGeoJSON } from "../../../src/gateway/rois/from-geojson.js";
import { RoiList } from "../../../src/gateway/rois/roi-list.js";
import type { ImageRoi, RoiShape } from "../../../src/gateway/rois/shapes.js";
import { EVERY_SHAPE } from "./every-shape.js";

const roi: ImageRoi = {
  id: 7,
  imageId: 3,
  ownerId: 2,
  name: "all",
  description: "each",
  shapes: EVERY_SHAPE.map((shape, index): RoiShape => ({ ...shape, id: index + 1 })),
};
const json = (value: object) => JSON.parse(JSON.stringify(value));

describe("GeoJSON", () => {
  it("brings regions of every shape back as they were", () => {
    const other: ImageRoi = { id: 8, imageId: 3, ownerId: 2, shapes: [{ id: 99, type: "Point", x: 0, y: 0 }] };
    const geojson = json(new RoiList([roi, other]).toGeoJSON());
    expect(roisFromGeoJSON(geojson)).toEqual([
      { name: "all", description: "each", shapes: EVERY_SHAPE },
      { shapes: [{ type: "Point", x: 0, y: 0 }] },
    ]);
  });

  it("has outlines that other programs understand, and planes as QuPath has them", () => {
    const { features } = new RoiList([roi]).toGeoJSON();
    const [rectangle, ellipse, point, line, polygon] = features;
    expect(rectangle!.geometry).toEqual({
      type: "Polygon",
      // Turned by its transformation: x + 3, y + x / 2 + 4.
      coordinates: [
        [
          [8, 13],
          [15, 16.5],
          [15, 24.5],
          [8, 21],
          [8, 13],
        ],
      ],
      plane: { c: 1, z: 0, t: 0 },
    });
    expect(rectangle!.properties).toMatchObject({ objectType: "annotation", name: "nucleus ä", color: [0, 255, 0] });
    expect(ellipse!.geometry).toMatchObject({ type: "Polygon" });
    expect(point).toMatchObject({ id: 3, geometry: { type: "Point", coordinates: [1.5, 2.5] } });
    expect(line!.geometry).toMatchObject({
      type: "LineString",
      coordinates: [
        [0, 1],
        [10, 11],
      ],
    });
    expect(polygon!.geometry).toMatchObject({
      coordinates: [
        [
          [0, 0],
          [10, 0],
          [10, 10.25],
          [0, 0],
        ],
      ],
    });
  });

  it("of QuPath and others becomes points, lines and polygons", () => {
    const ring = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ];
    const features = [
      {
        type: "Feature",
        id: "a-uuid",
        geometry: { type: "Polygon", coordinates: [ring], plane: { c: -1, z: 2, t: 1 } },
        properties: { objectType: "annotation", classification: { name: "Tumor", color: [200, 0, 0] } },
      },
      { type: "Feature", geometry: { type: "MultiPolygon", coordinates: [[ring], [ring]] }, properties: {} },
      {
        type: "Feature",
        geometry: {
          type: "LineString",
          coordinates: [
            [0, 0],
            [1, 2],
          ],
        },
        properties: null,
      },
      {
        type: "Feature",
        geometry: {
          type: "LineString",
          coordinates: [
            [0, 0],
            [1, 2],
            [3, 3],
          ],
        },
        properties: null,
      },
      {
        type: "Feature",
        geometry: {
          type: "MultiPoint",
          coordinates: [
            [1, 2],
            [3, 4],
          ],
        },
        properties: null,
      },
    ];
    const rois = roisFromGeoJSON({ type: "FeatureCollection", features });
    const points = [
      [0, 0],
      [4, 0],
      [4, 4],
    ];
    expect(rois.map(({ shapes }) => shapes)).toEqual([
      [{ type: "Polygon", points, text: "Tumor", strokeColor: "#C80000", z: 2, t: 1 }],
      [
        { type: "Polygon", points },
        { type: "Polygon", points },
      ],
      [{ type: "Line", x1: 0, y1: 0, x2: 1, y2: 2 }],
      [
        {
          type: "Polyline",
          points: [
            [0, 0],
            [1, 2],
            [3, 3],
          ],
        },
      ],
      [
        { type: "Point", x: 1, y: 2 },
        { type: "Point", x: 3, y: 4 },
      ],
    ]);
    expect(roisFromGeoJSON({ type: "Point", coordinates: [1, 2] })).toEqual([
      { shapes: [{ type: "Point", x: 1, y: 2 }] },
    ]);
  });

  it.each([
    ["no object", "x", /GeoJSON is an object/],
    ["no features", { type: "FeatureCollection" }, /list of features/],
    ["no geometry", { type: "Feature", geometry: null }, /Feature 0 has no geometry/],
    ["no known geometry", { type: "Circle" }, /geometry of no known type/],
    ["no coordinates", { type: "LineString" }, /lacks a list/],
    ["no numbers", { type: "Point", coordinates: ["a", 2] }, /no pair of numbers/],
    [
      "holes",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
          [
            [1, 1],
            [2, 1],
            [2, 2],
          ],
        ],
      },
      /with holes/,
    ],
    [
      "two corners",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [9, 0],
          ],
        ],
      },
      /3 or more pairs/,
    ],
  ])("that is none is refused: %s", (_, given, message) => {
    expect(() => roisFromGeoJSON(given)).toThrow(message);
  });

  it("of any content gives regions, or says what is wrong with it", () => {
    const coordinates = fc.anything({ maxDepth: 3 });
    const types = [
      "Point",
      "MultiPoint",
      "LineString",
      "MultiLineString",
      "Polygon",
      "MultiPolygon",
      "GeometryCollection",
    ];
    const geometry = fc.record({
      type: fc.constantFrom(...types),
      coordinates,
      geometries: coordinates,
      plane: coordinates,
    });
    const shape = fc.record({
      type: fc.constantFrom("Mask", "Point", "Polygon", "Path", "x"),
      data: coordinates,
      points: coordinates,
    });
    const properties = fc.record({
      omero: fc.record({ roi: coordinates, shape }),
      name: coordinates,
      color: coordinates,
    });
    const feature = fc.record(
      {
        type: fc.constant("Feature"),
        geometry: fc.oneof(geometry, coordinates),
        properties: fc.oneof(properties, coordinates),
      },
      { requiredKeys: ["type"] },
    );
    const collection = fc.record({ type: fc.constant("FeatureCollection"), features: fc.array(feature) });
    fc.assert(
      fc.property(fc.oneof(collection, feature, geometry, fc.anything()), (given) => {
        try {
          for (const { shapes } of roisFromGeoJSON(given)) expect(shapes.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(OmeroError);
        }
      }),
      { numRuns: 2000, seed: 1 },
    );
  });
});
