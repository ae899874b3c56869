import type { IObject, RString } from "../../connect/ice/schema/omero.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { optionalText, textIn } from "../plain-values.js";

interface DescribedModel extends IObject {
  readonly name: RString | null;
  readonly description: RString | null;
}

/** An object with a name and a description. */
export class DescribedObject<Model extends DescribedModel = DescribedModel> extends AnnotatedObject<Model> {
  /** Its name. */
  get name(): string {
    return textIn(this.model.name);
  }
  /** Its description. */
  get description(): string | undefined {
    return optionalText(this.model.description);
  }
}
