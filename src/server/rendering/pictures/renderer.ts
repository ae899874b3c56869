/** Makes pictures of pixels, by rendering settings. */
import type { PlaneDef } from "../../../connect/ice/schema/omero.js";
import type { PixelSource } from "../../pixels/pixel-source.js";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { ChannelSettings, RenderingSettings } from "../settings/rendering-settings.js";
import { addColours, type ColourTable, colourTable, greyTable, isWithinBrightness } from "./colours.js";
import type { LookupTables } from "./lookup-tables.js";
import { bandsOf, type Picture, type PictureBand, planeRequest } from "./plane-reader.js";
import { type Projection, project } from "./projection.js";
import { type Quantizer, quantizerFor } from "./quantization.js";

/** Pixels 0xAARRGGBB. */
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
    const pixels = await this.#picture(settings, request, bandsOf(this.#source, request));
    return { width: request.width, height: request.height, pixels };
  }

  async renderProjected(settings: RenderingSettings, projection: Projection): Promise<PackedPicture> {
    const { x: width, y: height } = this.#source.layout.sizes;
    const whole = { start: 0, end: width * height, read: (c: number) => project(this.#source, c, projection) };
    return { width, height, pixels: await this.#picture(settings, { width, height }, [whole]) };
  }

  async #picture(
    settings: RenderingSettings,
    { width, height }: Picture,
    bands: readonly PictureBand[],
  ): Promise<Int32Array> {
    const isGrey = settings.model === "greyscale";
    const active = [...settings.channels.entries()].filter(([, channel]) => channel.active);
    const shown = isGrey ? active.slice(0, 1) : active;
    const picture = new Int32Array(width * height);
    if (shown.length === 0) return picture;
    if (!isGrey) picture.fill(0xff000000 | 0);
    const channels = shown.map(([, channel]) => channel);
    const tables = isGrey ? [greyTable(channels[0]!.alpha)] : await this.#colours(channels);
    const quantizers = shown.map(([index, channel]) => this.#quantizer(settings, index, channel));
    const colours = quantizers.map((quantizer, position) => quantizer.coloursOf(tables[position]!));
    const isPlain = isGrey || isWithinBrightness(tables);
    for (const { start, end, read } of bands) {
      const values = await Promise.all(shown.map(([index]) => read(index)));
      const found = values.map((one, at) => ({ places: quantizers[at]!.placesOf(one), colours: colours[at]! }));
      addColours(picture.subarray(start, end), found, isPlain);
    }
    return picture;
  }

  async #colours(channels: readonly ChannelSettings[]): Promise<ColourTable[]> {
    const tables: ColourTable[] = [];
    for (const channel of channels) {
      const lookup = channel.lookupTable === null ? undefined : await this.#tables.find(channel.lookupTable);
      tables.push(colourTable(channel, lookup));
    }
    return tables;
  }

  #quantizer(settings: RenderingSettings, index: number, channel: ChannelSettings): Quantizer {
    return quantizerFor(this.#pixels.layout.kind, settings, channel, this.#pixels.globalRange(index));
  }
}
