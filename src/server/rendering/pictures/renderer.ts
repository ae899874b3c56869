/** Makes pictures of pixels, by rendering settings. */
import type { PlaneDef } from "../../../connect/ice/schema/omero.js";
import { reusedBuffers } from "../../../flow/reused-buffers.js";
import type { PixelSource } from "../../pixels/pixel-source.js";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { ChannelSettings, RenderingSettings } from "../settings/rendering-settings.js";
import { type ColourTable, colourTable, greyTable, isWithinBrightness, opaque, paint } from "./colours.js";
import type { LookupTables } from "./lookup-tables.js";
import { type Picture, type PictureValues, planeRequest, planeValues, wholeValues } from "./plane-reader.js";
import { type Projection, project } from "./projection.js";
import { type Quantizer, quantizerFor } from "./quantization.js";

/** Pixels 0xAARRGGBB, in a buffer to be used again. */
export interface PackedPicture extends Picture {
  readonly pixels: Int32Array;
}

export class Renderer {
  readonly #pixels: StoredPixels;
  readonly #source: PixelSource;
  readonly #tables: LookupTables;

  constructor(pixels: StoredPixels, source: PixelSource, tables: LookupTables) {
    this.#pixels = pixels;
    this.#source = source;
    this.#tables = tables;
  }

  async render(settings: RenderingSettings, def: PlaneDef | null): Promise<PackedPicture> {
    const request = planeRequest(this.#source, def);
    return this.#picture(settings, request, planeValues(this.#source, request));
  }

  async renderProjected(settings: RenderingSettings, projection: Projection): Promise<PackedPicture> {
    const { x: width, y: height } = this.#source.layout.sizes;
    const projected = wholeValues((c) => project(this.#source, c, projection));
    return this.#picture(settings, { width, height }, projected);
  }

  async #picture(
    settings: RenderingSettings,
    { width, height }: Picture,
    { order, bands }: PictureValues,
  ): Promise<PackedPicture> {
    const pixels = new Int32Array(reusedBuffers.take(4 * width * height).buffer, 0, width * height);
    const shown = shownChannels(settings);
    if (shown.length === 0) return { width, height, pixels: pixels.fill(0) };
    const { tables, isPlain } = await this.#tablesOf(settings, shown);
    const quantizers = shown.map((index) => this.#quantizer(settings, index));
    const colours = quantizers.map((quantizer, at) => quantizer.coloursOf(tables[at]!, order));
    for await (const { start, end, values } of bands(shown)) {
      const found = values.map((one, at) => ({ places: quantizers[at]!.placesOf(one, order), colours: colours[at]! }));
      paint(pixels.subarray(start, end), found, isPlain);
    }
    return { width, height, pixels };
  }

  /** Of the channels that are shown; and whether no sum of their colours can be too bright. */
  async #tablesOf({ model, channels }: RenderingSettings, shown: readonly number[]) {
    if (model === "greyscale") return { tables: [greyTable(channels[shown[0]!]!.alpha)], isPlain: true };
    const tables = await this.#colours(shown.map((index) => channels[index]!));
    return { tables: tables.with(0, opaque(tables[0]!)), isPlain: isWithinBrightness(tables) };
  }

  async #colours(channels: readonly ChannelSettings[]): Promise<ColourTable[]> {
    const tables: ColourTable[] = [];
    for (const channel of channels) {
      const lookup = channel.lookupTable === null ? undefined : await this.#tables.find(channel.lookupTable);
      tables.push(colourTable(channel, lookup));
    }
    return tables;
  }

  #quantizer(settings: RenderingSettings, index: number): Quantizer {
    const channel = settings.channels[index]!;
    return quantizerFor(this.#pixels.layout.kind, settings, channel, this.#pixels.globalRange(index));
  }
}

/** All that are active; the first of them in shades of grey. */
function shownChannels({ model, channels }: RenderingSettings): number[] {
  const active = [...channels.keys()].filter((index) => channels[index]!.active);
  return model === "greyscale" ? active.slice(0, 1) : active;
}
