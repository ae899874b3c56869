/** Tiles put together into boxes, of which one call brings all: `RawPixelsStore.getHypercube`. */
import { bytesPerPixel } from "./pixel-arrays.js";
import type { PixelsInfo } from "./pixels-info.js";
import { type CheckedTile, tileShape } from "./plane-places.js";

/** Bytes that one call brings, where several tiles come by it. */
const BOX_BYTES = 2 << 20;
const MOST_TILES = 64;
/** A server reads whole planes for a box. Of larger ones, tiles are asked for one by one. */
const LARGEST_PLANE = 8 << 20;

const AXES = ["z", "c", "t"] as const;
type Axis = (typeof AXES)[number];

/** Places along an axis: `count` of them, `step` apart. */
interface AxisSteps {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Tiles of one rectangle whose planes are all those of some sections, channels and time points. */
export interface TileBox extends Readonly<Record<Axis, AxisSteps>> {
  /** In the order they were asked for. */
  readonly tiles: readonly CheckedTile[];
}

/** The tiles in their order, as few boxes as their order allows. */
export function* inBoxes(tiles: Iterable<CheckedTile>, info: PixelsInfo): Generator<TileBox, void, undefined> {
  let waiting: CheckedTile[] = [];
  for (const tile of tiles) {
    if (waiting[0] !== undefined && !hasSameRectangle(waiting[0], tile)) {
      yield* boxesOf(waiting);
      waiting = [];
    }
    waiting.push(tile);
    if (waiting.length >= tilesAtOnce(tile, info)) {
      const box = longestBox(waiting);
      yield box;
      waiting = waiting.slice(box.tiles.length);
    }
  }
  yield* boxesOf(waiting);
}

/** Where in the answer for a box a tile is: planes come sections first, then channels, then time points. */
export function placeInBox({ z, c, t }: TileBox, tile: CheckedTile): number {
  const at = (axis: AxisSteps, value: number) => (value - axis.start) / axis.step;
  return (at(t, tile.t) * c.count + at(c, tile.c)) * z.count + at(z, tile.z);
}

/** Offset, size and step of a box along X, Y, Z, C and T. */
export function cubeOf(box: TileBox): { offset: number[]; size: number[]; step: number[] } {
  const { x, y, width, height, stepX, stepY } = box.tiles[0]!;
  const axes = [box.z, box.c, box.t];
  return {
    offset: [x, y, ...axes.map(({ start }) => start)],
    size: [width, height, ...axes.map(({ step, count }) => (count - 1) * step + 1)],
    step: [stepX, stepY, ...axes.map(({ step }) => step)],
  };
}

function* boxesOf(tiles: readonly CheckedTile[]): Generator<TileBox, void, undefined> {
  for (let start = 0; start < tiles.length; ) {
    const box = longestBox(tiles.slice(start));
    yield box;
    start += box.tiles.length;
  }
}

function tilesAtOnce(tile: CheckedTile, info: PixelsInfo): number {
  const width = bytesPerPixel(info.type);
  if (info.sizeX * info.sizeY * width > LARGEST_PLANE) return 1;
  const { columns, rows } = tileShape(tile);
  return Math.max(1, Math.min(MOST_TILES, Math.floor(BOX_BYTES / (columns * rows * width))));
}

function hasSameRectangle(one: CheckedTile, other: CheckedTile): boolean {
  const members = ["x", "y", "width", "height", "stepX", "stepY"] as const;
  return members.every((member) => one[member] === other[member]);
}

/** As many tiles from the first on as make up a box. */
function longestBox(tiles: readonly CheckedTile[]): TileBox {
  const values = { z: new Set<number>(), c: new Set<number>(), t: new Set<number>() };
  const seen = new Set<string>();
  let longest: TileBox | undefined;
  for (const [index, tile] of tiles.entries()) {
    for (const axis of AXES) values[axis].add(tile[axis]);
    seen.add(`${tile.z} ${tile.c} ${tile.t}`);
    if (seen.size <= index) break; // one comes twice
    if (values.z.size * values.c.size * values.t.size !== seen.size) continue;
    const [z, c, t] = AXES.map((axis) => stepsOf(values[axis]));
    if (z && c && t) longest = { z, c, t, tiles: tiles.slice(0, index + 1) };
  }
  return longest!;
}

/** Values that lie in equal steps; undefined if they do not. */
function stepsOf(values: ReadonlySet<number>): AxisSteps | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const start = sorted[0]!;
  const step = sorted.length > 1 ? sorted[1]! - start : 1;
  return sorted.every((value, index) => value === start + index * step)
    ? { start, step, count: sorted.length }
    : undefined;
}
