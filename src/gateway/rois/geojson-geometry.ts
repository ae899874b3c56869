/** Outlines of shapes, for programs that know no ellipses, masks or paths. */
import type { GeoJsonGeometry, GeoJsonPosition } from "./geojson-types.js";
import type { RoiShape, ShapeTransform, XY } from "./shapes.js";

/** Corners that an ellipse is drawn with. */
const ELLIPSE_CORNERS = 64;

export function shapeGeometry(shape: RoiShape): GeoJsonGeometry {
  const place = placedBy(shape.transform);
  switch (shape.type) {
    case "Point":
    case "Label":
      return { type: "Point", coordinates: place([shape.x, shape.y]) };
    case "Line":
      return { type: "LineString", coordinates: [place([shape.x1, shape.y1]), place([shape.x2, shape.y2])] };
    case "Polyline":
      return { type: "LineString", coordinates: shape.points.map(place) };
    case "Path":
      return pathGeometry(shape.d, place);
    default:
      return { type: "Polygon", coordinates: [closed(outlineOf(shape).map(place))] };
  }
}

function outlineOf(shape: Extract<RoiShape, { type: "Rectangle" | "Mask" | "Ellipse" | "Polygon" }>): readonly XY[] {
  if (shape.type === "Polygon") return shape.points;
  const { x, y } = shape;
  if (shape.type === "Ellipse") {
    return Array.from({ length: ELLIPSE_CORNERS }, (_, index): XY => {
      const angle = (2 * Math.PI * index) / ELLIPSE_CORNERS;
      return [x + shape.radiusX * Math.cos(angle), y + shape.radiusY * Math.sin(angle)];
    });
  }
  const { width, height } = shape;
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** The places that a path's commands end at, as a line through them. */
function pathGeometry(d: string, place: (xy: XY) => GeoJsonPosition): GeoJsonGeometry {
  const values = [...d.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi)].map(([value]) => Number(value));
  const points = Array.from({ length: values.length >> 1 }, (_, index) =>
    place([values[2 * index]!, values[2 * index + 1]!]),
  );
  if (/z\s*$/i.test(d) && points.length >= 3) return { type: "Polygon", coordinates: [closed(points)] };
  return { type: "LineString", coordinates: points };
}

/** A ring ends where it began. */
function closed(points: readonly GeoJsonPosition[]): readonly GeoJsonPosition[] {
  const [first] = points;
  const last = points.at(-1);
  const isClosed = first && last && first[0] === last[0] && first[1] === last[1];
  return first === undefined || isClosed ? points : [...points, first];
}

function placedBy(transform: ShapeTransform | undefined): (xy: XY) => GeoJsonPosition {
  if (transform === undefined) return ([x, y]) => [x, y];
  const { a00, a10, a01, a11, a02, a12 } = transform;
  return ([x, y]) => [a00 * x + a01 * y + a02, a10 * x + a11 * y + a12];
}
