/** Turns values of pixels into 0-255, by the window, the family of curves and the codomain of a channel. */

import type { ValueRange } from "../../pixels/pixel-statistics.js";
import { inNativeOrder, type PixelsKind, type PixelValues } from "../../pixels/pixels-kinds.js";
import {
  BRIGHTEST,
  type ChannelSettings,
  type FamilyName,
  type RenderingSettings,
} from "../settings/rendering-settings.js";

/** A tenth, of the range and of the brightness, is taken from both ends where noise is reduced. */
const DECILE = 10;

/** Brightness of values: by a table of every value there is, or by steps of the window. */
export interface Quantizer {
  /** One brightness for each value, in their order. */
  quantize(values: PixelValues): Uint8Array;
  /** Where in {@link coloursOf} the colour of each value is. Values that are stored may be turned where they are. */
  placesOf(values: PixelValues, order: ByteOrder): ColourPlaces;
  /** @param colours one for each brightness. @param order of the values that places are asked for. */
  coloursOf(colours: Int32Array, order: ByteOrder): Int32Array;
}

/** Of numbers: as the machine has them, or as a pixel file has them. */
export type ByteOrder = "native" | "stored";

export type ColourPlaces = Uint8Array | Uint16Array;

type Levels = Pick<RenderingSettings, "cdStart" | "cdEnd" | "bitResolution">;
type Curve = Pick<
  ChannelSettings,
  "family" | "coefficient" | "noiseReduction" | "inputStart" | "inputEnd" | "isReversed"
>;

interface KnownQuantizer {
  /** What it was made of. */
  readonly origin: string;
  readonly quantizer: Quantizer;
}

const known = new WeakMap<object, KnownQuantizer>();

/** As {@link makeQuantizer}; the same one for a channel as long as nothing of it changes. */
export function quantizerFor(
  kind: PixelsKind,
  levels: Levels,
  channel: ChannelSettings,
  range: ValueRange | undefined,
): Quantizer {
  const { cdStart, cdEnd, bitResolution } = levels;
  const { family, coefficient, noiseReduction, inputStart, inputEnd, isReversed } = channel;
  const curve = [family, coefficient, noiseReduction, inputStart, inputEnd, isReversed];
  const origin = [kind.name, cdStart, cdEnd, bitResolution, ...curve, ...(range ?? [])].join();
  const before = known.get(channel);
  if (before?.origin === origin) return before.quantizer;
  const quantizer = makeQuantizer(kind, levels, channel, range);
  known.set(channel, { origin, quantizer });
  return quantizer;
}

/** @param range least and greatest value of the channel, where they are known. */
export function makeQuantizer(
  kind: PixelsKind,
  levels: Levels,
  curve: Curve,
  range: ValueRange | undefined,
): Quantizer {
  const window = windowOf(kind, curve.inputStart, curve.inputEnd);
  const map = valueMap(levels, curve, window, extentOf(kind, range));
  const isTabled = kind.width <= 2 && !kind.isFloat;
  return isTabled
    ? new TableQuantizer(kind, levels, curve, window, map)
    : new StepQuantizer(levels, curve, window, map);
}

/** The window within what the type can hold; all of that where the window is inverted, or wider. */
function windowOf({ range, isFloat }: PixelsKind, start: number, end: number): ValueRange {
  const isPossible = start <= end && (isFloat || end - start < range[1] - range[0] + 1);
  if (!isPossible) return [...range];
  return [Math.max(start, range[0]), Math.min(end, range[1])];
}

function extentOf({ range, isFloat }: PixelsKind, known: ValueRange | undefined): ValueRange {
  const [least, greatest] = known ?? range;
  const low = Number.isFinite(least) ? Math.max(least, range[0]) : range[0];
  const high = Number.isFinite(greatest) ? Math.min(greatest, range[1]) : range[1];
  if (low > high || (!isFloat && high - low > range[1] - range[0])) return [...range];
  return [toInt(Math.floor(low)), toInt(high)];
}

/** What a value within the window becomes. */
function valueMap(levels: Levels, curve: Curve, window: ValueRange, extent: ValueRange): (value: number) => number {
  const decile = decileMap(levels, curve, window, extent);
  const transform = transformOf(curve.family, curve.coefficient);
  const low = transform(0);
  const scale = levels.bitResolution / (transform(BRIGHTEST) - low);
  const stretch = (levels.cdEnd - levels.cdStart) / levels.bitResolution;
  return (value) => {
    const level = javaRound(scale * (transform(decile.level(value)) - low));
    return toByte(javaRound(stretch * level + decile.cdStart));
  };
}

interface DecileMap {
  readonly cdStart: number;
  readonly cdEnd: number;
  level(value: number): number;
}

/** The window stretched to 0-255, with both ends cut off where noise is reduced. */
function decileMap(levels: Levels, curve: Curve, [start, end]: ValueRange, [least, greatest]: ValueRange): DecileMap {
  const low = start <= least ? start : least;
  const high = end >= greatest ? end : greatest;
  const plain = { ...levels, low, high, from: start, span: end - start, height: BRIGHTEST, lift: 0 };
  const used = curve.noiseReduction ? reduced(plain, [start, end], (greatest - least) / DECILE) : plain;
  const slope = used.height / used.span;
  const offset = slope * used.from - used.lift;
  const level = (value: number) =>
    value > used.low ? (value <= used.high ? slope * value - offset : used.cdEnd) : used.cdStart;
  return { cdStart: used.cdStart, cdEnd: used.cdEnd, level };
}

type Stretch = Levels & { low: number; high: number; from: number; span: number; height: number; lift: number };

function reduced(plain: Stretch, [start, end]: ValueRange, decile: number): Stretch {
  const [low, high] = [plain.low + decile, plain.high - decile];
  const from = start >= low ? start : low;
  const to = end > high ? high : end;
  return {
    ...plain,
    low,
    high,
    from,
    // A window beyond the range on both sides leaves the range.
    span: start < low && end > high ? high - low : to - from,
    height: BRIGHTEST - 2 * DECILE,
    lift: DECILE,
    cdStart: Math.max(plain.cdStart, DECILE),
    cdEnd: Math.min(plain.cdEnd, BRIGHTEST - DECILE),
  };
}

function transformOf(family: FamilyName, coefficient: number): (value: number) => number {
  switch (family) {
    case "exponential":
      return (value) => Math.exp(value ** coefficient);
    case "logarithmic":
      return (value) => Math.log(value <= 0 ? 1 : value);
    case "polynomial":
      return (value) => value ** coefficient;
    default:
      return (value) => value;
  }
}

/** Brightness of every value that pixels of 8 or 16 bits can have. */
export class TableQuantizer implements Quantizer {
  /** By value, beginning with the least that there is. */
  readonly table: Uint8Array;
  readonly #least: number;

  constructor(
    kind: PixelsKind,
    levels: Levels,
    curve: Curve,
    [start, end]: ValueRange,
    map: (value: number) => number,
  ) {
    const [least, greatest] = kind.range;
    const { cdStart, cdEnd } = codomain(levels, curve);
    this.#least = least;
    this.table = new Uint8Array(greatest - least + 1);
    for (let value = least; value <= greatest; value++) {
      this.table[value - least] = value < start ? cdStart : value < end ? map(value) : cdEnd;
    }
    if (curve.isReversed) reverse(this.table, levels);
  }

  quantize(values: PixelValues): Uint8Array {
    const { table } = this;
    const least = this.#least;
    const result = new Uint8Array(values.length);
    for (let index = 0; index < result.length; index++) result[index] = table[values[index]! - least]!;
    return result;
  }

  /** The values themselves, negative ones after the others. */
  placesOf(values: PixelValues): ColourPlaces {
    const Places = values.BYTES_PER_ELEMENT === 1 ? Uint8Array : Uint16Array;
    return new Places(values.buffer as ArrayBuffer, values.byteOffset, values.length);
  }

  coloursOf(colours: Int32Array, order: ByteOrder): Int32Array {
    const { table } = this;
    const size = table.length <= 256 ? 256 : 65536;
    const isTurned = order === "stored" && size === 65536;
    const result = new Int32Array(size);
    for (let index = 0; index < table.length; index++) {
      const place = (index + this.#least) & (size - 1);
      result[isTurned ? turned16(place) : place] = colours[table[index]!]!;
    }
    return result;
  }
}

/** Values of more bits: what counts is in which of so many steps of the window they are. */
class StepQuantizer implements Quantizer {
  readonly #start: number;
  readonly #end: number;
  readonly #step: number;
  /** By step; what is below the window, at its start and above it comes after them. */
  readonly #levels: Uint8Array;

  constructor(levels: Levels, curve: Curve, [start, end]: ValueRange, map: (value: number) => number) {
    const count = levels.cdEnd - levels.cdStart + 1;
    this.#start = start;
    this.#end = end;
    this.#step = Math.abs(end - start) / count;
    const steps = Array.from({ length: count + 1 }, (_, index) => start + (index - 0.5) * this.#step);
    this.#levels = Uint8Array.from([...steps, start, start + this.#step / 2, end], map);
    if (curve.isReversed) reverse(this.#levels, levels);
  }

  quantize(values: PixelValues): Uint8Array {
    const levels = this.#levels;
    const [start, end, step] = [this.#start, this.#end, this.#step];
    const last = levels.length - 1;
    const result = new Uint8Array(values.length);
    for (let index = 0; index < result.length; index++) {
      const value = values[index]!;
      if (value < start) result[index] = levels[last - 2]!;
      else if (value > end) result[index] = levels[last]!;
      else if (value === start) result[index] = levels[last - 1]!;
      else result[index] = levels[Math.trunc((value - start) / step) || 0]!;
    }
    return result;
  }

  placesOf(values: PixelValues, order: ByteOrder): ColourPlaces {
    return this.quantize(order === "stored" ? inNativeOrder(values) : values);
  }

  coloursOf(colours: Int32Array): Int32Array {
    return colours;
  }
}

/** The ends of the codomain, narrower where noise is reduced. */
function codomain({ cdStart, cdEnd }: Levels, { noiseReduction }: Curve): { cdStart: number; cdEnd: number } {
  if (!noiseReduction) return { cdStart, cdEnd };
  return { cdStart: Math.max(cdStart, DECILE), cdEnd: Math.min(cdEnd, BRIGHTEST - DECILE) };
}

function reverse(levels: Uint8Array, { cdStart, cdEnd }: Levels): void {
  for (let index = 0; index < levels.length; index++) {
    const level = Math.min(Math.max(levels[index]!, cdStart), cdEnd);
    levels[index] = cdEnd - level + cdStart;
  }
}

/** A number of 16 bits with its two bytes in the other order. */
function turned16(value: number): number {
  return ((value & 0xff) << 8) | (value >> 8);
}

/** Half up, as Java rounds; what is no number becomes 0. */
function javaRound(value: number): number {
  return Number.isNaN(value) ? 0 : Math.round(value);
}

function toInt(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value)));
}

/** Values beyond a byte wrap around, once they fit 32 bits. */
function toByte(value: number): number {
  return toInt(value) & 0xff;
}
