/** Names and colours of an image's channels, for all who see it. */
import type { OmeroConnection } from "../../connect/connection.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { Channel, IObject, LogicalChannel } from "../../connect/ice/schema/omero.js";
import { invalidArgument, ServerError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { rint, rlong, rstring } from "../../rtypes.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { inGroup } from "../query-parameters.js";
import { parseColor } from "./colors.js";

/** What a channel is called and coloured; what is not said stays. */
export interface NewChannel {
  /** Its name. */
  readonly label?: string | undefined;
  /** `#RRGGBB`, or with opacity `#RRGGBBAA`: that of settings that are made later. */
  readonly color?: string | undefined;
}

const NEW_CHANNEL_OPTIONS: OptionNames<NewChannel> = { label: true, color: true };

/** @throws ArgumentError `INVALID_ARGUMENT` for more channels than there are, or colours that are none */
export function checkNewChannels(channels: readonly NewChannel[], sizeC: number): void {
  if (!Array.isArray(channels)) throw invalidArgument('channels is a list: [{ label: "DAPI", color: "#0000FF" }]');
  if (channels.length > sizeC) throw invalidArgument(`${channels.length} channels are named; the image has ${sizeC}`);
  for (const channel of channels) {
    checkOptions(channel, NEW_CHANNEL_OPTIONS, "a channel");
    if (channel.color !== undefined) parseColor(channel.color);
  }
}

/** Names the channels, in their order. Images made from this one share the names. */
export async function nameChannels(
  connection: OmeroConnection,
  info: PixelsInfo,
  names: readonly NewChannel[],
): Promise<void> {
  checkNewChannels(names, info.sizeC);
  const call = { context: inGroup(info.groupId) };
  const pixels = await connection.service("::omero::api::IPixels").retrievePixDescription(info.id, call);
  if (!pixels) throw new ServerError("SERVER_FAILURE", `the server does not describe Pixels ${info.id}`);
  const { channelsSeq } = pixels;
  // A server does not take a channel and what it is called at once.
  await save(names.flatMap((name, index) => namedChannel(name, channelsSeq[index])));
  await save(names.flatMap((name, index) => colouredChannel(name, channelsSeq[index], info.id)));

  async function save(changed: readonly IObject[]): Promise<void> {
    if (changed.length > 0) await connection.getUpdateService().saveArray(changed, call);
  }
}

function namedChannel({ label }: NewChannel, channel: Channel | null | undefined): LogicalChannel[] {
  const logical = channel?.logicalChannel;
  if (!logical || label === undefined) return [];
  return [{ ...logical, name: rstring(label), channelsSeq: [], channelsLoaded: false }];
}

/** It names others by their ids alone: what it refers to would be saved as it was otherwise. */
function colouredChannel({ color }: NewChannel, channel: Channel | null | undefined, pixelsId: number): Channel[] {
  const logical = channel?.logicalChannel;
  if (!logical || color === undefined) return [];
  const { red, green, blue, alpha } = parseColor(color);
  const parts = { red: rint(red), green: rint(green), blue: rint(blue), alpha: rint(alpha) };
  const pixels = createInstance("::omero::model::Pixels", { id: rlong(pixelsId), loaded: false });
  const logicalChannel = createInstance("::omero::model::LogicalChannel", { id: logical.id, loaded: false });
  return [{ ...channel, ...parts, pixels, logicalChannel }];
}
