import { TABLE_MIMETYPE } from "../../columns/table.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { type Attachment, attachmentsOf } from "../attachments.js";
import { linkTarget } from "../links.js";
import { namedRef } from "../loading/object-refs.js";
import type { Relation } from "../loading/related-objects.js";
import { relationsAbove } from "../loading/relations.js";
import { type LoadOptions, OmeroObject } from "../objects/omero-object.js";
import { annotateObjects, linkAnnotations, type WriteOptions } from "./annotate.js";
import type { AnnotationType, AnnotationTypes } from "./annotation-types.js";
import { linkType } from "./link-type.js";
import type { KeyValue, NewAnnotation } from "./new-annotation.js";
import { annotationConditions, removeAnnotations, unlinkAnnotations } from "./remove-annotations.js";

type AnyAnnotation = AnnotationTypes["Annotation"];

/** Which annotations are meant. */
export interface AnnotationsOptions<Type extends AnnotationType = "Annotation"> extends LoadOptions {
  /** Only this kind. Default: all. */
  readonly type?: Type | undefined;
  /** Only of this namespace. */
  readonly namespace?: string | undefined;
}

const ANNOTATIONS_OPTIONS: OptionNames<AnnotationsOptions> = { type: true, namespace: true, signal: true };

/** Which tables of an object are meant. */
export interface TablesOptions extends LoadOptions {
  /** Only those whose annotation is of this namespace. */
  readonly namespace?: string | undefined;
  /** Only those of this name. */
  readonly name?: string | undefined;
}

const TABLES_OPTIONS: OptionNames<TablesOptions> = { namespace: true, name: true, signal: true };

/** What others lie in. */
export type ParentObject = AnnotatedObject & {
  /** Its name. */
  readonly name: string;
};

/** An object that annotations are linked to. */
export class AnnotatedObject<Model extends IObject = IObject> extends OmeroObject<Model> {
  #parents: Promise<ParentObject[]> | undefined;

  /**
   * The annotations linked to it, in the order of their ids.
   *
   * @example
   * ```ts
   * for await (const { value } of image.listAnnotations({ type: "TagAnnotation" })) console.log(value);
   * ```
   */
  listAnnotations<Type extends AnnotationType = "Annotation">(
    options: AnnotationsOptions<Type> = {},
  ): AsyncGenerator<AnnotationTypes[Type], void, undefined> {
    checkOptions<AnnotationsOptions<AnnotationType>>(options, ANNOTATIONS_OPTIONS, "listAnnotations");
    return this.relatedBy(annotationsOf(this.type, options), { signal: options.signal }, "listAnnotations");
  }

  /** How many annotations are linked to it. */
  countAnnotations(options: AnnotationsOptions<AnnotationType> = {}): Promise<number> {
    checkOptions<AnnotationsOptions<AnnotationType>>(options, ANNOTATIONS_OPTIONS, "countAnnotations");
    return this.countBy(annotationsOf(this.type, options), { signal: options.signal }, "countAnnotations");
  }

  /** The first annotation of a namespace; undefined where there is none. */
  async getAnnotation(namespace: string, options: LoadOptions = {}): Promise<AnyAnnotation | undefined> {
    for await (const annotation of this.listAnnotations({ ...options, namespace })) return annotation;
    return undefined;
  }

  /** The texts of its tags. */
  async tags(options: LoadOptions & { readonly namespace?: string | undefined } = {}): Promise<string[]> {
    const tags: string[] = [];
    for await (const { value } of this.listAnnotations({ ...options, type: "TagAnnotation" })) tags.push(value);
    return tags;
  }

  /** Its key-value pairs, those of all its annotations in order, those of one name included. */
  async keyValues(options: LoadOptions & { readonly namespace?: string | undefined } = {}): Promise<KeyValue[]> {
    const pairs: KeyValue[] = [];
    for await (const { value } of this.listAnnotations({ ...options, type: "MapAnnotation" })) pairs.push(...value);
    return pairs;
  }

  /** The tables attached to it, in the order they were attached. */
  tables(options: TablesOptions = {}): Promise<Attachment[]> {
    checkOptions(options, TABLES_OPTIONS, "tables");
    const { namespace, name, signal } = options;
    const filter = { namespace, name, mimetype: TABLE_MIMETYPE };
    return attachmentsOf(this.connection, linkTarget(this.type, this.id), filter, this.groupId, { signal });
  }

  /**
   * Makes an annotation and links it to this object; a tag of the user's that is there already is taken.
   *
   * @example
   * ```ts
   * await image.annotate({ tag: "best" });
   * await image.annotate({ keyValues: { stain: "DAPI", dose: "3 µM" } });
   * ```
   */
  annotate(annotation: NewAnnotation, options: WriteOptions = {}): Promise<AnyAnnotation> {
    return this.#changing(annotateObjects(this.context, [this], annotation, options));
  }

  /** Links an annotation that is there. */
  linkAnnotation(annotation: AnyAnnotation, options: WriteOptions = {}): Promise<void> {
    return this.#changing(linkAnnotations(this.context, [this], [annotation], options));
  }

  /** Takes annotations off this object: those of a kind or namespace, or all. They stay. Returns how many. */
  unlinkAnnotations(options: AnnotationsOptions<AnnotationType> = {}): Promise<number> {
    checkOptions<AnnotationsOptions<AnnotationType>>(options, ANNOTATIONS_OPTIONS, "unlinkAnnotations");
    return this.#changing(unlinkAnnotations(this.context, [namedRef(this)], options, options.signal));
  }

  /** Takes one annotation off this object; it stays. */
  async unlinkAnnotation(annotation: AnyAnnotation, { signal }: WriteOptions = {}): Promise<void> {
    const ids = [BigInt(annotation.id)];
    await this.#changing(unlinkAnnotations(this.context, [namedRef(this)], { ids }, signal));
  }

  /** Removes annotations of this object, from others that have them as well. Returns how many. */
  removeAnnotations(options: AnnotationsOptions<AnnotationType> = {}): Promise<number> {
    checkOptions<AnnotationsOptions<AnnotationType>>(options, ANNOTATIONS_OPTIONS, "removeAnnotations");
    return this.#changing(removeAnnotations(this.context, [namedRef(this)], options, options.signal));
  }

  /** What it lies in: the datasets or wells of an image, the projects of a dataset. Asked for once; `reload` asks again. */
  async parents(options: LoadOptions = {}): Promise<ParentObject[]> {
    const known = this.#parents ?? this.#findParents(options);
    this.#parents = known;
    try {
      return [...(await known)];
    } catch (error) {
      this.#parents = undefined;
      throw error;
    }
  }

  /** The first that it lies in; undefined for what lies in nothing. */
  async getParent(options: LoadOptions = {}): Promise<ParentObject | undefined> {
    return (await this.parents(options))[0];
  }

  async #findParents(options: LoadOptions): Promise<ParentObject[]> {
    const found: ParentObject[] = [];
    for (const relation of relationsAbove(this.type)) {
      for await (const parent of this.relatedBy<ParentObject>(relation, options, "parents")) found.push(parent);
    }
    return found;
  }

  /** What is asked of it after a change is asked of the server. */
  async #changing<T>(change: Promise<T>): Promise<T> {
    try {
      return await change;
    } finally {
      this.forgetRelated();
    }
  }

  /** Its first parent, that one's, and so on up to what lies in nothing. */
  async ancestry(options: LoadOptions = {}): Promise<ParentObject[]> {
    const parent = await this.getParent(options);
    return parent === undefined ? [] : [parent, ...(await parent.ancestry(options))];
  }
}

/** How objects of a type lead to their annotations. */
function annotationsOf(parentType: string, options: AnnotationsOptions<AnnotationType>): Relation {
  const { type = "Annotation", namespace } = options;
  const { conditions, values } = annotationConditions({ type, namespace });
  const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
  return {
    key: `annotations ${type} ${JSON.stringify(namespace)}`,
    type,
    from: `${linkType(parentType)} l join l.child a${where}`,
    parent: "l.parent.id",
    child: "a.id",
    values,
  };
}
