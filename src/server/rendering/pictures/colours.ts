/** Turns the brightness of channels into colours, and adds these up. */

import { BRIGHTEST, type ChannelSettings } from "../settings/rendering-settings.js";
import type { LookupTable } from "./lookup-tables.js";
import type { ColourPlaces } from "./quantization.js";

/** Colour 0x00RRGGBB of each brightness. */
export type ColourTable = Int32Array;

export function colourTable(channel: ChannelSettings, lookup: LookupTable | undefined): ColourTable {
  const table = new Int32Array(BRIGHTEST + 1);
  for (let level = 0; level <= BRIGHTEST; level++) {
    const [red, green, blue] = lookup
      ? [lookup.red[level]!, lookup.green[level]!, lookup.blue[level]!]
      : [channel.red, channel.green, channel.blue].map((colour) => shade(colour, level, channel.alpha));
    table[level] = (red! << 16) | (green! << 8) | blue!;
  }
  return table;
}

/** OMERO multiplies with the opacity as a 32-bit float. */
function shade(colour: number, level: number, alpha: number): number {
  const full = Math.trunc((colour / 255) * level);
  return alpha === 255 ? full : Math.trunc(Math.fround(full * Math.fround(alpha / 255)));
}

/** Whether no sum of these colours is brighter than can be: then they are added without a look. */
export function isWithinBrightness(tables: readonly ColourTable[]): boolean {
  return [16, 8, 0].every((shift) => {
    const most = tables.map((table) =>
      table.reduce((highest, colour) => Math.max(highest, (colour >> shift) & 0xff), 0),
    );
    return most.reduce((sum, brightest) => sum + brightest, 0) <= BRIGHTEST;
  });
}

/** Values of one channel, by the places of their colours. */
export interface ChannelColours {
  readonly places: ColourPlaces;
  readonly colours: Int32Array;
}

/**
 * Makes a picture of the colours of channels, added up; the first one's are opaque already.
 * @param isPlain whether no sum can be too bright.
 */
export function paint(picture: Int32Array, channels: readonly ChannelColours[], isPlain: boolean): void {
  const [first, ...others] = channels;
  if (!isPlain) {
    paintOne(picture, first!);
    for (const channel of others) addSaturated(picture, channel);
    return;
  }
  // Two or three at once are written once.
  const together = Math.min(channels.length, 3);
  if (together === 3) paintThree(picture, first!, channels[1]!, channels[2]!);
  else if (together === 2) paintTwo(picture, first!, channels[1]!);
  else paintOne(picture, first!);
  for (const channel of channels.slice(together)) addOne(picture, channel);
}

function paintThree(picture: Int32Array, a: ChannelColours, b: ChannelColours, c: ChannelColours): void {
  const [placesA, placesB, placesC] = [a.places, b.places, c.places];
  const [coloursA, coloursB, coloursC] = [a.colours, b.colours, c.colours];
  for (let index = 0; index < picture.length; index++) {
    picture[index] = coloursA[placesA[index]!]! + coloursB[placesB[index]!]! + coloursC[placesC[index]!]!;
  }
}

function paintTwo(picture: Int32Array, a: ChannelColours, b: ChannelColours): void {
  const [placesA, placesB] = [a.places, b.places];
  const [coloursA, coloursB] = [a.colours, b.colours];
  for (let index = 0; index < picture.length; index++) {
    picture[index] = coloursA[placesA[index]!]! + coloursB[placesB[index]!]!;
  }
}

function paintOne(picture: Int32Array, { places, colours }: ChannelColours): void {
  for (let index = 0; index < picture.length; index++) picture[index] = colours[places[index]!]!;
}

function addOne(picture: Int32Array, { places, colours }: ChannelColours): void {
  for (let index = 0; index < picture.length; index++) picture[index]! += colours[places[index]!]!;
}

function addSaturated(picture: Int32Array, { places, colours }: ChannelColours): void {
  for (let index = 0; index < picture.length; index++) {
    picture[index] = saturatedSum(picture[index]!, colours[places[index]!]!);
  }
}

/** Red and blue are added in one go, green in another; what overflows into the bits between becomes 255. */
function saturatedSum(a: number, b: number): number {
  let redBlue = (a & 0xff00ff) + (b & 0xff00ff);
  const overflow = redBlue & 0x1000100;
  redBlue |= overflow - (overflow >>> 8);
  const green = Math.min((a & 0xff00) + (b & 0xff00), 0xff00);
  return 0xff000000 | (redBlue & 0xff00ff) | green;
}

/** The colours as pixels that nothing shines through. */
export function opaque(colours: ColourTable): ColourTable {
  return colours.map((colour) => 0xff000000 | colour);
}

/** Shades of grey, by brightness. */
export function greyTable(alpha: number): ColourTable {
  return Int32Array.from({ length: BRIGHTEST + 1 }, (_, level) => (alpha << 24) | (level * 0x010101));
}
