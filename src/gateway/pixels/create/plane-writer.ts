/** Sends the planes of a new image: while one is on its way, the next is made. */
import type { OnProgress } from "../../../columns/table.js";
import type { OmeroConnection } from "../../../connect/connection.js";
import type { RawPixelsStore } from "../../../connect/ice/schema/omero.js";
import { remoteAccess } from "../../../connect/remote/services.js";
import { clearUp } from "../../../flow/failures.js";
import { WriteBehind } from "../../../flow/write-behind.js";
import { bytesPerPixel, toWire } from "../pixel-arrays.js";
import { pixelStore } from "../pixel-stores.js";
import type { PixelsInfo } from "../pixels-info.js";
import { allPlanes, type TilePlace, tileGrid } from "../plane-places.js";
import { PixelStatistics } from "../value-statistics.js";
import type { PlaneFeed } from "./new-planes.js";

/** Bytes of one call at most: less than any server's largest message. */
const MOST_BYTES = 32 << 20;
/** Pixels of a plane up to which no server wants tiles. */
const SURELY_WHOLE = 1 << 20;

export interface PlaneWriting {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Least and greatest value of a channel; undefined where it has none but NaN. */
export type ChannelRange = readonly [minimum: number, maximum: number] | undefined;

/**
 * Writes all planes, and has the server take the checksum of them. One store does it: a server lets nobody else write.
 * @returns the range of each channel
 */
export async function writePlanes(
  connection: OmeroConnection,
  info: PixelsInfo,
  feed: PlaneFeed,
  options: PlaneWriting,
): Promise<ChannelRange[]> {
  const { remote, store } = pixelStore(connection, info, true);
  const access = remoteAccess(connection);
  try {
    const tile = await tileSize(store, info, options.signal);
    const ranges = await sendPlanes(store, info, tile, feed, options);
    await store.save({ signal: options.signal });
    const failure = await access.close(remote, true);
    if (failure !== undefined) throw failure;
    return ranges;
  } catch (error) {
    await clearUp(() => access.close(remote));
    throw error;
  }
}

interface TileSize {
  readonly width: number;
  readonly height: number;
}

/** The parts in which a server takes a plane. Large ones it keeps in several sizes, and wants in tiles of its own. */
async function tileSize(
  store: RawPixelsStore,
  { sizeX, sizeY, type }: PixelsInfo,
  signal: AbortSignal | undefined,
): Promise<TileSize> {
  const rows = Math.max(1, Math.floor(MOST_BYTES / (sizeX * bytesPerPixel(type))));
  const whole = { width: sizeX, height: Math.min(rows, sizeY) };
  if (sizeX * sizeY <= SURELY_WHOLE || !(await store.requiresPixelsPyramid({ signal }))) return whole;
  const [width = 0, height = 0] = await store.getTileSize({ signal });
  const isTile = width >= 1 && height >= 1 && width * height * bytesPerPixel(type) <= MOST_BYTES;
  return isTile ? { width: Math.min(width, sizeX), height: Math.min(height, sizeY) } : whole;
}

async function sendPlanes(
  store: RawPixelsStore,
  info: PixelsInfo,
  tile: TileSize,
  feed: PlaneFeed,
  { signal, onProgress }: PlaneWriting,
): Promise<ChannelRange[]> {
  const total = info.sizeZ * info.sizeC * info.sizeT;
  const statistics = Array.from({ length: info.sizeC }, () => new PixelStatistics());
  const writes = new WriteBehind();
  let done = 0;
  onProgress?.({ done, total, unit: "planes" });
  try {
    for (const { z, c, t } of allPlanes(info)) {
      const data = await feed.take(info.type, info, total);
      statistics[c]!.add(data);
      const written = () => onProgress?.({ done: ++done, total, unit: "planes" });
      const plane = { z, c, t, bytes: toWire(data) };
      await writes.next(() => writePlane(store, info, tile, plane, signal).then(written));
    }
    await feed.end(total);
    await writes.done();
    return statistics.map((each) => rangeOf(each, info));
  } finally {
    await writes.settled();
  }
}

interface PlaneBytes {
  readonly z: number;
  readonly c: number;
  readonly t: number;
  readonly bytes: Uint8Array;
}

/** A server wants tiles row by row. */
async function writePlane(
  store: RawPixelsStore,
  info: PixelsInfo,
  tile: TileSize,
  { z, c, t, bytes }: PlaneBytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  const places = tileGrid(tile, info);
  if (places.length === 1) return store.setPlane(bytes, z, c, t, { signal });
  for (const place of places) {
    const { x, y, width, height } = place;
    await store.setTile(tileOf(bytes, info, place), z, c, t, x, y, width, height, { signal });
  }
}

function tileOf(plane: Uint8Array, { sizeX, type }: PixelsInfo, tile: Required<TilePlace>): Uint8Array {
  const { x, y, width, height } = tile;
  const pixel = bytesPerPixel(type);
  const at = (row: number) => (row * sizeX + x) * pixel;
  if (width === sizeX) return plane.subarray(at(y), at(y + height));
  const bytes = new Uint8Array(width * height * pixel);
  for (let row = 0; row < height; row++) {
    const start = at(y + row);
    bytes.set(plane.subarray(start, start + width * pixel), row * width * pixel);
  }
  return bytes;
}

/** Complex numbers have none. */
function rangeOf(statistics: PixelStatistics, { type }: PixelsInfo): ChannelRange {
  const { count, minimum, maximum } = statistics.result();
  return count === 0 || type === "complex" || type === "double-complex" ? undefined : [minimum, maximum];
}
