import type { Pixels as PixelsModel } from "../../connect/ice/schema/omero.js";
import { optionalText, type Quantity, quantityOf, scalarIn } from "../plain-values.js";
import { OmeroObject } from "./omero-object.js";
import { idWithin } from "./plain-members.js";

/** What is known of an image's pixels; `image.pixels` reads them. */
export class PixelsObject extends OmeroObject<PixelsModel> {
  /** Id of the image. */
  get imageId(): number | undefined {
    return idWithin(this.model.image);
  }
  /** Pixels in a row. */
  get sizeX(): number {
    return this.model.sizeX?.val ?? 0;
  }
  /** Rows of a plane. */
  get sizeY(): number {
    return this.model.sizeY?.val ?? 0;
  }
  /** Sections. */
  get sizeZ(): number {
    return this.model.sizeZ?.val ?? 0;
  }
  /** Channels. */
  get sizeC(): number {
    return this.model.sizeC?.val ?? 0;
  }
  /** Time points. */
  get sizeT(): number {
    return this.model.sizeT?.val ?? 0;
  }
  /** OMERO's name of the type of a pixel, for example `uint16`. */
  get pixelsType(): string | undefined {
    return optionalText(this.model.pixelsType?.value);
  }
  /** Bits of a pixel that say something. */
  get significantBits(): number | undefined {
    return scalarIn(this.model.significantBits);
  }
  /** For example `XYZCT`. */
  get dimensionOrder(): string | undefined {
    return optionalText(this.model.dimensionOrder?.value);
  }
  /** SHA-1 of all bytes, in hexadecimal. */
  get sha1(): string | undefined {
    return optionalText(this.model.sha1);
  }
  /** Width of a pixel in the world. */
  get physicalSizeX(): Quantity | undefined {
    return quantityOf(this.model.physicalSizeX);
  }
  /** Height of a pixel in the world. */
  get physicalSizeY(): Quantity | undefined {
    return quantityOf(this.model.physicalSizeY);
  }
  /** Distance of sections in the world. */
  get physicalSizeZ(): Quantity | undefined {
    return quantityOf(this.model.physicalSizeZ);
  }
  /** Time between time points. */
  get timeIncrement(): Quantity | undefined {
    return quantityOf(this.model.timeIncrement);
  }
}
