/** Makes pictures of pixels, by rendering settings. */
import type { PlaneDef } from "../../../connect/ice/schema/omero.js";
import type { PixelSource } from "../../pixels/pixel-source.js";
import type { PixelValues } from "../../pixels/pixels-kinds.js";
import type { StoredPixels } from "../../pixels/stored-pixels.js";
import type { ChannelSettings, RenderingSettings } from "../settings/rendering-settings.js";
import { addColours, type ColourTable, colourTable, greyPicture, isWithinBrightness } from "./colours.js";
import type { LookupTables } from "./lookup-tables.js";
import { type Picture, planeRequest, readPlane } from "./plane-reader.js";
import { type Projection, project } from "./projection.js";
import { makeQuantizer, type Quantizer } from "./quantization.js";

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
    const pixels = await this.#picture(settings, request, (c) => readPlane(this.#source, request, c));
    return { width: request.width, height: request.height, pixels };
  }

  async renderProjected(settings: RenderingSettings, projection: Projection): Promise<PackedPicture> {
    const { x: width, y: height } = this.#source.layout.sizes;
    const read = (c: number) => project(this.#source, c, projection);
    return { width, height, pixels: await this.#picture(settings, { width, height }, read) };
  }

  async #picture(
    settings: RenderingSettings,
    { width, height }: Picture,
    read: (channel: number) => Promise<PixelValues>,
  ): Promise<Int32Array> {
    const active = [...settings.channels.entries()].filter(([, channel]) => channel.active);
    if (active.length === 0) return new Int32Array(width * height);
    if (settings.model === "greyscale") {
      const [index, channel] = active[0]!;
      return greyPicture(this.#quantizer(settings, index, channel).quantize(await read(index)), channel.alpha);
    }
    const picture = new Int32Array(width * height).fill(0xff000000 | 0);
    const tables = await this.#colours(active.map(([, channel]) => channel));
    const isPlain = isWithinBrightness(tables);
    for (const [position, [index, channel]] of active.entries()) {
      const brightness = this.#quantizer(settings, index, channel).quantize(await read(index));
      addColours(picture, brightness, tables[position]!, isPlain);
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
    return makeQuantizer(this.#pixels.layout.kind, settings, channel, this.#pixels.globalRange(index));
  }
}
