/** `omero::api::Exporter`: an image as OME-TIFF, or its OME-XML. */

import type { Current } from "../../../connect/ice/serve/served-object.js";
import { WireError } from "../../../errors.js";
import { apiUsage, resourceError } from "../../exceptions.js";
import { pixelsOfImage, StoredPixels } from "../../pixels/stored-pixels.js";
import { StatefulServant } from "../../services/stateful-servant.js";
import { tiffHead } from "./ome-tiff.js";
import { omeXml } from "./ome-xml.js";

interface Export {
  /** What is before the pixels. */
  readonly head: Buffer;
  /** Undefined where there is only XML. */
  readonly pixels: StoredPixels | undefined;
}

export class Exporter extends StatefulServant {
  #pixels: StoredPixels | undefined;
  #export: Export | undefined;

  addImage(id: bigint, current: Current): void {
    const { world } = this.context;
    world.get(this.context.access(current), "Image", id);
    const [pixels] = pixelsOfImage(world, id);
    if (!pixels) throw apiUsage(`Image ${id} has no pixels`);
    this.#pixels = new StoredPixels(world, pixels);
  }

  /** Answers the size, in bytes. */
  async generateTiff(): Promise<bigint> {
    const { world } = this.context;
    const pixels = this.#added;
    if (!(await world.pixels.exists(pixels.id))) throw resourceError(`There are no pixels for id=${pixels.id} yet`);
    this.#export = { head: tiffHead(pixels.layout, omeXml(world, pixels)), pixels };
    return this.#size;
  }

  generateXml(): bigint {
    this.#export = { head: Buffer.from(omeXml(this.context.world, this.#added)), pixels: undefined };
    return this.#size;
  }

  /** @throws WireError `LIMIT_EXCEEDED` for more than an answer can hold. */
  async read(position: bigint, length: number): Promise<Uint8Array> {
    if (!this.#export) throw apiUsage("Call a generate method first");
    const start = Number(position);
    const end = Math.min(start + length, Number(this.#size));
    if (start < 0 || length < 0) throw apiUsage(`Cannot read ${length} bytes at ${start}`);
    if (length > this.context.messageSizeMax) {
      const text = `an answer of ${length} bytes exceeds the limit of ${this.context.messageSizeMax}`;
      throw new WireError("LIMIT_EXCEEDED", `::Ice::MemoryLimitException: ${text}`);
    }
    const { head, pixels } = this.#export;
    const first = head.subarray(Math.min(start, head.length), Math.min(end, head.length));
    const from = Math.max(0, start - head.length);
    const count = Math.max(0, end - head.length - from);
    if (!pixels || count === 0) return first;
    return Buffer.concat([first, await this.context.world.pixels.read(pixels.id, from, count)]);
  }

  get #added(): StoredPixels {
    if (!this.#pixels) throw apiUsage("No image to export: add one first");
    return this.#pixels;
  }

  get #size(): bigint {
    const { head, pixels } = this.#export!;
    return BigInt(head.length + (pixels?.layout.totalSize ?? 0));
  }
}
