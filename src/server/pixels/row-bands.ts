/** Rows of several channels, band by band: while one is worked on, the next is read. */

import { clearUp } from "../../flow/failures.js";
import { reusedBuffers } from "../../flow/reused-buffers.js";
import type { PixelSource, PlaneRegion } from "./pixel-source.js";
import { type PixelValues, storedValues } from "./pixels-kinds.js";

/** Of one band, in bytes. */
const BAND = 2 << 20;

export interface BandRequest {
  readonly z: number;
  readonly t: number;
  readonly channels: readonly number[];
  readonly region: PlaneRegion;
}

export interface RowBand {
  /** First row, counted from the top of the region. */
  readonly row: number;
  /** By channel, in the byte order of the file; gone when the next band is asked for. */
  readonly values: readonly PixelValues[];
}

export async function* readRowBands(source: PixelSource, request: BandRequest): AsyncGenerator<RowBand> {
  const { z, t, channels, region } = request;
  const { kind } = source.layout;
  const rowSize = region.width * kind.width;
  const height = Math.max(1, Math.min(region.height, Math.floor(BAND / rowSize)));
  const sets = [0, 1].map(() => channels.map(() => reusedBuffers.take(rowSize * height)));
  const file = await source.open();
  const read = async (row: number): Promise<RowBand> => {
    const band = { ...region, y: region.y + row, height: Math.min(height, region.height - row) };
    const buffers = sets[(row / height) % 2]!;
    const tiles = channels.map((c, index) => source.tileOf(file, z, c, t, band, buffers[index]));
    return { row, values: (await Promise.all(tiles)).map((tile) => storedValues(kind, tile)) };
  };
  let next = read(0);
  try {
    for (let row = 0; row < region.height; row += height) {
      const band = await next;
      if (row + height < region.height) next = read(row + height);
      yield band;
    }
  } finally {
    await clearUp(() => next);
    await file.close();
    for (const buffer of sets.flat()) reusedBuffers.giveBack(buffer);
  }
}
