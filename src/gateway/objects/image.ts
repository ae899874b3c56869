import type { Pixels as PixelsModel } from "../../connect/ice/schema/omero.js";
import { dateOf, optionalText, type Quantity, quantityOf } from "../plain-values.js";
import { ImageContent } from "./image-content.js";

/** An image. Its size and type come with it; its pixels, channels and regions when they are asked for. */
export class Image extends ImageContent {
  /** When it was acquired, or brought to OMERO where that is not known. */
  get date(): Date | undefined {
    return this.acquisitionDate ?? this.details.createdAt;
  }
  /** When it was acquired, where that is known. */
  get acquisitionDate(): Date | undefined {
    const date = dateOf(this.model.acquisitionDate);
    return date && date.getTime() > 0 ? date : undefined;
  }
  /** The Pixels object as the server gave it: size and type of the pixels, not the pixels themselves. Undefined for an image without. */
  get primaryPixels(): PixelsModel | undefined {
    return this.model.pixelsSeq[0] ?? undefined;
  }
  /** Id of its Pixels. */
  get pixelsId(): number | undefined {
    const id = this.primaryPixels?.id?.val;
    return id === undefined ? undefined : Number(id);
  }
  /** Pixels in a row. */
  get sizeX(): number | undefined {
    return this.primaryPixels?.sizeX?.val;
  }
  /** Rows of a plane. */
  get sizeY(): number | undefined {
    return this.primaryPixels?.sizeY?.val;
  }
  /** Sections. */
  get sizeZ(): number | undefined {
    return this.primaryPixels?.sizeZ?.val;
  }
  /** Channels. */
  get sizeC(): number | undefined {
    return this.primaryPixels?.sizeC?.val;
  }
  /** Time points. */
  get sizeT(): number | undefined {
    return this.primaryPixels?.sizeT?.val;
  }
  /** OMERO's name of the type of a pixel, for example `uint16`. */
  get pixelsType(): string | undefined {
    return optionalText(this.primaryPixels?.pixelsType?.value);
  }
  /** Width of a pixel in the world. */
  get pixelSizeX(): Quantity | undefined {
    return quantityOf(this.primaryPixels?.physicalSizeX);
  }
  /** Height of a pixel in the world. */
  get pixelSizeY(): Quantity | undefined {
    return quantityOf(this.primaryPixels?.physicalSizeY);
  }
  /** Distance of sections in the world. */
  get pixelSizeZ(): Quantity | undefined {
    return quantityOf(this.primaryPixels?.physicalSizeZ);
  }

  override toJSON(): object {
    const { pixelsId, sizeX, sizeY, sizeZ, sizeC, sizeT, pixelsType, pixelSizeX, pixelSizeY, pixelSizeZ } = this;
    const pixels = { pixelsId, sizeX, sizeY, sizeZ, sizeC, sizeT, pixelsType, pixelSizeX, pixelSizeY, pixelSizeZ };
    return { ...super.toJSON(), ...pixels };
  }
}
