/** What values the pixels in a shape have, channel by channel. */
import type { StoredObject } from "../../model/object-store.js";
import type { PixelSource, PlaneRegion } from "../../pixels/pixel-source.js";
import { type ShapeArea, shapeArea, within } from "./shape-area.js";

export interface ShapePlanes {
  readonly z: readonly number[];
  readonly t: readonly number[];
}

/** Of one channel. */
class Tally {
  min = Number.MAX_VALUE;
  max = 0;
  sum = 0;
  count = 0;
  #squares = 0;
  /** Differences from a value near the mean lose less. */
  #origin: number | undefined;
  #offset = 0;

  add(value: number): void {
    this.#origin ??= value;
    const difference = value - this.#origin;
    this.max = this.count === 0 ? value : Math.max(this.max, value);
    this.min = Math.min(this.min, value);
    this.sum += value;
    this.#offset += difference;
    this.#squares += difference * difference;
    this.count++;
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  /** Of a sample. */
  get deviation(): number {
    if (this.count < 2) return 0;
    return Math.sqrt(Math.max(0, (this.#squares - this.#offset ** 2 / this.count) / (this.count - 1)));
  }
}

/** @param channelIds as they are to be told. @param channels the numbers of these. */
export async function measureShape(
  source: PixelSource,
  shape: StoredObject,
  planes: ShapePlanes,
  channels: readonly number[],
  channelIds: readonly bigint[],
): Promise<Record<string, unknown>> {
  const area = shapeArea(shape);
  const { x, y } = source.layout.sizes;
  const box = within(area.box, x, y);
  const tallies: Tally[] = [];
  for (const channel of channels) {
    const tally = new Tally();
    tallies.push(tally);
    if (!box) continue;
    for (const t of planes.t) for (const z of planes.z) await addPlane(tally, source, area, box, { z, channel, t });
  }
  return shapeStats(shape.id, channelIds, tallies);
}

async function addPlane(
  tally: Tally,
  source: PixelSource,
  area: ShapeArea,
  box: PlaneRegion,
  { z, channel, t }: { z: number; channel: number; t: number },
): Promise<void> {
  let row = 0;
  for await (const values of source.strips(z, channel, t, box)) {
    for (let index = 0; index < values.length; index++) {
      const inside = area.contains(box.x + (index % box.width), box.y + row + Math.floor(index / box.width));
      if (inside) tally.add(values[index]!);
    }
    row += values.length / box.width;
  }
}

function shapeStats(
  shapeId: bigint,
  channelIds: readonly bigint[],
  tallies: readonly Tally[],
): Record<string, unknown> {
  const each = (member: (tally: Tally) => number) => Float64Array.from(tallies, member);
  return {
    iceId: "::omero::api::ShapeStats",
    shapeId,
    channelIds: BigInt64Array.from(channelIds),
    min: each((tally) => tally.min),
    max: each((tally) => tally.max),
    sum: each((tally) => tally.sum),
    mean: each((tally) => tally.mean),
    stdDev: each((tally) => tally.deviation),
    pointsCount: BigInt64Array.from(tallies, ({ count }) => BigInt(count)),
  };
}

/** OMERO adds nothing up: no pixel is counted. */
export function combinedStatistics(channelIds: readonly bigint[]): Record<string, unknown> {
  return shapeStats(
    -1n,
    channelIds,
    channelIds.map(() => new Tally()),
  );
}
