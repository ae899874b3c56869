/** Which planes and tiles of an image are asked for. */
import { invalidArgument } from "../../errors.js";
import { steps } from "../../flow/map-in-order.js";
import type { PixelsInfo } from "./pixels-info.js";

/** A plane of an image; each number counts from 0. */
export interface PlanePlace {
  /** Section. Default 0. */
  readonly z?: number | undefined;
  /** Channel. Default 0. */
  readonly c?: number | undefined;
  /** Time point. Default 0. */
  readonly t?: number | undefined;
}

/** Part of a plane, in pixels. */
export interface TilePlace extends PlanePlace {
  /** First column. Default 0. */
  readonly x?: number | undefined;
  /** First row. Default 0. */
  readonly y?: number | undefined;
  /** Columns. Default: all from `x` on. */
  readonly width?: number | undefined;
  /** Rows. Default: all from `y` on. */
  readonly height?: number | undefined;
}

/** Which plane, in tiles of what size. */
export interface TileGridOptions extends PlanePlace {
  /** Columns of a tile. Default 1024. */
  readonly width?: number | undefined;
  /** Rows of a tile. Default 1024. */
  readonly height?: number | undefined;
}

export interface CheckedTile {
  readonly z: number;
  readonly c: number;
  readonly t: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Every so many pixels of a row, and every so many rows. */
  readonly stepX: number;
  readonly stepY: number;
}

const PLACE_NAMES = ["z", "c", "t", "x", "y", "width", "height"] as const;

/** @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image */
export function checkedTile(place: TilePlace, info: PixelsInfo): CheckedTile {
  if (typeof place !== "object" || place === null)
    throw invalidArgument(`A plane is named as { z, c, t }, not ${String(place)}`);
  const wrong = Object.keys(place).find((name) => !(PLACE_NAMES as readonly string[]).includes(name));
  if (wrong !== undefined)
    throw invalidArgument(`A place in an image has no "${wrong}"; there are ${PLACE_NAMES.join(", ")}`);
  const { z = 0, c = 0, t = 0, x = 0, y = 0 } = place;
  checkIndex("z", z, info.sizeZ, "sections");
  checkIndex("c", c, info.sizeC, "channels");
  checkIndex("t", t, info.sizeT, "time points");
  checkIndex("x", x, info.sizeX, "columns");
  checkIndex("y", y, info.sizeY, "rows");
  const { width = info.sizeX - x, height = info.sizeY - y } = place;
  checkExtent("width", width, x, info.sizeX, "columns");
  checkExtent("height", height, y, info.sizeY, "rows");
  return { z, c, t, x, y, width, height, stepX: 1, stepY: 1 };
}

const TILE_SIDE = 1024;

/** The places of all tiles of a plane, row by row. @throws ArgumentError `INVALID_ARGUMENT` */
export function tileGrid(options: TileGridOptions, info: PixelsInfo): Required<TilePlace>[] {
  const { width = TILE_SIDE, height = TILE_SIDE, ...plane } = options;
  const { z, c, t } = checkedTile(plane, info);
  for (const [name, side] of Object.entries({ width, height })) {
    if (!(Number.isInteger(side) && side >= 1))
      throw invalidArgument(`${name} of tiles is ${side}: give a whole number from 1`);
  }
  const { sizeX, sizeY } = info;
  return [...steps(0, sizeY, height)].flatMap((y) =>
    Array.from(steps(0, sizeX, width), (x) => {
      return { z, c, t, x, y, width: Math.min(width, sizeX - x), height: Math.min(height, sizeY - y) };
    }),
  );
}

/** Pixels of a tile as it comes: those of a row, and rows. */
export function tileShape({ width, height, stepX, stepY }: CheckedTile): { columns: number; rows: number } {
  return { columns: Math.ceil(width / stepX), rows: Math.ceil(height / stepY) };
}

export function isWholePlane({ x, y, width, height }: CheckedTile, { sizeX, sizeY }: PixelsInfo): boolean {
  return x === 0 && y === 0 && width === sizeX && height === sizeY;
}

export function isStepped({ stepX, stepY }: CheckedTile): boolean {
  return stepX > 1 || stepY > 1;
}

/** All planes of an image, in OMERO's order for new ones: time points fastest, then channels, then sections. */
export function* allPlanes({ sizeZ, sizeC, sizeT }: PixelsInfo): Generator<Pick<CheckedTile, "z" | "c" | "t">> {
  for (let z = 0; z < sizeZ; z++) {
    for (let c = 0; c < sizeC; c++) {
      for (let t = 0; t < sizeT; t++) yield { z, c, t };
    }
  }
}

export function checkIndex(name: string, value: unknown, size: number, what: string): void {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < size) return;
  throw invalidArgument(`${name} is ${String(value)}; the image has ${size} ${what}, counted from 0`);
}

function checkExtent(name: string, extent: unknown, start: number, size: number, what: string): void {
  if (Number.isInteger(extent) && (extent as number) >= 1 && start + (extent as number) <= size) return;
  throw invalidArgument(`${name} is ${String(extent)} from ${start} on; the image has ${size} ${what}`);
}
