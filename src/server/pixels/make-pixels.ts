/** Makes images with Pixels and channels, new or after others. */
import { rdouble, rint, rstring } from "../../rtypes.js";
import { validation } from "../exceptions.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import { createStored } from "../world/create-stored.js";
import type { World } from "../world/world.js";
import { globalRange, StoredPixels } from "./stored-pixels.js";

/** Largest pixel file, in bytes. */
const MAXIMUM_SIZE = 2 ** 40;
const MAXIMUM_CHANNELS = 10_000;

export interface NewPixels {
  readonly sizeX: number;
  readonly sizeY: number;
  readonly sizeZ: number;
  readonly sizeC: number;
  readonly sizeT: number;
  readonly pixelsType: ObjectReference;
  readonly values?: Readonly<Record<string, unknown>>;
}

export function createPixels(world: World, access: Access, image: ObjectReference, made: NewPixels): StoredObject {
  const { sizeX, sizeY, sizeZ, sizeC, sizeT, pixelsType, values } = made;
  for (const [name, size] of Object.entries({ sizeX, sizeY, sizeZ, sizeC, sizeT })) {
    if (size < 1) throw validation(`${name}: ${size} <= 0`);
  }
  if (sizeC > MAXIMUM_CHANNELS) throw validation(`${sizeC} channels: an image can have ${MAXIMUM_CHANNELS}`);
  const pixels = createStored(world, access, "Pixels", {
    image,
    pixelsType,
    dimensionOrder: { className: "DimensionOrder", id: world.enumerationId("DimensionOrder", "XYZCT") },
    sizeX: rint(sizeX),
    sizeY: rint(sizeY),
    sizeZ: rint(sizeZ),
    sizeC: rint(sizeC),
    sizeT: rint(sizeT),
    sha1: rstring("Pending..."),
    ...values,
  });
  const { totalSize } = new StoredPixels(world, pixels).layout;
  if (totalSize > MAXIMUM_SIZE) throw validation(`Pixels of ${totalSize} bytes: an image can have ${MAXIMUM_SIZE}`);
  return pixels;
}

export function createChannels(world: World, access: Access, pixels: StoredObject, count: number): void {
  for (let index = 0; index < count; index++) {
    const logicalChannel = createStored(world, access, "LogicalChannel", {});
    createStored(world, access, "Channel", { pixels, logicalChannel });
  }
}

/** Sizes that are to be other ones than the source's. */
export type ResizedPixels = Partial<Record<"sizeX" | "sizeY" | "sizeZ" | "sizeT", number>>;

export interface PixelsCopy {
  readonly source: StoredPixels;
  readonly image: ObjectReference;
  readonly sizes: ResizedPixels;
  /** Channels of the source; undefined for all. */
  readonly channels: readonly number[] | undefined;
  readonly methodology: string | undefined;
  readonly withStatistics: boolean;
}

/** Pixels like others, of other sizes perhaps, with nothing in them yet. */
export function copyPixels(world: World, access: Access, copy: PixelsCopy): StoredObject {
  const { source, image } = copy;
  const { x, y, z, t } = source.layout.sizes;
  const channels = copy.channels ?? source.channels.map((_, index) => index);
  if (channels.length === 0) throw validation("Channel List is not null but size == 0");
  for (const [index, channel] of channels.entries()) {
    if (!source.channels[channel]) throw validation(`channel: ${index} out of bounds`);
  }
  const { physicalSizeX, physicalSizeY, physicalSizeZ, pixelsType } = source.object.values;
  const methodology = copy.methodology === undefined ? null : rstring(copy.methodology);
  const pixels = createPixels(world, access, image, {
    ...{ sizeX: x, sizeY: y, sizeZ: z, sizeT: t, ...copy.sizes },
    sizeC: channels.length,
    pixelsType: pixelsType as ObjectReference,
    values: { physicalSizeX, physicalSizeY, physicalSizeZ, methodology, relatedTo: reference(source.object) },
  });
  for (const channel of channels) copyChannel(world, access, source.channels[channel]!, pixels, copy.withStatistics);
  return pixels;
}

function copyChannel(
  world: World,
  access: Access,
  from: StoredObject,
  pixels: StoredObject,
  withStatistics: boolean,
): void {
  const known = withStatistics ? globalRange(world, from) : undefined;
  const statsInfo = known ? createStatistics(world, access, known) : null;
  createStored(world, access, "Channel", { pixels, logicalChannel: from.values.logicalChannel, statsInfo });
}

export function createStatistics(
  world: World,
  access: Access,
  [least, greatest]: readonly [number, number],
): StoredObject {
  return createStored(world, access, "StatsInfo", { globalMin: rdouble(least), globalMax: rdouble(greatest) });
}

function reference({ className, id }: ObjectReference): ObjectReference {
  return { className, id };
}
