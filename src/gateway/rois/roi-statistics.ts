/** Figures of the pixels in shapes, as a server measures them. */
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { ShapeStats } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { checkIndex } from "../pixels/plane-places.js";
import { inGroup } from "../query-parameters.js";

/** Figures of one channel's pixels in a shape. */
export interface ShapeChannelStatistics {
  /** Channel, from 0. */
  readonly channel: number;
  /** Pixels. */
  readonly count: number;
  /** Least value. */
  readonly minimum: number;
  /** Greatest value. */
  readonly maximum: number;
  /** Sum of the values. */
  readonly sum: number;
  /** Mean of the values. */
  readonly mean: number;
  /** Standard deviation, of a sample. */
  readonly sigma: number;
}

/** Figures of the pixels in a shape. */
export interface ShapeStatistics {
  /** Id of the Shape. */
  readonly shapeId: number;
  /** In the order they were asked for. */
  readonly channels: readonly ShapeChannelStatistics[];
}

/** Where shapes lie that are in all planes, and which channels. */
export interface ShapeStatisticsOptions {
  /** Section for shapes that are in all. Default 0. */
  readonly z?: number | undefined;
  /** Time point for shapes that are in all. Default 0. */
  readonly t?: number | undefined;
  /** Channels, from 0. Default: all. */
  readonly channels?: readonly number[] | undefined;
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

const OPTIONS: OptionNames<ShapeStatisticsOptions> = { z: true, t: true, channels: true, signal: true };

/** @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; ServerError `NO_SUCH_OPERATION` by servers that do not measure */
export async function shapeStatistics(
  connection: OmeroConnection,
  info: PixelsInfo,
  shapeIds: readonly ObjectId[],
  options: ShapeStatisticsOptions = {},
): Promise<ShapeStatistics[]> {
  checkOptions(options, OPTIONS, "roiStatistics");
  const { z = 0, t = 0, signal } = options;
  checkIndex("z", z, info.sizeZ, "sections");
  checkIndex("t", t, info.sizeT, "time points");
  const chosen = chosenChannels(options, info);
  const ids = shapeIds.map((id) => toObjectId(id, "shapeId"));
  if (ids.length === 0) return [];
  const { groupId } = info;
  const service = connection.service("::omero::api::IRoi");
  const call = { signal, context: inGroup(groupId) };
  const found = await service.getShapeStatsRestricted(ids, z, t, [...chosen], call);
  return found.filter((stats) => stats !== null).map((stats) => statisticsOf(stats, chosen));
}

function chosenChannels({ channels }: ShapeStatisticsOptions, { sizeC }: PixelsInfo): readonly number[] {
  if (channels === undefined) return Array.from({ length: sizeC }, (_, index) => index);
  if (!Array.isArray(channels) || channels.length === 0) {
    throw invalidArgument("channels is a list with one number or more: [0, 1]");
  }
  for (const channel of channels) checkIndex("a channel", channel, sizeC, "channels");
  return channels;
}

function statisticsOf(stats: ShapeStats, channels: readonly number[]): ShapeStatistics {
  return {
    shapeId: idNumber(stats.shapeId, "Shape"),
    channels: channels.map((channel, index) => ({
      channel,
      count: Number(stats.pointsCount[index] ?? 0),
      minimum: stats.min[index] ?? Number.NaN,
      maximum: stats.max[index] ?? Number.NaN,
      sum: stats.sum[index] ?? Number.NaN,
      mean: stats.mean[index] ?? Number.NaN,
      sigma: stats.stdDev[index] ?? Number.NaN,
    })),
  };
}
