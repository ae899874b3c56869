/** How pixels are shown of which nobody has said it. */

import type { StoredObject } from "../../model/object-store.js";
import { planeRange } from "../../pixels/channel-range.js";
import type { PixelSource } from "../../pixels/pixel-source.js";
import type { ValueRange } from "../../pixels/pixel-statistics.js";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { World } from "../../world/world.js";
import { BRIGHTEST, type ChannelSettings, type RenderingSettings } from "./rendering-settings.js";

type Colour = Pick<ChannelSettings, "red" | "green" | "blue" | "alpha">;

/** From so many channels on, pictures are grey. */
const MAXIMUM_CHANNELS = 8;
const ACTIVE_CHANNELS = 3;

const RED: Colour = { red: 255, green: 0, blue: 0, alpha: 255 };
const GREEN: Colour = { red: 0, green: 255, blue: 0, alpha: 255 };
const BLUE: Colour = { red: 0, green: 0, blue: 255, alpha: 255 };
const WHITE: Colour = { red: 255, green: 255, blue: 255, alpha: 255 };
/** In nanometres, where blue becomes green and green becomes red. */
const [GREEN_FROM, RED_FROM] = [500, 560];

/** @param source the pixels themselves, to be looked at where no range is known; undefined: the type's range then. */
export async function defaultSettings(
  world: World,
  pixels: StoredPixels,
  source: PixelSource | undefined,
): Promise<RenderingSettings> {
  const { z, c } = pixels.layout.sizes;
  const colours = channelColours(world, pixels);
  const ranges = await channelRanges(pixels, source);
  return {
    defaultZ: Math.trunc(z / 2),
    defaultT: 0,
    model: c > 1 && c < MAXIMUM_CHANNELS ? "rgb" : "greyscale",
    cdStart: 0,
    cdEnd: BRIGHTEST,
    bitResolution: BRIGHTEST,
    channels: pixels.channels.map((channel, index) => ({
      active: index < ACTIVE_CHANNELS,
      family: "linear",
      coefficient: 1,
      noiseReduction: false,
      inputStart: ranges[index]![0],
      inputEnd: ranges[index]![1],
      ...colours[index]!,
      lookupTable: (channel.values.lookupTable as { val: string } | null | undefined)?.val || null,
      isReversed: false,
    })),
  };
}

/** The first channel's statistics say whether those of all are looked for in the pixels. */
async function channelRanges(pixels: StoredPixels, source: PixelSource | undefined): Promise<ValueRange[]> {
  const ranges: ValueRange[] = [];
  const isMeasured = source !== undefined && !pixels.layout.requiresPyramid && !pixels.globalRange(0);
  for (const index of pixels.channels.keys()) {
    ranges.push(isMeasured ? await measuredRange(pixels, source, index) : knownRange(pixels, index));
  }
  return ranges;
}

async function measuredRange(pixels: StoredPixels, source: PixelSource, index: number): Promise<ValueRange> {
  const { z, t } = pixels.layout.middle;
  return planeRange(source, z, index, t);
}

/** As the statistics say; the type's, where they say nothing, or that all is the same. */
export function knownRange(pixels: StoredPixels, index: number): ValueRange {
  const known = pixels.globalRange(index);
  const isFlat = known !== undefined && Math.abs(known[0] - known[1]) < 1e-8;
  return known && !isFlat ? known : [...pixels.layout.kind.range];
}

/** Where some channels have emission data and others have none, these are white. */
function channelColours(world: World, pixels: StoredPixels): Colour[] {
  const found = pixels.channels.map((channel, index) => channelColour(world, channel, index));
  const guessed = found.filter(({ isGuess }) => isGuess !== undefined);
  const isMixed = guessed.some(({ isGuess }) => isGuess) && guessed.some(({ isGuess }) => !isGuess);
  return found.map(({ colour, isGuess }) => (isMixed && isGuess ? WHITE : colour));
}

/** Its own; else by the light it was taken with; else by its number (a guess). */
function channelColour(world: World, channel: StoredObject, index: number): { colour: Colour; isGuess?: boolean } {
  const { red, green, blue, alpha } = channel.values as Record<string, { val: number } | null | undefined>;
  if (red && green && blue && alpha) {
    return { colour: { red: red.val, green: green.val, blue: blue.val, alpha: alpha.val } };
  }
  const light = world.referenced(channel, "logicalChannel")?.values;
  const wave = light?.emissionWave ?? undefined;
  const any = (wave ?? light?.excitationWave ?? undefined) as { value: number } | undefined;
  const colour = any ? waveColour(any.value) : [RED, GREEN, BLUE][index % 3]!;
  return { colour, isGuess: wave === undefined };
}

function waveColour(wavelength: number): Colour {
  return wavelength < GREEN_FROM ? BLUE : wavelength < RED_FROM ? GREEN : RED;
}
