/** Regions from GeoJSON: that of this package, of QuPath, or any other in pixels. */
import { DataError } from "../../errors.js";
import { checkRoi } from "./check-shapes.js";
import { OMERO_PROPERTY } from "./geojson.js";
import type { GeoJsonFeature, GeoJsonGeometry, GeoJsonPosition } from "./geojson-types.js";
import type { NewRoi, RoiShape, ShapeAttributes, XY } from "./shapes.js";

/**
 * The regions that GeoJSON describes: a collection of features, one feature, or a geometry. Shapes that come from OMERO are what they
 * were; of others a point becomes a Point, a line a Line or Polyline, and a polygon a Polygon. Features of one OMERO region become one
 * again, each other feature is a region of its own.
 *
 * @throws DataError `MALFORMED_FILE` for what is no GeoJSON; `UNSUPPORTED_TYPE` for a polygon with holes, which OMERO does not have
 * @throws ArgumentError `INVALID_ARGUMENT` for shapes that make no sense
 *
 * @example
 * ```ts
 * await image.createRois(roisFromGeoJSON(JSON.parse(await readFile("regions.geojson", "utf8"))));
 * ```
 */
export function roisFromGeoJSON(json: unknown): NewRoi[] {
  const regions = new Map<unknown, { roi: Omit<NewRoi, "shapes">; shapes: RoiShape[] }>();
  for (const [index, feature] of featuresOf(json).entries()) {
    const { region, roi, shapes } = readFeature(feature, index);
    const known = regions.get(region ?? feature);
    if (known) known.shapes.push(...shapes);
    else regions.set(region ?? feature, { roi, shapes: [...shapes] });
  }
  const rois = [...regions.values()].map(({ roi, shapes }) => ({ ...roi, shapes }));
  rois.forEach(checkRoi);
  return rois;
}

interface ReadFeature {
  /** Tells the regions of one file apart; undefined for one of its own. */
  readonly region: unknown;
  readonly roi: Omit<NewRoi, "shapes">;
  readonly shapes: readonly RoiShape[];
}

type Properties = Readonly<Record<string, unknown>>;

function featuresOf(json: unknown): readonly GeoJsonFeature[] {
  if (Array.isArray(json)) return json.flatMap(featuresOf);
  if (!isObject(json)) throw malformed("GeoJSON is an object");
  if (json.type === "FeatureCollection") {
    if (!Array.isArray(json.features)) throw malformed("A feature collection has a list of features");
    return json.features as GeoJsonFeature[];
  }
  if (json.type === "Feature") return [json as unknown as GeoJsonFeature];
  return [{ type: "Feature", geometry: json as unknown as GeoJsonGeometry, properties: null }];
}

function readFeature(feature: GeoJsonFeature, index: number): ReadFeature {
  if (!isObject(feature) || (feature as { type?: unknown }).type !== "Feature") {
    throw malformed(`Feature ${index} is none`);
  }
  const properties = isObject(feature.properties) ? feature.properties : {};
  const own = properties[OMERO_PROPERTY];
  if (isObject(own) && isObject(own.shape)) return readOwn(own, own.shape);
  const shapes = shapesOf(feature.geometry, index).map((shape) => ({ ...attributesOf(feature, properties), ...shape }));
  return { region: undefined, roi: {}, shapes: shapes as RoiShape[] };
}

/** Ids are those of shapes that there are already. */
function readOwn({ roi, name, description }: Properties, { id: _, ...shape }: Properties): ReadFeature {
  const data = shape.type === "Mask" ? { data: new Uint8Array(Buffer.from(String(shape.data), "base64")) } : {};
  const texts = Object.entries({ name, description }).filter(([, text]) => typeof text === "string");
  return { region: roi, roi: Object.fromEntries(texts), shapes: [{ ...shape, ...data } as unknown as RoiShape] };
}

function shapesOf(geometry: GeoJsonGeometry | null, index: number): Omit<RoiShape, keyof ShapeAttributes>[] {
  if (!isObject(geometry)) throw malformed(`Feature ${index} has no geometry`);
  switch (geometry.type) {
    case "Point":
      return [point(geometry.coordinates, index)];
    case "MultiPoint":
      return list(geometry.coordinates, index).map((each) => point(each as GeoJsonPosition, index));
    case "LineString":
      return [line(geometry.coordinates, index)];
    case "MultiLineString":
      return list(geometry.coordinates, index).map((each) => line(each as GeoJsonPosition[], index));
    case "Polygon":
      return [polygon(geometry.coordinates, index)];
    case "MultiPolygon":
      return list(geometry.coordinates, index).map((each) => polygon(each as GeoJsonPosition[][], index));
    case "GeometryCollection":
      return list(geometry.geometries, index).flatMap((each) => shapesOf(each as GeoJsonGeometry, index));
    default:
      throw malformed(`Feature ${index} has a geometry of no known type`);
  }
}

function point(position: GeoJsonPosition, index: number) {
  const [x, y] = placeOf(position, index);
  return { type: "Point", x, y } as const;
}

function line(positions: readonly GeoJsonPosition[], index: number) {
  const points = list(positions, index).map((position) => placeOf(position as GeoJsonPosition, index));
  const [first, second] = points;
  if (first && second && points.length === 2) {
    return { type: "Line", x1: first[0], y1: first[1], x2: second[0], y2: second[1] } as const;
  }
  return { type: "Polyline", points } as const;
}

function polygon(rings: readonly (readonly GeoJsonPosition[])[], index: number) {
  const [ring = [], ...holes] = list(rings, index) as GeoJsonPosition[][];
  if (holes.length > 0) {
    const text = `Feature ${index} is a polygon with holes, which OMERO does not have: give it as a mask, or without them`;
    throw new DataError("UNSUPPORTED_TYPE", text);
  }
  const points = list(ring, index).map((position) => placeOf(position as GeoJsonPosition, index));
  const [first, last] = [points[0], points.at(-1)];
  const isClosed = points.length > 3 && first![0] === last![0] && first![1] === last![1];
  return { type: "Polygon", points: isClosed ? points.slice(0, -1) : points } as const;
}

function attributesOf({ geometry }: GeoJsonFeature, properties: Properties): ShapeAttributes {
  const { name, color, classification } = properties;
  const plane = planeOf(geometry);
  const text = typeof name === "string" ? name : isObject(classification) ? classification.name : undefined;
  const parts = Array.isArray(color) ? color : isObject(classification) ? classification.color : undefined;
  return Object.fromEntries(
    Object.entries({
      text: typeof text === "string" ? text : undefined,
      strokeColor: colorOf(parts),
      z: indexOf(plane.z),
      t: indexOf(plane.t),
      c: indexOf(plane.c),
    }).filter(([, value]) => value !== undefined),
  );
}

function planeOf(geometry: unknown): Properties {
  return isObject(geometry) && isObject(geometry.plane) ? geometry.plane : {};
}

function colorOf(parts: unknown): string | undefined {
  if (!Array.isArray(parts) || parts.length < 3) return undefined;
  const bytes = parts.slice(0, 3).map((part) => Math.min(255, Math.max(0, Math.round(Number(part)) || 0)));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`.toUpperCase();
}

function indexOf(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

function placeOf(position: GeoJsonPosition, index: number): XY {
  const [x, y] = list(position, index);
  if (Number.isFinite(x) && Number.isFinite(y)) return [x as number, y as number];
  throw malformed(`Feature ${index} has a position that is no pair of numbers`);
}

function list(value: unknown, index: number): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed(`Feature ${index} lacks a list of coordinates`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string): DataError {
  return new DataError("MALFORMED_FILE", message);
}
