/** How often values occur in a plane, as a server counts them. */
import { createInstance } from "../../connect/ice/schema/instance.js";
import { invalidArgument, ServerError } from "../../errors.js";
import type { PixelStores } from "./pixel-stores.js";
import type { PixelsInfo } from "./pixels-info.js";
import { checkedTile, type TilePlace } from "./plane-places.js";

/** Of what, and how fine. */
export interface HistogramOptions extends TilePlace {
  /** Bins. Default 256. */
  readonly bins?: number | undefined;
  /** Whether the bins go over the range of the whole channel, where the server knows it. Default: that of the plane. */
  readonly globalRange?: boolean | undefined;
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

export function readHistogram(
  stores: PixelStores,
  info: PixelsInfo,
  { bins = 256, globalRange = false, signal, ...place }: HistogramOptions,
): Promise<Int32Array> {
  const { z, c, t, x, y, width, height } = checkedTile(place, info);
  if (!Number.isInteger(bins) || bins < 1) {
    throw invalidArgument(`bins is ${bins}: give a whole number from 1`);
  }
  const region = createInstance("::omero::romio::RegionDef", { x, y, width, height });
  const plane = createInstance("::omero::romio::PlaneDef", { z, t, region });
  return stores.with(async (store) => {
    const counts = (await store.getHistogram([c], bins, globalRange, plane, { signal })).get(c);
    if (counts) return counts;
    throw new ServerError("SERVER_FAILURE", `the server gives no histogram of channel ${c} of Pixels ${info.id}`);
  });
}
