import type { Pixels as PixelsModel } from "../../connect/ice/schema/omero.js";
import { checkOptions } from "../../flow/options.js";
import type { Relation } from "../loading/related-objects.js";
import { FILESET_OF_IMAGE, INSTRUMENT_OF_IMAGE } from "../loading/relations.js";
import { dateOf, optionalText, type Quantity, quantityOf } from "../plain-values.js";
import { type ImageAcquisition, imageAcquisition } from "./acquisition/image-acquisition.js";
import type { Instrument } from "./acquisition/instrument.js";
import type { Fileset } from "./fileset.js";
import { ImageContent } from "./image-content.js";
import { LOAD_OPTIONS, type LoadOptions } from "./omero-object.js";

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
  /** The files that it was imported from; undefined for an image that was not. */
  getFileset(options: LoadOptions = {}): Promise<Fileset | undefined> {
    return this.#first(FILESET_OF_IMAGE, options, "getFileset");
  }
  /** What acquired it, where that is known. */
  getInstrument(options: LoadOptions = {}): Promise<Instrument | undefined> {
    return this.#first(INSTRUMENT_OF_IMAGE, options, "getInstrument");
  }
  /** How its objective was set, what it was like around the sample, and where the stage was. */
  acquisition(options: LoadOptions = {}): Promise<ImageAcquisition> {
    checkOptions(options, LOAD_OPTIONS, "acquisition");
    return imageAcquisition(this.context, this.id, { group: this.groupId, signal: options.signal });
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

  async #first<T>(relation: Relation, options: LoadOptions, functionName: string): Promise<T | undefined> {
    for await (const found of this.relatedBy<T>(relation, options, functionName)) return found;
    return undefined;
  }

  override toJSON(): object {
    const { pixelsId, sizeX, sizeY, sizeZ, sizeC, sizeT, pixelsType, pixelSizeX, pixelSizeY, pixelSizeZ } = this;
    const pixels = { pixelsId, sizeX, sizeY, sizeZ, sizeC, sizeT, pixelsType, pixelSizeX, pixelSizeY, pixelSizeZ };
    return { ...super.toJSON(), ...pixels };
  }
}
