/** A class for each kind of annotation. */
import type {
  BooleanAnnotation as BooleanModel,
  CommentAnnotation as CommentModel,
  DoubleAnnotation as DoubleModel,
  FileAnnotation as FileModel,
  ListAnnotation as ListModel,
  LongAnnotation as LongModel,
  MapAnnotation as MapModel,
  TagAnnotation as TagModel,
  TermAnnotation as TermModel,
  TimestampAnnotation as TimestampModel,
  XmlAnnotation as XmlModel,
} from "../../connect/ice/schema/omero.js";
import { wrapAll } from "../loading/family.js";
import type { Relation } from "../loading/related-objects.js";
import type { LoadOptions } from "../objects/omero-object.js";
import type { OriginalFile } from "../objects/original-file.js";
import { dateOf, integerOf, textIn } from "../plain-values.js";
import { Annotation } from "./annotation.js";
import { RATING_NAMESPACE, TAG_SET_NAMESPACE } from "./namespaces.js";
import type { KeyValue } from "./new-annotation.js";

declare module "./annotation-types.js" {
  interface AnnotationTypes {
    /** True or false. */
    BooleanAnnotation: BooleanAnnotation;
    /** Comments. */
    CommentAnnotation: CommentAnnotation;
    /** Numbers. */
    DoubleAnnotation: DoubleAnnotation;
    /** Attached files. */
    FileAnnotation: FileAnnotation;
    /** What others are linked to. */
    ListAnnotation: ListAnnotation;
    /** Whole numbers, ratings among them. */
    LongAnnotation: LongAnnotation;
    /** Key-value pairs. */
    MapAnnotation: MapAnnotation;
    /** Tags and sets of tags. */
    TagAnnotation: TagAnnotation;
    /** Terms of ontologies. */
    TermAnnotation: TermAnnotation;
    /** Points in time. */
    TimestampAnnotation: TimestampAnnotation;
    /** Documents in XML. */
    XmlAnnotation: XmlAnnotation;
  }
}

const TAGS_OF_SET: Relation = {
  key: "tags of set",
  type: "TagAnnotation",
  from: "AnnotationAnnotationLink l join l.child c where c.class = TagAnnotation",
  parent: "l.parent.id",
  child: "c.id",
};
const SETS_OF_TAG: Relation = {
  key: "sets of tag",
  type: "TagAnnotation",
  from: "AnnotationAnnotationLink l join l.parent p where p.class = TagAnnotation",
  parent: "l.child.id",
  child: "p.id",
};

/** A tag, or a set of tags. */
export class TagAnnotation extends Annotation<TagModel> {
  /** The tag's text. */
  override get value(): string {
    return textIn(this.model.textValue);
  }
  /** Whether it is a set that other tags are in. */
  get isTagSet(): boolean {
    return this.namespace === TAG_SET_NAMESPACE;
  }
  /** The tags in this set. */
  listTags(options: LoadOptions = {}): AsyncGenerator<TagAnnotation, void, undefined> {
    return this.relatedBy(TAGS_OF_SET, options, "listTags");
  }
  /** How many tags are in this set. */
  countTags(options: LoadOptions = {}): Promise<number> {
    return this.countBy(TAGS_OF_SET, options, "countTags");
  }
  /** The sets that this tag is in. */
  listTagSets(options: LoadOptions = {}): AsyncGenerator<TagAnnotation, void, undefined> {
    return this.relatedBy(SETS_OF_TAG, options, "listTagSets");
  }
}

/** Key-value pairs. */
export class MapAnnotation extends Annotation<MapModel> {
  /** The pairs, in their order, those of one name included. */
  override get value(): readonly KeyValue[] {
    return this.model.mapValue.flatMap((pair) => (pair ? [[pair.name, pair.value] as const] : []));
  }
}

/** A comment. */
export class CommentAnnotation extends Annotation<CommentModel> {
  /** The comment's text. */
  override get value(): string {
    return textIn(this.model.textValue);
  }
}

/** A document in XML. */
export class XmlAnnotation extends Annotation<XmlModel> {
  /** The document. */
  override get value(): string {
    return textIn(this.model.textValue);
  }
}

/** A term of an ontology. */
export class TermAnnotation extends Annotation<TermModel> {
  /** The term. */
  override get value(): string {
    return textIn(this.model.termValue);
  }
}

/** A whole number; a rating, if its namespace says so. */
export class LongAnnotation extends Annotation<LongModel> {
  /** The number: a bigint where a number cannot hold it. */
  override get value(): number | bigint {
    return integerOf(this.model.longValue?.val ?? 0n);
  }
  /** Whether it is a rating, from 1 to 5. */
  get isRating(): boolean {
    return this.namespace === RATING_NAMESPACE;
  }
}

/** A number. */
export class DoubleAnnotation extends Annotation<DoubleModel> {
  /** The number. */
  override get value(): number {
    return this.model.doubleValue?.val ?? Number.NaN;
  }
}

/** True or false. */
export class BooleanAnnotation extends Annotation<BooleanModel> {
  /** The value. */
  override get value(): boolean {
    return this.model.boolValue?.val ?? false;
  }
}

/** A point in time. */
export class TimestampAnnotation extends Annotation<TimestampModel> {
  /** The time, in milliseconds exactly. */
  override get value(): Date | undefined {
    return dateOf(this.model.timeValue);
  }
}

/** An annotation without content of its own, which others are linked to. */
export class ListAnnotation extends Annotation<ListModel> {}

/** An attached file. */
export class FileAnnotation extends Annotation<FileModel> {
  /** The file. */
  get file(): OriginalFile {
    return wrapAll<OriginalFile>(this.context, [this.model.file!])[0]!;
  }
  /** The file's name. */
  override get value(): string {
    return this.file.name;
  }
}
