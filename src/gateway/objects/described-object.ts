import type { IObject, RString } from "../../connect/ice/schema/omero.js";
import { TableError } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { AnnotatedObject } from "../annotations/annotated-object.js";
import { namedRef } from "../loading/object-refs.js";
import { optionalText, textIn } from "../plain-values.js";
import { type ObjectChanges, updateObject } from "../saving/update-object.js";
import { LOAD_OPTIONS, type LoadOptions } from "./omero-object.js";

const OBJECT_CHANGES: OptionNames<ObjectChanges> = { name: true, description: true };

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

  /**
   * Changes name or description on the server, and gives the object as it is then. This one keeps what it was loaded with.
   *
   * @example
   * ```ts
   * const renamed = await image.update({ name: "cells, day 2" });
   * ```
   */
  async update(changes: ObjectChanges, options: LoadOptions = {}): Promise<this> {
    checkOptions(changes, OBJECT_CHANGES, "update");
    checkOptions(options, LOAD_OPTIONS, "update");
    const { signal } = options;
    await updateObject(this.context, namedRef(this), changes, this.groupId, signal);
    const updated = await this.reload({ signal });
    if (updated) return updated;
    throw new TableError("NOT_FOUND", `${this.type} ${this.id} was removed meanwhile`);
  }
}
