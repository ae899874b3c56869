/** Regions of interest, and the shapes they are made of. */
import type { Roi as RoiModel, Shape as ShapeModel } from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { optionalText, scalarIn } from "../plain-values.js";
import { imageRoi, roiShape } from "../rois/shape-objects.js";
import type { RoiShape } from "../rois/shapes.js";

/** A region of interest of an image, with its shapes. */
export class Roi extends AnnotatedObject<RoiModel> {
  /** Its name; many have none. */
  get name(): string | undefined {
    return optionalText(this.model.name);
  }
  /** Its description. */
  get description(): string | undefined {
    return optionalText(this.model.description);
  }
  /** Id of its image. */
  get imageId(): number | undefined {
    const id = scalarIn(this.model.image?.id);
    return id === undefined ? undefined : Number(id);
  }
  /** Id of the user who owns it. */
  get ownerId(): number | undefined {
    return this.details.owner?.id;
  }
  /** Its shapes, with plain values: as `image.rois()` gives them, and `image.updateRois` takes them. */
  get shapes(): readonly RoiShape[] {
    return imageRoi(this.model, this.imageId ?? -1).shapes;
  }

  override toJSON(): object {
    return { ...super.toJSON(), shapes: this.shapes };
  }
}

/** A shape of a region, by itself. */
export class Shape extends AnnotatedObject<ShapeModel> {
  /** Where it is and how it looks, with plain values. */
  get shape(): RoiShape {
    return roiShape(this.model);
  }
  /** Section that it lies in; undefined for all. */
  get theZ(): number | undefined {
    return scalarIn(this.model.theZ);
  }
  /** Channel that it lies in; undefined for all. */
  get theC(): number | undefined {
    return scalarIn(this.model.theC);
  }
  /** Time point that it lies in; undefined for all. */
  get theT(): number | undefined {
    return scalarIn(this.model.theT);
  }
  /** Its text. */
  get text(): string | undefined {
    return "textValue" in this.model ? optionalText(this.model.textValue as { val: string } | null) : undefined;
  }

  override toJSON(): object {
    return { ...super.toJSON(), ...this.shape, id: this.id };
  }
}
