/** Regions as GeoJSON (RFC 7946), in pixels: a feature a shape. What GeoJSON has no words for stands in its properties. */
import { shapeGeometry } from "./geojson-geometry.js";
import type { GeoJsonCollection, GeoJsonFeature } from "./geojson-types.js";
import type { ImageRoi, NewRoi, RoiShape } from "./shapes.js";

/** The property that holds a shape as OMERO has it, and which region it belongs to. */
export const OMERO_PROPERTY = "omero";

export function toGeoJson(rois: Iterable<ImageRoi | NewRoi>): GeoJsonCollection {
  const features: GeoJsonFeature[] = [];
  let number = 0;
  for (const roi of rois) {
    const region = "id" in roi ? roi.id : `new ${number++}`;
    for (const shape of roi.shapes) features.push(featureOf(shape, roi, region));
  }
  return { type: "FeatureCollection", features };
}

function featureOf(shape: RoiShape, { name, description }: NewRoi, region: number | string): GeoJsonFeature {
  const { id, z, t, c, text, strokeColor } = shape;
  const label = text ?? name;
  return {
    type: "Feature",
    ...(id === undefined ? {} : { id }),
    geometry: { ...shapeGeometry(shape), ...(hasPlane(shape) ? { plane: { c: c ?? -1, z: z ?? 0, t: t ?? 0 } } : {}) },
    properties: {
      objectType: "annotation",
      ...(label === undefined ? {} : { name: label }),
      ...(strokeColor === undefined ? {} : { color: colorParts(strokeColor) }),
      [OMERO_PROPERTY]: withoutUndefined({ roi: region, name, description, shape: plainShape(shape) }),
    },
  } as GeoJsonFeature;
}

function hasPlane({ z, t, c }: RoiShape): boolean {
  return z !== undefined || t !== undefined || c !== undefined;
}

/** A mask's bytes as text. */
function plainShape(shape: RoiShape): object {
  const plain = withoutUndefined(shape);
  return shape.type === "Mask" ? { ...plain, data: Buffer.from(shape.data).toString("base64") } : plain;
}

function colorParts(color: string): number[] {
  return color
    .match(/[0-9a-f]{2}/gi)!
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 16));
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}
