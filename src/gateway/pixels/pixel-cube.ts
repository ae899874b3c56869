/** Parts of all five axes of an image as one array. */
import { invalidArgument } from "../../errors.js";
import { elementsOf, newPixelArray, type PixelArray, type PixelTypeName } from "./pixel-arrays.js";
import type { PixelsInfo } from "./pixels-info.js";
import { type CheckedTile, checkedTile, tileShape } from "./plane-places.js";

/** One place along an axis, or those from the first number up to, but not, the second; every `step`-th with a third number. */
export type AxisRange = number | readonly [start: number, stop: number, step?: number];

/** Which part of an image. */
export interface CubeOptions {
  /** Columns. Default: all. */
  readonly x?: AxisRange | undefined;
  /** Rows. Default: all. */
  readonly y?: AxisRange | undefined;
  /** Sections. Default: all. */
  readonly z?: AxisRange | undefined;
  /** Channels. Default: all. */
  readonly c?: AxisRange | undefined;
  /** Time points. Default: all. */
  readonly t?: AxisRange | undefined;
}

/** Pixels along all five axes. */
export interface PixelCube {
  /** The last axis fastest, in the machine's byte order; two elements a pixel for complex numbers. */
  readonly data: PixelArray;
  /** Time points, channels, sections, rows and columns; for complex numbers also 2. */
  readonly shape: readonly number[];
  /** OMERO's name of the type of each pixel. */
  readonly type: PixelTypeName;
}

export interface CubePlan {
  /** In the order of the cube. */
  readonly tiles: readonly CheckedTile[];
  readonly shape: readonly [t: number, c: number, z: number, y: number, x: number];
}

const AXES = { x: "sizeX", y: "sizeY", z: "sizeZ", c: "sizeC", t: "sizeT" } as const;
type Axis = keyof typeof AXES;

interface AxisPart {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image */
export function cubePlan(options: CubeOptions, info: PixelsInfo): CubePlan {
  const wrong = Object.keys(options).find((name) => !Object.hasOwn(AXES, name));
  if (wrong !== undefined)
    throw invalidArgument(`hypercube takes no option "${wrong}"; there are ${Object.keys(AXES).join(", ")}`);
  const part = (axis: Axis) => axisPart(axis, options[axis], info[AXES[axis]]);
  const [x, y, z, c, t] = [part("x"), part("y"), part("z"), part("c"), part("t")];
  const rectangle = { x: x.start, y: y.start, width: x.stop - x.start, height: y.stop - y.start };
  const tiles = places(t).flatMap((tt) =>
    places(c).flatMap((cc) =>
      places(z).map((zz) => ({
        ...checkedTile({ ...rectangle, z: zz, c: cc, t: tt }, info),
        stepX: x.step,
        stepY: y.step,
      })),
    ),
  );
  const { columns, rows } = tileShape(tiles[0]!);
  return { tiles, shape: [places(t).length, places(c).length, places(z).length, rows, columns] };
}

/** Puts planes together. @param planes those of the plan, in its order */
export async function readCube(
  { shape }: CubePlan,
  { type }: PixelsInfo,
  planes: AsyncIterable<{ readonly data: PixelArray }>,
): Promise<PixelCube> {
  const count = shape.reduce((product, length) => product * length, 1);
  const data = newPixelArray(type, count);
  let at = 0;
  for await (const plane of planes) {
    data.set(plane.data, at);
    at += plane.data.length;
  }
  return { data, shape: elementsOf(type) === 1 ? shape : [...shape, 2], type };
}

function places({ start, stop, step }: AxisPart): number[] {
  return Array.from({ length: Math.ceil((stop - start) / step) }, (_, index) => start + index * step);
}

function axisPart(axis: Axis, range: AxisRange | undefined, size: number): AxisPart {
  const [start, stop, step = 1] = typeof range === "number" ? [range, range + 1] : (range ?? [0, size]);
  const isIn = [start, stop, step].every(Number.isInteger) && start >= 0 && stop > start && stop <= size && step >= 1;
  if (isIn) return { start, stop, step };
  throw invalidArgument(
    `${axis} is ${JSON.stringify(range)}; give a number, or [start, stop] or [start, stop, step], within 0 to ${size}`,
  );
}
