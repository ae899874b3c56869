/** How an image is shown: which channels, in which colours and windows. */

import { createInstance } from "../../connect/ice/schema/instance.js";
import type { RenderingEngine, RenderingModel } from "../../connect/ice/schema/omero.js";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { checkIndex } from "../pixels/plane-places.js";
import { parseColor } from "./colors.js";

/** How one channel is shown; what is not said stays as it is saved. */
export interface ChannelView {
  /** Which, from 0. (BlitzGateway's `setActiveChannels` counts from 1.) */
  readonly index: number;
  /** The values shown darkest and brightest. */
  readonly window?: readonly [start: number, end: number] | undefined;
  /** `#RRGGBB`, or with opacity `#RRGGBBAA`. */
  readonly color?: string | undefined;
  /** Default true. */
  readonly active?: boolean | undefined;
  /** Name of a lookup table of the server, `cool.lut`; null for none. */
  readonly lut?: string | null | undefined;
  /** Whether bright becomes dark. Default: as saved. */
  readonly reverse?: boolean | undefined;
}

/** How an image is shown. */
export interface RenderSettings {
  /** The channels shown; the others are off. Default: as saved. */
  readonly channels?: readonly ChannelView[] | undefined;
  /** `rgb` puts the channels' colours together, `greyscale` shows the first that is on. Default: as saved. */
  readonly model?: "rgb" | "greyscale" | undefined;
}

const CHANNEL_OPTIONS: OptionNames<ChannelView> = {
  index: true,
  window: true,
  color: true,
  active: true,
  lut: true,
  reverse: true,
};

/** @throws ArgumentError `INVALID_ARGUMENT` for what the image does not have, or is not understood */
export function checkSettings({ channels, model }: RenderSettings, info: PixelsInfo): void {
  if (model !== undefined && model !== "rgb" && model !== "greyscale") {
    throw invalidArgument(`model is "rgb" or "greyscale", not ${JSON.stringify(model)}`);
  }
  if (channels === undefined) return;
  if (!Array.isArray(channels)) throw invalidArgument("channels is a list: [{ index: 0, color: '#FF0000' }]");
  const known = new Set<number>();
  for (const channel of channels) {
    checkChannel(channel, info);
    if (known.has(channel.index)) throw invalidArgument(`channel ${channel.index} is named twice`);
    known.add(channel.index);
  }
}

function checkChannel(channel: ChannelView, info: PixelsInfo): void {
  checkOptions(channel, CHANNEL_OPTIONS, "a channel");
  const { index, window, color } = channel;
  checkIndex("index", index, info.sizeC, "channels");
  if (color !== undefined) parseColor(color);
  if (window === undefined) return;
  const isWindow = Array.isArray(window) && window.length === 2 && window.every(Number.isFinite);
  if (!isWindow || window[0] > window[1])
    throw invalidArgument(`window of channel ${index} is two numbers, the lower first`);
}

/** Settings as a rendering engine takes them. */
export interface SettingsToApply extends RenderSettings {
  readonly renderingModel: RenderingModel | undefined;
}

/** Has an engine, which shows an image as saved, show it by settings. A server bears one call at a time. */
export async function applySettings(
  engine: RenderingEngine,
  { channels, renderingModel }: SettingsToApply,
  sizeC: number,
  call: { readonly context: Readonly<Record<string, string>> },
): Promise<void> {
  if (renderingModel !== undefined) await engine.setModel(renderingModel, call);
  if (channels === undefined) return;
  const views = new Map(channels.map((channel) => [channel.index, channel]));
  for (let index = 0; index < sizeC; index++) {
    const view = views.get(index);
    await engine.setActive(index, view !== undefined && view.active !== false, call);
    if (view) await applyChannel(engine, view, call);
  }
}

async function applyChannel(
  engine: RenderingEngine,
  { index, window, color, lut, reverse }: ChannelView,
  call: { readonly context: Readonly<Record<string, string>> },
): Promise<void> {
  if (window !== undefined) await engine.setChannelWindow(index, window[0], window[1], call);
  if (color !== undefined) {
    const { red, green, blue, alpha } = parseColor(color);
    await engine.setRGBA(index, red, green, blue, alpha, call);
    if (lut === undefined) await engine.setChannelLookupTable(index, "", call);
  }
  if (lut !== undefined) await engine.setChannelLookupTable(index, lut ?? "", call);
  if (reverse === undefined) return;
  const map = createInstance("::omero::romio::ReverseIntensityMapContext");
  if (reverse) await engine.addCodomainMapToChannel(map, index, call);
  else await engine.removeCodomainMapFromChannel(map, index, call);
}
