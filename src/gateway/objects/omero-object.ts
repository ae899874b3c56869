import { inspect } from "node:util";
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { Family, wrapIn } from "../loading/family.js";
import { type ObjectContext, typeNameOf } from "../loading/object-context.js";
import { loadByIds } from "../loading/query-rows.js";
import type { Relation } from "../loading/related-objects.js";
import { type ObjectDetails, objectDetails } from "./details.js";
import { plainMembers } from "./plain-members.js";

/** Options of what is loaded for an object. */
export interface LoadOptions {
  /** Ends loading. */
  readonly signal?: AbortSignal | undefined;
}

export const LOAD_OPTIONS: OptionNames<LoadOptions> = { signal: true };

/**
 * An object that OMERO keeps, as a plain object with typed properties. What its properties say was loaded with it; what
 * needs another call is a method. Objects that came together ask together: the children of all datasets of a project come
 * by one call, when those of the first are listed.
 */
export class OmeroObject<Model extends IObject = IObject> {
  /** The connection that it came by. */
  declare readonly connection: OmeroConnection;
  /** The object as the server gave it, with OMERO's wrapped values: for services, which take and give such objects. */
  declare readonly model: Model;
  /** @internal */
  declare protected readonly context: ObjectContext;
  /** @internal What came with it. */
  declare protected readonly family: Family;
  #details: ObjectDetails | undefined;

  /** @internal */
  constructor(context: ObjectContext, model: Model, family: Family = new Family(context, [model])) {
    hide(this, { connection: context.connection, model, context, family });
  }

  /** OMERO's name of its type, for example `Image`. */
  get type(): string {
    return typeNameOf(this.model);
  }

  /** Its id. */
  get id(): number {
    return idNumber(this.model.id!.val, this.type);
  }

  /** Owner, group, permissions and dates. */
  get details(): ObjectDetails {
    this.#details ??= objectDetails(this.model.details);
    return this.#details;
  }

  /** The object as it is on the server now. Undefined where it has been removed. */
  async reload(options: LoadOptions = {}): Promise<this | undefined> {
    checkOptions(options, LOAD_OPTIONS, "reload");
    const { signal } = options;
    const [model] = await loadByIds(this.context, this.type, [this.model.id!.val], { group: this.groupId, signal });
    return model && wrapIn<this>(new Family(this.context, [model]), model);
  }

  /** What JSON and printing show: all that is plain, and {@link details}. */
  toJSON(): object {
    return { type: this.type, id: this.id, ...plainMembers(this.model), details: this.details };
  }

  [inspect.custom](): string {
    const { details: _, type: __, ...shown } = this.toJSON() as Record<string, unknown>;
    return `${this.constructor.name} ${inspect(shown)}`;
  }

  /** @internal Has what lies around it be asked for again, after a change. */
  forgetRelated(): void {
    this.family.forget();
  }

  /** @internal The group it is in, which calls about it work in; undefined for users and groups. */
  protected get groupId(): number | undefined {
    return this.details.group?.id;
  }

  /** @internal The objects that a relation leads to. @param functionName for the message about options */
  protected relatedBy<T>(
    relation: Relation,
    options: LoadOptions,
    functionName: string,
  ): AsyncGenerator<T, void, undefined> {
    checkOptions(options, LOAD_OPTIONS, functionName);
    const { signal } = options;
    return this.family.related(relation).of(this.model.id!.val, signal) as AsyncGenerator<T, void, undefined>;
  }

  /** @internal How many objects a relation leads to. */
  protected countBy(relation: Relation, options: LoadOptions, functionName: string): Promise<number> {
    checkOptions(options, LOAD_OPTIONS, functionName);
    return this.family.related(relation).count(this.model.id!.val, options.signal);
  }
}

/** Members that are not shown to those who print or compare objects. */
function hide(object: object, members: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(members)) Object.defineProperty(object, name, { value });
}
