/** Refuses shapes that make no sense, before anything is sent. */
import { invalidArgument } from "../../errors.js";
import { nearestName } from "../../flow/nearest-name.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { parseColor } from "../rendering/colors.js";
import { SHAPE_TYPES } from "./shape-forms.js";
import type { NewRoi, RoiShape, ShapeAttributes, ShapeType, XY } from "./shapes.js";

const ATTRIBUTES: OptionNames<ShapeAttributes> = {
  id: true,
  z: true,
  t: true,
  c: true,
  text: true,
  fillColor: true,
  strokeColor: true,
  strokeWidth: true,
  fontSize: true,
  locked: true,
  transform: true,
};

/** Numbers that a shape must have. */
const NUMBERS: Record<ShapeType, readonly string[]> = {
  Rectangle: ["x", "y", "width", "height"],
  Ellipse: ["x", "y", "radiusX", "radiusY"],
  Point: ["x", "y"],
  Line: ["x1", "y1", "x2", "y2"],
  Polygon: [],
  Polyline: [],
  Label: ["x", "y"],
  Mask: ["x", "y", "width", "height"],
  Path: [],
};

/** Members beside numbers. */
const OTHERS: Record<ShapeType, readonly string[]> = {
  Rectangle: [],
  Ellipse: [],
  Point: [],
  Line: ["markerStart", "markerEnd"],
  Polygon: ["points"],
  Polyline: ["points"],
  Label: [],
  Mask: ["data"],
  Path: ["d"],
};

/** @throws ArgumentError `INVALID_ARGUMENT` for a region without shapes, or with one that makes no sense */
export function checkRoi(roi: NewRoi): void {
  if (typeof roi !== "object" || roi === null || !Array.isArray(roi.shapes) || roi.shapes.length === 0) {
    throw invalidArgument("A region is { shapes: [...] } with one shape or more");
  }
  roi.shapes.forEach(checkShape);
}

function checkShape(shape: RoiShape): void {
  if (typeof shape !== "object" || shape === null) throw invalidArgument(`A shape is an object, not ${String(shape)}`);
  const { type } = shape;
  if (!SHAPE_TYPES.includes(type)) throw invalidArgument(unknownType(type));
  const names = [...NUMBERS[type], ...OTHERS[type], "type"].map((name) => [name, true]);
  checkOptions(shape, { ...Object.fromEntries(names), ...ATTRIBUTES }, `A ${type}`);
  for (const name of NUMBERS[type]) checkNumber(type, name, (shape as unknown as Record<string, unknown>)[name]);
  checkAttributes(shape);
  if (shape.type === "Polygon") checkPoints(type, shape.points, 3);
  if (shape.type === "Polyline") checkPoints(type, shape.points, 2);
  if (shape.type === "Mask") checkMask(shape.data, shape.width, shape.height);
  if (shape.type === "Path" && (typeof shape.d !== "string" || shape.d === ""))
    throw invalidArgument("A Path has a text d");
  if (shape.type === "Label" && shape.text === undefined) throw invalidArgument("A Label has a text");
}

function checkAttributes({ type, fillColor, strokeColor, transform, ...shape }: RoiShape): void {
  for (const color of [fillColor, strokeColor]) if (color !== undefined) parseColor(color);
  for (const name of ["z", "t", "c"] as const) {
    const place = shape[name];
    if (place !== undefined && !(Number.isInteger(place) && place >= 0)) {
      throw invalidArgument(`${name} of a ${type} is ${place}; leave it out, or give a whole number from 0`);
    }
  }
  for (const name of ["strokeWidth", "fontSize"] as const) {
    if (shape[name] !== undefined) checkNumber(type, name, shape[name]);
  }
  if (transform === undefined) return;
  for (const name of ["a00", "a10", "a01", "a11", "a02", "a12"] as const) checkNumber(type, name, transform[name]);
}

function checkNumber(type: ShapeType, name: string, value: unknown): void {
  if (!Number.isFinite(value)) throw invalidArgument(`${name} of a ${type} is ${String(value)}: give a number`);
  const isLength = name === "width" || name === "height" || name.startsWith("radius");
  if (isLength && (value as number) < 0) throw invalidArgument(`${name} of a ${type} is ${value}, below 0`);
}

function checkPoints(type: ShapeType, points: readonly XY[], least: number): void {
  const isPoint = (point: XY) => Array.isArray(point) && point.length === 2 && point.every(Number.isFinite);
  if (Array.isArray(points) && points.length >= least && points.every(isPoint)) return;
  throw invalidArgument(`points of a ${type} are ${least} or more pairs of numbers: [[x, y], ...]`);
}

function checkMask(data: unknown, width: number, height: number): void {
  const length = ArrayBuffer.isView(data) || Array.isArray(data) ? (data as Uint8Array).length : undefined;
  if (Number.isInteger(width) && Number.isInteger(height) && length === width * height) return;
  throw invalidArgument(
    `A Mask of ${width} x ${height} has an array of ${width * height} elements as data, not ${length}`,
  );
}

function unknownType(type: unknown): string {
  const near = nearestName(String(type), SHAPE_TYPES);
  const advice = near === undefined ? `there are ${SHAPE_TYPES.join(", ")}` : `did you mean "${near}"?`;
  return `There is no shape of the type ${JSON.stringify(type)}; ${advice}`;
}
