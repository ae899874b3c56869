/** Sends the planes of a new image: while one is on its way, the next is made. */
import type { OnProgress } from "../../../columns/table.js";
import type { OmeroConnection } from "../../../connect/connection.js";
import type { RawPixelsStore } from "../../../connect/ice/schema/omero.js";
import { remoteAccess } from "../../../connect/remote/services.js";
import { clearUp } from "../../../flow/failures.js";
import { steps } from "../../../flow/map-in-order.js";
import { WriteBehind } from "../../../flow/write-behind.js";
import { bytesPerPixel, toWire } from "../pixel-arrays.js";
import { pixelStore } from "../pixel-stores.js";
import type { PixelsInfo } from "../pixels-info.js";
import { allPlanes } from "../plane-places.js";
import { PixelStatistics } from "../value-statistics.js";
import type { PlaneFeed } from "./new-planes.js";

/** Bytes of one call at most: less than any server's largest message. */
const MOST_BYTES = 32 << 20;

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
    const ranges = await sendPlanes(store, info, feed, options);
    await store.save({ signal: options.signal });
    const failure = await access.close(remote, true);
    if (failure !== undefined) throw failure;
    return ranges;
  } catch (error) {
    await clearUp(() => access.close(remote));
    throw error;
  }
}

async function sendPlanes(
  store: RawPixelsStore,
  info: PixelsInfo,
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
      await writes.next(() => writePlane(store, info, plane, signal).then(written));
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

async function writePlane(
  store: RawPixelsStore,
  { sizeX, sizeY, type }: PixelsInfo,
  { z, c, t, bytes }: PlaneBytes,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (bytes.length <= MOST_BYTES) return store.setPlane(bytes, z, c, t, { signal });
  const rowSize = sizeX * bytesPerPixel(type);
  const rows = Math.max(1, Math.floor(MOST_BYTES / rowSize));
  for (const y of steps(0, sizeY, rows)) {
    const height = Math.min(rows, sizeY - y);
    const strip = bytes.subarray(y * rowSize, (y + height) * rowSize);
    await store.setTile(strip, z, c, t, 0, y, sizeX, height, { signal });
  }
}

/** Complex numbers have none. */
function rangeOf(statistics: PixelStatistics, { type }: PixelsInfo): ChannelRange {
  const { count, minimum, maximum } = statistics.result();
  return count === 0 || type === "complex" || type === "double-complex" ? undefined : [minimum, maximum];
}
