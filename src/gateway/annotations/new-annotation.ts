/** Annotations to be made, given as plain values. */
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { Annotation, NamedValue } from "../../connect/ice/schema/omero.js";
import { invalidArgument } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";
import { rbool, rdouble, rlong, rstring, rtime } from "../../rtypes.js";
import { KEY_VALUE_NAMESPACE, RATING_NAMESPACE, TAG_SET_NAMESPACE } from "./namespaces.js";

/** A name and a value; names may come more than once, and their order counts. */
export type KeyValue = readonly [name: string, value: string];

/** An annotation to be made: one content, and what is said of it. */
export interface NewAnnotation {
  /** Text of a tag. A tag of the user's with that text and namespace is taken again. */
  readonly tag?: string | undefined;
  /** Text of a set of tags. */
  readonly tagSet?: string | undefined;
  /** Names and values, in order; names may come again in a list. */
  readonly keyValues?: Readonly<Record<string, string>> | readonly KeyValue[] | undefined;
  /** A comment. */
  readonly comment?: string | undefined;
  /** A rating, from 1 to 5. */
  readonly rating?: number | undefined;
  /** A whole number. */
  readonly long?: number | bigint | undefined;
  /** A number. */
  readonly double?: number | undefined;
  /** True or false. */
  readonly boolean?: boolean | undefined;
  /** A point in time. */
  readonly timestamp?: Date | undefined;
  /** A term of an ontology. */
  readonly term?: string | undefined;
  /** A document in XML. */
  readonly xml?: string | undefined;
  /** Path of a file of this machine, to be stored and attached. */
  readonly file?: string | URL | undefined;
  /** By which programs find it. Default: for key-values, ratings and sets of tags OMERO's own, else none. */
  readonly namespace?: string | undefined;
  /** What it is for. */
  readonly description?: string | undefined;
}

export const NEW_ANNOTATION_OPTIONS: OptionNames<NewAnnotation> = {
  tag: true,
  tagSet: true,
  keyValues: true,
  comment: true,
  rating: true,
  long: true,
  double: true,
  boolean: true,
  timestamp: true,
  term: true,
  xml: true,
  file: true,
  namespace: true,
  description: true,
};

/** A kind of content: its class, the namespace it has by default, and its members. */
interface Content<Value> {
  readonly type: string;
  readonly namespace?: string;
  readonly check: (value: unknown) => boolean;
  readonly members: (value: Value) => object;
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const text = (type: string, member: string, namespace?: string): Content<string> => ({
  type,
  ...(namespace === undefined ? {} : { namespace }),
  check: isText,
  members: (value) => ({ [member]: rstring(value) }),
});

const CONTENTS = {
  tag: text("TagAnnotation", "textValue"),
  tagSet: text("TagAnnotation", "textValue", TAG_SET_NAMESPACE),
  comment: text("CommentAnnotation", "textValue"),
  xml: text("XmlAnnotation", "textValue"),
  term: text("TermAnnotation", "termValue"),
  keyValues: {
    type: "MapAnnotation",
    namespace: KEY_VALUE_NAMESPACE,
    check: (value) =>
      pairsOf(value as never).every((pair) => pair.length === 2 && pair.every((one) => typeof one === "string")),
    members: (value: Readonly<Record<string, string>> | readonly KeyValue[]) => ({ mapValue: namedValues(value) }),
  },
  rating: {
    type: "LongAnnotation",
    namespace: RATING_NAMESPACE,
    check: (value) => [1, 2, 3, 4, 5].includes(value as number),
    members: (value: number) => ({ longValue: rlong(value) }),
  },
  long: {
    type: "LongAnnotation",
    check: (value) => typeof value === "bigint" || Number.isSafeInteger(value),
    members: (value: number | bigint) => ({ longValue: rlong(value) }),
  },
  double: {
    type: "DoubleAnnotation",
    check: (value) => typeof value === "number",
    members: (value: number) => ({ doubleValue: rdouble(value) }),
  },
  boolean: {
    type: "BooleanAnnotation",
    check: (value) => typeof value === "boolean",
    members: (value: boolean) => ({ boolValue: rbool(value) }),
  },
  timestamp: {
    type: "TimestampAnnotation",
    check: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
    members: (value: Date) => ({ timeValue: rtime(value) }),
  },
} satisfies Record<string, Content<never>>;

export type ContentName = keyof typeof CONTENTS;

/**
 * Which content an annotation has.
 * @throws ArgumentError `INVALID_ARGUMENT` unless there is one, of a value that it can have
 */
export function annotationContent(annotation: NewAnnotation): ContentName | "file" {
  const names = [...(Object.keys(CONTENTS) as ContentName[]), "file" as const];
  const given = names.filter((name) => annotation[name] !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    const found = given.length === 0 ? "none was given" : `${given.join(" and ")} were given`;
    throw invalidArgument(
      `An annotation has one content, for example { tag: "best" }: ${found}; there are ${names.join(", ")}`,
    );
  }
  if (only !== "file" && !CONTENTS[only].check(annotation[only]))
    throw invalidArgument(
      `${JSON.stringify(annotation[only]) ?? String(annotation[only])} cannot be the ${only} of an annotation`,
    );
  return only;
}

/** The namespace that an annotation gets. */
export function namespaceOf(annotation: NewAnnotation, content: ContentName): string | undefined {
  return (
    annotation.namespace ??
    ("namespace" in CONTENTS[content] ? (CONTENTS[content] as Content<never>).namespace : undefined)
  );
}

/** The annotation as the server is given it. */
export function annotationModel(annotation: NewAnnotation, content: ContentName): Annotation {
  const { type, members } = CONTENTS[content] as Content<never>;
  const namespace = namespaceOf(annotation, content);
  const { description } = annotation;
  return createInstance(`::omero::model::${type}` as "::omero::model::TagAnnotation", {
    ...members(annotation[content] as never),
    ns: namespace === undefined ? null : rstring(namespace),
    description: description === undefined ? null : rstring(description),
    loaded: true,
  });
}

function pairsOf(keyValues: Readonly<Record<string, string>> | readonly KeyValue[]): readonly KeyValue[] {
  return Array.isArray(keyValues) ? keyValues : (Object.entries(keyValues) as [string, string][]);
}

function namedValues(keyValues: Readonly<Record<string, string>> | readonly KeyValue[]): NamedValue[] {
  return pairsOf(keyValues).map(([name, value]) => createInstance("::omero::model::NamedValue", { name, value }));
}
