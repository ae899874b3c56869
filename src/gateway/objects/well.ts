/** Wells of plates, and their fields. */
import type { IObject, Well as WellModel, WellSample as WellSampleModel } from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { Family, wrapIn } from "../loading/family.js";
import { wellLabel } from "../names/well-name.js";
import { dateOf, optionalText, type Quantity, quantityOf, scalarIn } from "../plain-values.js";
import type { Image } from "./image.js";
import { OmeroObject } from "./omero-object.js";

/** A well of a plate, with its fields and their images. */
export class Well extends AnnotatedObject<WellModel> {
  /** Row, from 0. */
  get row(): number {
    return this.model.row?.val ?? 0;
  }
  /** Column, from 0. */
  get column(): number {
    return this.model.column?.val ?? 0;
  }
  /** Its place as its plate calls rows and columns: `B3` unless it says otherwise. */
  get name(): string {
    const { rowNamingConvention, columnNamingConvention } = this.model.plate ?? {};
    return wellLabel(this, { rows: rowNamingConvention?.val, columns: columnNamingConvention?.val });
  }
  /** What is in it, where that is noted. */
  get wellType(): string | undefined {
    return optionalText(this.model.type);
  }
  /** Its fields, in order. */
  get wellSamples(): WellSample[] {
    const family = this.family.shared("samples", (wells) => new Family(this.context, wells.flatMap(samplesOf)));
    return samplesOf(this.model).map((sample) => wrapIn<WellSample>(family, sample));
  }
  /** How many fields it has. */
  countWellSamples(): number {
    return samplesOf(this.model).length;
  }
  /** The image of a field, from 0; undefined where there is none. */
  getImage(index = 0): Image | undefined {
    return this.wellSamples[index]?.image;
  }
  /** The images of its fields. */
  get images(): Image[] {
    return this.wellSamples.flatMap(({ image }) => image ?? []);
  }

  override toJSON(): object {
    const wellSamples = this.wellSamples.map(({ id, image }) => ({
      id,
      image: image && { id: image.id, name: image.name },
    }));
    return { ...super.toJSON(), name: this.name, wellSamples };
  }
}

/** A field of a well: an image, where it was taken, and in which acquisition. */
export class WellSample extends OmeroObject<WellSampleModel> {
  /** The field's image. */
  get image(): Image | undefined {
    const { image } = this.model;
    if (!image) return undefined;
    const family = this.family.shared("images", (samples) => new Family(this.context, samples.flatMap(imageOf)));
    return wrapIn<Image>(family, image);
  }
  /** Where it was taken in the well. */
  get positionX(): Quantity | undefined {
    return quantityOf(this.model.posX);
  }
  /** Where it was taken in the well. */
  get positionY(): Quantity | undefined {
    return quantityOf(this.model.posY);
  }
  /** When it was taken. */
  get timepoint(): Date | undefined {
    return dateOf(this.model.timepoint);
  }
  /** Id of the acquisition that it belongs to. */
  get plateAcquisitionId(): number | undefined {
    const id = scalarIn(this.model.plateAcquisition?.id);
    return id === undefined ? undefined : Number(id);
  }
}

function samplesOf(well: IObject): WellSampleModel[] {
  return (well as WellModel).wellSamplesSeq.filter((sample) => sample !== null);
}

function imageOf(sample: IObject): IObject[] {
  const { image } = sample as WellSampleModel;
  return image ? [image] : [];
}
