/** Regions of interest, and the shapes they are made of. */
import type { Roi as RoiModel, Shape as ShapeModel } from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { Family, wrapIn } from "../loading/family.js";
import { optionalText, scalarIn } from "../plain-values.js";

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
  /** Its shapes. */
  get shapes(): Shape[] {
    const shapes = this.model.shapesSeq.filter((shape) => shape !== null);
    const family = new Family(this.context, shapes);
    return shapes.map((shape) => wrapIn<Shape>(family, shape));
  }

  override toJSON(): object {
    return { ...super.toJSON(), shapes: this.shapes.map((shape) => shape.toJSON()) };
  }
}

/** A shape of a region: its `type` says which, `toJSON` gives its places. */
export class Shape extends AnnotatedObject<ShapeModel> {
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
}
