/** Which pixels are in a shape, as OMERO counts them: those on its left and upper edge are, those on the others are not. */
import { apiUsage } from "../../exceptions.js";
import type { StoredObject } from "../../model/object-store.js";
import type { PlaneRegion } from "../../pixels/pixel-source.js";

export interface ShapeArea {
  /** What is outside of it is not in the shape. */
  readonly box: PlaneRegion;
  contains(x: number, y: number): boolean;
}

type Point = readonly [x: number, y: number];

/** @throws IceUserException ApiUsageException for a kind of shape without an area. */
export function shapeArea(shape: StoredObject): ShapeArea {
  const number = (member: string) => (shape.values[member] as { val: number } | null)?.val ?? 0;
  switch (shape.className) {
    case "Rectangle":
    case "Mask":
      return rectangle(number("x"), number("y"), number("width"), number("height"));
    case "Ellipse":
      return ellipse(number("x"), number("y"), number("radiusX"), number("radiusY"));
    case "Point":
    case "Label":
      return pixels([[Math.trunc(number("x")), Math.trunc(number("y"))]]);
    case "Line":
      return pixels(linePixels([number("x1"), number("y1")], [number("x2"), number("y2")]));
    case "Polygon":
      return polygon(pointsOf(shape));
    case "Polyline":
      return pixels(pointsOf(shape).flatMap((to, index, all) => (index === 0 ? [] : linePixels(all[index - 1]!, to))));
    default:
      throw apiUsage(`A ${shape.className} has no pixels that can be measured`);
  }
}

function rectangle(x: number, y: number, width: number, height: number): ShapeArea {
  return {
    box: boxOf([x, x + width], [y, y + height]),
    contains: (px, py) => px >= x && px < x + width && py >= y && py < y + height,
  };
}

function ellipse(x: number, y: number, radiusX: number, radiusY: number): ShapeArea {
  return {
    box: boxOf([x - radiusX, x + radiusX], [y - radiusY, y + radiusY]),
    contains: (px, py) => {
      const distance = ((px - x) / radiusX) ** 2 + ((py - y) / radiusY) ** 2;
      return distance < 1 || (distance === 1 && (px < x || (px === x && py < y)));
    },
  };
}

/** Inside is from where a ray to the right crosses an odd number of edges. */
function polygon(points: readonly Point[]): ShapeArea {
  const edges = points.map((from, index) => [from, points[(index + 1) % points.length]!] as const);
  return {
    box: boxOf(
      points.map(([x]) => x),
      points.map(([, y]) => y),
    ),
    contains: (px, py) => {
      const crossed = edges.filter(([[x1, y1], [x2, y2]]) => {
        if (y1 <= py === y2 <= py) return false;
        return x1 + ((py - y1) / (y2 - y1)) * (x2 - x1) > px;
      });
      return crossed.length % 2 === 1;
    },
  };
}

function pixels(points: readonly Point[]): ShapeArea {
  const known = new Set(points.map(([x, y]) => `${x},${y}`));
  const box = boxOf(
    points.map(([x]) => x),
    points.map(([, y]) => y),
  );
  return {
    box: { ...box, width: box.width + 1, height: box.height + 1 },
    contains: (x, y) => known.has(`${x},${y}`),
  };
}

/** One pixel a step along the longer side; halves go down. */
function linePixels([x1, y1]: Point, [x2, y2]: Point): Point[] {
  const steps = Math.min(MOST_STEPS, Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1), 1));
  const at = (from: number, to: number, step: number) => Math.ceil(from + ((to - from) * step) / steps - 0.5);
  return Array.from({ length: Math.floor(steps) + 1 }, (_, step) => [at(x1, x2, step), at(y1, y2, step)] as const);
}

/** Of a line: images are no larger. */
const MOST_STEPS = 1 << 20;

function pointsOf(shape: StoredObject): Point[] {
  const text = (shape.values.points as { val: string } | null)?.val ?? "";
  const numbers = (text.match(/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g) ?? []).map(Number);
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, index) => [
    numbers[2 * index]!,
    numbers[2 * index + 1]!,
  ]);
}

function boxOf(xs: readonly number[], ys: readonly number[]): PlaneRegion {
  const [left, right, top, bottom] = [
    extreme(xs, Math.min),
    extreme(xs, Math.max),
    extreme(ys, Math.min),
    extreme(ys, Math.max),
  ];
  const [x, y] = [Math.floor(left), Math.floor(top)];
  return { x, y, width: Math.ceil(right) - x, height: Math.ceil(bottom) - y };
}

function extreme(values: readonly number[], pick: (a: number, b: number) => number): number {
  return values.reduce((found, value) => pick(found, value), values[0] ?? 0);
}

/** The part of a box that is in an image; undefined where none is. */
export function within({ x, y, width, height }: PlaneRegion, sizeX: number, sizeY: number): PlaneRegion | undefined {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(sizeX, x + width), Math.min(sizeY, y + height)];
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}
