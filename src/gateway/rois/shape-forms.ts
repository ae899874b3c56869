/** Each type of shape as OMERO keeps it. */
import type { OmeroClasses } from "../../connect/ice/schema/omero.js";
import { DataError } from "../../errors.js";
import { type RDouble, type RString, rdouble, rstring } from "../../rtypes.js";
import { packMask, unpackMask } from "./mask-bits.js";
import type {
  EllipseShape,
  LabelShape,
  LineShape,
  MaskShape,
  PathShape,
  PointShape,
  PolygonShape,
  PolylineShape,
  RectangleShape,
  RoiShape,
  ShapeAttributes,
  ShapeType,
  XY,
} from "./shapes.js";

/** Members of a shape without what all shapes have. */
export type ShapeGeometry = RoiShape extends infer Shape
  ? Shape extends RoiShape
    ? Omit<Shape, keyof ShapeAttributes>
    : never
  : never;

type Members = Readonly<Record<string, unknown>>;

interface ShapeForm<Shape> {
  /** Members of OMERO's object. */
  write(shape: Shape): Members;
  read(members: Members): Omit<Shape, keyof ShapeAttributes>;
}

/** Most pixels of a mask: more than any plane that is shown whole. */
const MOST_MASK_PIXELS = 2 ** 30;

const FORMS: {
  readonly Rectangle: ShapeForm<RectangleShape>;
  readonly Ellipse: ShapeForm<EllipseShape>;
  readonly Point: ShapeForm<PointShape>;
  readonly Line: ShapeForm<LineShape>;
  readonly Polygon: ShapeForm<PolygonShape>;
  readonly Polyline: ShapeForm<PolylineShape>;
  readonly Label: ShapeForm<LabelShape>;
  readonly Mask: ShapeForm<MaskShape>;
  readonly Path: ShapeForm<PathShape>;
} = {
  Rectangle: {
    write: ({ x, y, width, height }) => doubles({ x, y, width, height }),
    read: (members) => ({ type: "Rectangle", ...numbers(members, ["x", "y", "width", "height"]) }),
  },
  Ellipse: {
    write: ({ x, y, radiusX, radiusY }) => doubles({ x, y, radiusX, radiusY }),
    read: (members) => ({ type: "Ellipse", ...numbers(members, ["x", "y", "radiusX", "radiusY"]) }),
  },
  Point: {
    write: ({ x, y }) => doubles({ x, y }),
    read: (members) => ({ type: "Point", ...numbers(members, ["x", "y"]) }),
  },
  Line: {
    write: ({ x1, y1, x2, y2, markerStart, markerEnd }) => ({
      ...doubles({ x1, y1, x2, y2 }),
      markerStart: markerStart === undefined ? null : rstring(markerStart),
      markerEnd: markerEnd === undefined ? null : rstring(markerEnd),
    }),
    read: (members) => ({
      type: "Line",
      ...numbers(members, ["x1", "y1", "x2", "y2"]),
      ...texts(members, ["markerStart", "markerEnd"]),
    }),
  },
  Polygon: {
    write: ({ points }) => ({ points: rstring(pointsText(points)) }),
    read: (members) => ({ type: "Polygon", points: pointsOf(members) }),
  },
  Polyline: {
    write: ({ points }) => ({ points: rstring(pointsText(points)) }),
    read: (members) => ({ type: "Polyline", points: pointsOf(members) }),
  },
  Label: {
    write: ({ x, y }) => doubles({ x, y }),
    read: (members) => ({ type: "Label", ...numbers(members, ["x", "y"]) }),
  },
  Mask: {
    write: ({ x, y, width, height, data }) => ({ ...doubles({ x, y, width, height }), bytes: packMask(data) }),
    read: (members) => {
      const { x, y, width, height } = numbers(members, ["x", "y", "width", "height"]);
      return { type: "Mask", x, y, width, height, data: unpackMask(bitsOf(members), maskPixels(width, height)) };
    },
  },
  Path: {
    write: ({ d }) => ({ d: rstring(d) }),
    read: (members) => ({ type: "Path", d: (members.d as RString | null)?.val ?? "" }),
  },
};

export const SHAPE_TYPES = Object.keys(FORMS) as readonly ShapeType[];

/** Slice id of a type of shape. */
export function shapeClass(type: ShapeType): keyof OmeroClasses {
  return `::omero::model::${type}`;
}

export function geometryMembers(shape: RoiShape): Members {
  return (FORMS[shape.type] as ShapeForm<RoiShape>).write(shape);
}

/** @throws DataError `UNSUPPORTED_TYPE` for what is no shape that is known */
export function geometryOf(instance: { readonly iceId: string }): ShapeGeometry {
  const type = SHAPE_TYPES.find((known) => shapeClass(known) === instance.iceId);
  if (type !== undefined) return FORMS[type].read(instance as unknown as Members);
  throw new DataError("UNSUPPORTED_TYPE", `The server gave a ${instance.iceId} as a shape, which is not known`);
}

function doubles(values: Readonly<Record<string, number>>): Record<string, RDouble> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rdouble(value)]));
}

function numbers<Name extends string>(members: Members, names: readonly Name[]): Record<Name, number> {
  const entries = names.map((name) => [name, (members[name] as RDouble | null)?.val ?? 0]);
  return Object.fromEntries(entries) as Record<Name, number>;
}

function texts<Name extends string>(members: Members, names: readonly Name[]): Partial<Record<Name, string>> {
  const given = names.filter((name) => (members[name] as RString | null)?.val);
  return Object.fromEntries(given.map((name) => [name, (members[name] as RString).val])) as Partial<
    Record<Name, string>
  >;
}

function pointsText(points: readonly XY[]): string {
  return points.map(([x, y]) => `${x},${y}`).join(" ");
}

/** `1,2 3,4`; older clients wrote `points[1,2, 3,4] points1[...]`, of which the first counts. */
function pointsOf(members: Members): XY[] {
  const text = (members.points as RString | null)?.val ?? "";
  const list = /points\[([^\]]*)\]/.exec(text)?.[1] ?? text;
  const values = [...list.matchAll(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi)].map(([value]) => Number(value));
  return Array.from({ length: values.length >> 1 }, (_, index): XY => [values[2 * index]!, values[2 * index + 1]!]);
}

function bitsOf({ bytes }: Members): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
}

/** A server may say of any size that a mask has it. */
function maskPixels(width: number, height: number): number {
  const pixels = Math.trunc(width) * Math.trunc(height);
  if (pixels >= 0 && pixels <= MOST_MASK_PIXELS) return pixels;
  throw new DataError(
    "LIMIT_EXCEEDED",
    `A mask of ${width} x ${height} pixels is larger than ${MOST_MASK_PIXELS} pixels`,
  );
}
