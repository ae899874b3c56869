/** New images from arrays of numbers. */
import type { OnProgress } from "../../../columns/table.js";
import type { OmeroConnection } from "../../../connect/connection.js";
import { createInstance } from "../../../connect/ice/schema/instance.js";
import { type ObjectId, toObjectId } from "../../../connect/object-id.js";
import { AbortError, invalidArgument, OmeroError, ServerError, TableError } from "../../../errors.js";
import { watchingCallbacks } from "../../../flow/callbacks.js";
import { clearUp } from "../../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../../flow/options.js";
import { rlong } from "../../../rtypes.js";
import { messageOf } from "../../files/upload-failure.js";
import { findObject } from "../../find-object.js";
import { inGroup } from "../../query-parameters.js";
import { type NewChannel, nameChannels } from "../../rendering/channel-names.js";
import { type PixelTypeName, pixelTypeName, pixelTypeOfArray } from "../pixel-arrays.js";
import { findPixelsInfo, type PixelsInfo } from "../pixels-info.js";
import { ImageCreation, type ImageToCreate } from "./image-creation.js";
import { dataOf, type NewPlanes, PlaneFeed, sizeOfPlane } from "./new-planes.js";
import { type ChannelRange, writePlanes } from "./plane-writer.js";

/** What a new image is like. */
export interface CreateImageOptions {
  /** Name of the image. */
  readonly name: string;
  /** What it is. Default: empty. */
  readonly description?: string | undefined;
  /**
   * All planes, time points fastest, then channels, then sections: typed arrays, or what `image.pixels.planes()` gives. Each is taken
   * when the one before is being sent.
   */
  readonly planes: NewPlanes;
  /** Pixels of a row. Default: by the first plane's shape. */
  readonly sizeX?: number | undefined;
  /** Rows of a plane. Default: by the first plane's shape. */
  readonly sizeY?: number | undefined;
  /** Sections. Default 1. */
  readonly sizeZ?: number | undefined;
  /** Channels. Default 1. */
  readonly sizeC?: number | undefined;
  /** Time points. Default 1. */
  readonly sizeT?: number | undefined;
  /** OMERO's type of pixels. Default: by the class of the first plane's array. */
  readonly type?: PixelTypeName | undefined;
  /** Names and colours of channels, in their order. */
  readonly channels?: readonly NewChannel[] | undefined;
  /** Image whose sizes in micrometres and whose channels it takes over. */
  readonly sourceImageId?: ObjectId | undefined;
  /** Which channels of that image. Default: as many as there are, from 0. */
  readonly sourceChannels?: readonly number[] | undefined;
  /** Dataset to put it into, whose group it then is in. */
  readonly datasetId?: ObjectId | undefined;
  /** Ends the work: nothing is left of the image. */
  readonly signal?: AbortSignal | undefined;
  /** Told of planes sent. */
  readonly onProgress?: OnProgress | undefined;
}

const CREATE_IMAGE_OPTIONS: OptionNames<CreateImageOptions> = {
  name: true,
  description: true,
  planes: true,
  sizeX: true,
  sizeY: true,
  sizeZ: true,
  sizeC: true,
  sizeT: true,
  type: true,
  channels: true,
  sourceImageId: true,
  sourceChannels: true,
  datasetId: true,
  signal: true,
  onProgress: true,
};

/** Sizes that are not of a plane. */
const COUNTS = ["sizeZ", "sizeC", "sizeT"] as const;

/**
 * Makes an image of planes; see `OmeroConnection.createImage`. Gives the size and ids of its pixels.
 *
 * @example
 * ```ts
 * const { imageId } = await createImage(connection, { name: "ramp", sizeX: 2, sizeY: 1, planes: [Uint8Array.of(0, 255)] });
 * ```
 */
export async function createImage(connection: OmeroConnection, options: CreateImageOptions): Promise<PixelsInfo> {
  checkOptions(options, CREATE_IMAGE_OPTIONS, "createImage");
  checkCounts(options);
  return watchingCallbacks(options, async (watched) => {
    const feed = new PlaneFeed(watched.planes, watched.signal);
    try {
      return await createFrom(connection, feed, watched);
    } finally {
      await clearUp(() => feed.close());
    }
  });
}

/** All is looked at that can be before anything is made. */
async function createFrom(
  connection: OmeroConnection,
  feed: PlaneFeed,
  options: CreateImageOptions,
): Promise<PixelsInfo> {
  const dataset = options.datasetId === undefined ? undefined : toObjectId(options.datasetId, "datasetId");
  const group = await groupOf(connection, dataset, options.signal);
  const wanted = await wantedImage(feed, options, group);
  const creation = new ImageCreation(connection, wanted);
  try {
    const imageId = await creation.create(options.signal);
    const info = await findPixelsInfo(connection, imageId, options.signal);
    const ranges = await writePlanes(connection, info, feed, options);
    await noteRanges(connection, info, ranges);
    if (options.channels !== undefined) await nameChannels(connection, info, options.channels);
    if (dataset !== undefined) await putInto(connection, dataset, info);
    return info;
  } catch (error) {
    throw creationFailure(error, wanted.name, await creation.remove());
  }
}

async function wantedImage(feed: PlaneFeed, options: CreateImageOptions, group: number): Promise<ImageToCreate> {
  const first = await feed.first();
  const firstType = pixelTypeOfArray(dataOf(first));
  const size = sizeOfPlane(first);
  const { name, description = "", sizeX = size?.sizeX, sizeY = size?.sizeY, sizeZ = 1, sizeC = 1, sizeT = 1 } = options;
  if (sizeX === undefined || sizeY === undefined) {
    throw invalidArgument(
      "Say how large planes are: give sizeX and sizeY, or planes as { data, shape: [rows, columns] }",
    );
  }
  for (const [key, value] of Object.entries({ sizeX, sizeY })) checkSize(key, value);
  const type = options.type === undefined ? firstType : pixelTypeName(options.type);
  const source = sourceOf(options, sizeC);
  return { name, description, type, sizeX, sizeY, sizeZ, sizeC, sizeT, group, source };
}

function sourceOf({ sourceImageId, sourceChannels }: CreateImageOptions, sizeC: number): ImageToCreate["source"] {
  if (sourceImageId === undefined) return undefined;
  const channels = sourceChannels ?? Array.from({ length: sizeC }, (_, index) => index);
  if (channels.length !== sizeC) throw invalidArgument(`sourceChannels are ${channels.length}, sizeC is ${sizeC}`);
  return { imageId: toObjectId(sourceImageId, "sourceImageId"), channels };
}

async function groupOf(
  connection: OmeroConnection,
  dataset: bigint | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  // Nothing is made in all groups at once.
  if (dataset === undefined) return connection.groupId < 0 ? connection.session.groupId : connection.groupId;
  const { details } = await findObject(connection, "Dataset", dataset, { signal });
  const group = details?.group?.id?.val;
  if (group !== undefined) return Number(group);
  throw new ServerError("SERVER_FAILURE", `the server does not say which group Dataset ${dataset} is in`);
}

async function noteRanges(
  connection: OmeroConnection,
  { id, groupId }: PixelsInfo,
  ranges: readonly ChannelRange[],
): Promise<void> {
  const pixels = connection.service("::omero::api::IPixels");
  for (const [channel, range] of ranges.entries()) {
    if (range) await pixels.setChannelGlobalMinMax(id, channel, ...range, { context: inGroup(groupId) });
  }
}

async function putInto(connection: OmeroConnection, dataset: bigint, info: PixelsInfo): Promise<void> {
  const link = createInstance("::omero::model::DatasetImageLink", {
    parent: createInstance("::omero::model::Dataset", { id: rlong(dataset), loaded: false }),
    child: createInstance("::omero::model::Image", { id: rlong(info.imageId), loaded: false }),
    loaded: true,
  });
  await connection.getUpdateService().saveObject(link, { context: inGroup(info.groupId) });
}

/** Errors of the caller's arguments, planes and signal stay what they are. */
function creationFailure(cause: unknown, name: string, left: string | undefined): OmeroError {
  if (left === undefined && cause instanceof OmeroError && !(cause instanceof ServerError)) return cause;
  const rest = left ?? "nothing of it is on the server";
  if (cause instanceof AbortError) {
    return new AbortError("ABORTED", `createImage was aborted by the caller; ${rest}`, { cause: cause.cause });
  }
  const message = `Image ${JSON.stringify(name)} was not made: ${messageOf(cause)}; ${rest}`;
  return new TableError("UPLOAD_FAILED", message, { cause });
}

function checkCounts(options: CreateImageOptions): void {
  if (typeof options.name !== "string" || options.name === "") throw invalidArgument("An image has a name");
  for (const name of COUNTS) checkSize(name, options[name] ?? 1);
}

function checkSize(name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 31) return;
  throw invalidArgument(`${name} is ${String(value)}: give a whole number from 1`);
}
