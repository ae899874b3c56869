import type { Annotation as AnnotationModel } from "../../connect/ice/schema/omero.js";
import { optionalText } from "../plain-values.js";
import { AnnotatedObject } from "./annotated-object.js";

declare module "./annotation-types.js" {
  interface AnnotationTypes {
    /** Any kind. */
    Annotation: Annotation;
  }
}

/** What is linked to objects: a tag, key-value pairs, a comment, a rating, a file. */
export class Annotation<Model extends AnnotationModel = AnnotationModel> extends AnnotatedObject<Model> {
  /** By which programs find their annotations. */
  get namespace(): string | undefined {
    return optionalText(this.model.ns);
  }
  /** Text that says what it is for. */
  get description(): string | undefined {
    return optionalText(this.model.description);
  }
  /** Its content; what that is, its class says. */
  get value(): unknown {
    return undefined;
  }

  override toJSON(): object {
    const value = typeof this.value === "bigint" ? String(this.value) : this.value;
    return { ...super.toJSON(), namespace: this.namespace, value };
  }
}
