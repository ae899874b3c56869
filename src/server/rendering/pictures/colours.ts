/** Turns the brightness of channels into colours, and adds these up. */

import { BRIGHTEST, type ChannelSettings } from "../settings/rendering-settings.js";
import type { LookupTable } from "./lookup-tables.js";

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

export function addColours(picture: Int32Array, brightness: Uint8Array, table: ColourTable, isPlain: boolean): void {
  if (isPlain) {
    for (let index = 0; index < picture.length; index++) picture[index]! += table[brightness[index]!]!;
    return;
  }
  for (let index = 0; index < picture.length; index++) {
    picture[index] = addSaturated(picture[index]!, table[brightness[index]!]!);
  }
}

function addSaturated(a: number, b: number): number {
  const red = Math.min(((a >> 16) & 0xff) + ((b >> 16) & 0xff), BRIGHTEST);
  const green = Math.min(((a >> 8) & 0xff) + ((b >> 8) & 0xff), BRIGHTEST);
  const blue = Math.min((a & 0xff) + (b & 0xff), BRIGHTEST);
  return 0xff000000 | (red << 16) | (green << 8) | blue;
}

export function greyPicture(brightness: Uint8Array, alpha: number): Int32Array {
  return Int32Array.from(brightness, (level) => (alpha << 24) | (level * 0x010101));
}
