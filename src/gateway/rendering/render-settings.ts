/** How an image is shown: which channels, in which colours and windows. */
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { checkIndex } from "../pixels/plane-places.js";
import { parseColor } from "./colors.js";

const FAMILIES = ["linear", "polynomial", "exponential", "logarithmic"] as const;
const BIT_RESOLUTIONS = [1, 3, 7, 15, 31, 63, 127, 255] as const;

/** How brightness grows with the values of a channel. */
export type QuantumFamily = (typeof FAMILIES)[number];
/** Brightest of the levels that values are mapped to, from 0. */
export type BitResolution = (typeof BIT_RESOLUTIONS)[number];

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
  /** How brightness grows with the values: as x, x^k, exp(x^k) or log(x). Default: as saved. */
  readonly family?: QuantumFamily | undefined;
  /** The k of a family that is not linear, above 0; it goes with `family`. Default 1. */
  readonly coefficient?: number | undefined;
  /** Whether the lowest and highest tenth of the values are shown flat. Default: as saved. */
  readonly noiseReduction?: boolean | undefined;
}

/** How an image is shown. */
export interface RenderSettings {
  /** The channels shown; the others are off. Default: as saved. */
  readonly channels?: readonly ChannelView[] | undefined;
  /** `rgb` puts the channels' colours together, `greyscale` shows the first that is on. Default: as saved. */
  readonly model?: "rgb" | "greyscale" | undefined;
  /** What the darkest and the brightest value become, within 0 to 255. Default: as saved. */
  readonly codomain?: readonly [start: number, end: number] | undefined;
  /** Brightest of the levels that values are mapped to: 255 for all of them, 1 for two. Default: as saved. */
  readonly bitResolution?: BitResolution | undefined;
  /** Id of the settings to start from, anybody's, as `image.renderingDefs()` lists them. Default: this user's, else the owner's. */
  readonly settingsId?: ObjectId | undefined;
  /** Resolution level of a large image, as `image.pixels.resolutionLevels()` lists them. Default: the whole image. */
  readonly level?: number | undefined;
}

/** Settings to be saved, with the section and time point that are shown where none is asked for. */
export interface SettingsToSave extends Omit<RenderSettings, "settingsId" | "level"> {
  /** Section, from 0. Default: as saved. */
  readonly z?: number | undefined;
  /** Time point, from 0. Default: as saved. */
  readonly t?: number | undefined;
}

const CHANNEL_OPTIONS: OptionNames<ChannelView> = {
  index: true,
  window: true,
  color: true,
  active: true,
  lut: true,
  reverse: true,
  family: true,
  coefficient: true,
  noiseReduction: true,
};

export const RENDER_SETTINGS_OPTIONS: OptionNames<RenderSettings> = {
  channels: true,
  model: true,
  codomain: true,
  bitResolution: true,
  settingsId: true,
  level: true,
};

/** @throws ArgumentError `INVALID_ARGUMENT` for what the image does not have, or is not understood */
export function checkSettings(settings: RenderSettings, info: PixelsInfo): void {
  checkOptions(settings, RENDER_SETTINGS_OPTIONS, "rendering");
  const { channels, model, codomain, bitResolution, settingsId, level } = settings;
  if (model !== undefined) checkOneOf("model", model, ["rgb", "greyscale"]);
  if (bitResolution !== undefined) checkOneOf("bitResolution", bitResolution, BIT_RESOLUTIONS);
  if (codomain !== undefined) checkCodomain(codomain);
  if (settingsId !== undefined) toObjectId(settingsId, "settingsId");
  if (level !== undefined && !(Number.isInteger(level) && level >= 0)) {
    throw invalidArgument(`level is ${String(level)}: give a whole number; 0 is the smallest level`);
  }
  if (channels !== undefined) checkChannels(channels, info);
}

function checkChannels(channels: readonly ChannelView[], info: PixelsInfo): void {
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
  const { index, window, color, lut } = channel;
  checkIndex("index", index, info.sizeC, "channels");
  if (color !== undefined) parseColor(color);
  if (lut !== undefined && lut !== null && typeof lut !== "string") {
    throw invalidArgument(`lut of channel ${index} is the name of a lookup table, or null`);
  }
  checkFlags(channel);
  checkQuantization(channel);
  if (window === undefined || isRange(window, Number.isFinite)) return;
  throw invalidArgument(`window of channel ${index} is two numbers, the lower first`);
}

function checkFlags(channel: ChannelView): void {
  for (const name of ["active", "reverse", "noiseReduction"] as const) {
    const flag: unknown = channel[name];
    if (flag !== undefined && typeof flag !== "boolean") {
      throw invalidArgument(`${name} of channel ${channel.index} is true or false, not ${String(flag)}`);
    }
  }
}

function checkQuantization({ index, family, coefficient }: ChannelView): void {
  if (family !== undefined) checkOneOf(`family of channel ${index}`, family, FAMILIES);
  if (coefficient === undefined) return;
  if (family === undefined || (family === "linear" && coefficient !== 1)) {
    throw invalidArgument(`coefficient of channel ${index} goes with a family that is not linear: name that`);
  }
  if (!(Number.isFinite(coefficient) && coefficient > 0)) {
    throw invalidArgument(`coefficient of channel ${index} is ${String(coefficient)}: give a number above 0`);
  }
}

function checkCodomain(codomain: readonly [number, number]): void {
  const isLevel = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
  if (isRange(codomain, isLevel) && codomain[0] < codomain[1]) return;
  throw invalidArgument("codomain is two whole numbers within 0 to 255, the lower first");
}

function isRange(range: unknown, isValue: (value: unknown) => boolean): boolean {
  return Array.isArray(range) && range.length === 2 && range.every(isValue) && range[0] <= range[1];
}

function checkOneOf(name: string, value: unknown, values: readonly unknown[]): void {
  if (values.includes(value)) return;
  throw invalidArgument(`${name} is ${JSON.stringify(value)}; there are ${values.join(", ")}`);
}
