/** What objects must be to be meant, as HQL. */
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import { type RType, rlist, rlong, rstring } from "../../rtypes.js";
import { linkType } from "../annotations/link-type.js";
import { idList } from "../loading/query-rows.js";
import { type AttributeValue, attributeMember, comparedValue } from "./attribute-values.js";

/** Which objects are meant: those that meet all that is given. */
export interface ObjectConditions {
  /** Their ids. */
  readonly ids?: readonly ObjectId[] | undefined;
  /** Their owner: id or log-in name. */
  readonly owner?: ObjectId | undefined;
  /** Project that datasets are in. */
  readonly project?: ObjectId | undefined;
  /** Dataset that images are in. */
  readonly dataset?: ObjectId | undefined;
  /** Screen that plates are in. */
  readonly screen?: ObjectId | undefined;
  /** Plate that wells, acquisitions, fields or images are of. */
  readonly plate?: ObjectId | undefined;
  /** Well that fields or images are of. */
  readonly well?: ObjectId | undefined;
  /** Image that regions are of, that datasets hold, or wells show. */
  readonly image?: ObjectId | undefined;
  /** Fileset that images were imported from. */
  readonly fileset?: ObjectId | undefined;
  /** Folder that images, regions or folders are in. */
  readonly folder?: ObjectId | undefined;
  /** Only what lies in nothing: datasets in no project, images in no dataset and no well, plates in no screen. */
  readonly orphaned?: boolean | undefined;
  /** Values of OMERO's own properties: `{ name: "cells" }`; a list means any of them, null that there is none. */
  readonly attributes?: Readonly<Record<string, AttributeValue | readonly AttributeValue[] | null>> | undefined;
  /** Only what has such an annotation. */
  readonly annotatedWith?: AnnotationCondition | undefined;
}

/** What an annotation must be: all that is given. */
export interface AnnotationCondition {
  /** Its id, or several of which any will do. */
  readonly id?: ObjectId | readonly ObjectId[] | undefined;
  /** Its namespace. */
  readonly namespace?: string | undefined;
  /** Text of a tag. */
  readonly tag?: string | undefined;
  /** Name of one of its pairs. */
  readonly key?: string | undefined;
  /** Value of one of its pairs: of the one of that name, where a name is given. */
  readonly value?: string | undefined;
}

const ANNOTATION_CONDITION: OptionNames<AnnotationCondition> = {
  id: true,
  namespace: true,
  tag: true,
  key: true,
  value: true,
};

export const OBJECT_CONDITIONS: OptionNames<ObjectConditions> = {
  ids: true,
  owner: true,
  project: true,
  dataset: true,
  screen: true,
  plate: true,
  well: true,
  image: true,
  fileset: true,
  folder: true,
  orphaned: true,
  attributes: true,
  annotatedWith: true,
};

/** Conditions as HQL about `obj`. */
export interface ObjectSearch {
  /** What `obj` is, with joins: `Image obj join obj.datasetLinks toDataset`. */
  readonly from: string;
  /** The joins alone; undefined where `obj` is reached from something else. */
  readonly joins: string | undefined;
  /** Empty, or begins with ` where`. */
  readonly where: string;
  /** HQL of what they are ordered by. */
  readonly order: readonly string[];
  readonly values: Readonly<Record<string, RType>>;
  /** The ids, where they are all that is asked. */
  readonly onlyIds: readonly bigint[] | undefined;
}

/** Where objects of a type lie, by the name of the option: what leads there, and the id of what they lie in. */
interface Place {
  readonly join?: string;
  readonly id: string;
}
const PLACES: Readonly<Record<string, Readonly<Record<string, Place>>>> = {
  Dataset: {
    project: { join: "obj.projectLinks toProject", id: "toProject.parent.id" },
    image: { join: "obj.imageLinks toImage", id: "toImage.child.id" },
  },
  Image: {
    dataset: { join: "obj.datasetLinks toDataset", id: "toDataset.parent.id" },
    plate: { join: "obj.wellSamples inPlate", id: "inPlate.well.plate.id" },
    well: { join: "obj.wellSamples inWell", id: "inWell.well.id" },
    fileset: { id: "obj.fileset.id" },
    folder: { join: "obj.folderLinks inFolder", id: "inFolder.parent.id" },
  },
  Plate: { screen: { join: "obj.screenLinks toScreen", id: "toScreen.parent.id" } },
  PlateAcquisition: { plate: { id: "obj.plate.id" } },
  Well: {
    plate: { id: "obj.plate.id" },
    image: { join: "obj.wellSamples withImage", id: "withImage.image.id" },
  },
  WellSample: {
    plate: { id: "obj.well.plate.id" },
    well: { id: "obj.well.id" },
    image: { id: "obj.image.id" },
  },
  Roi: {
    image: { id: "obj.image.id" },
    folder: { join: "obj.folderLinks inFolder", id: "inFolder.parent.id" },
  },
  Folder: { folder: { id: "obj.parentFolder.id" } },
};
const PLACE_NAMES = ["project", "dataset", "screen", "plate", "well", "image", "fileset", "folder"] as const;

/** What objects of a type would lie in. */
const ORPHANS: Readonly<Record<string, readonly string[]>> = {
  Dataset: ["select l from ProjectDatasetLink as l where l.child = obj.id"],
  Image: [
    "select l from DatasetImageLink as l where l.child = obj.id",
    "select s from WellSample s where s.image.id = obj.id",
  ],
  Plate: ["select l from ScreenPlateLink as l where l.child = obj.id"],
};

/** @throws ArgumentError `INVALID_ARGUMENT` for conditions that objects of the type cannot be asked for by */
export function objectSearch(
  type: string,
  conditions: ObjectConditions & { orderBy?: string | undefined },
): ObjectSearch {
  const search = new Search(type);
  const { ids, owner, orphaned, attributes = {}, annotatedWith, orderBy } = conditions;
  const idValues = ids?.map((id) => toObjectId(id, "ids"));
  if (owner !== undefined) search.ownedBy(owner);
  for (const place of PLACE_NAMES) search.lyingIn(place, conditions[place]);
  if (orphaned) search.orphaned();
  for (const [name, value] of Object.entries(attributes)) search.attribute(name, value);
  if (annotatedWith !== undefined) search.annotatedWith(annotatedWith);
  const asksForNothing = idValues?.length === 0 || Object.values(attributes).some(isEmptyList);
  const onlyIds = search.isEmpty && orderBy === undefined ? idValues : undefined;
  if (idValues !== undefined) search.add("obj.id in (:ids)", { ids: idList(idValues) });
  const { from, joins, where, values } = search;
  return { from, joins, where, values, order: search.order(orderBy), onlyIds: asksForNothing ? [] : onlyIds };
}

class Search {
  readonly #type: string;
  readonly #conditions: string[] = [];
  #joins = "";
  #root: string | undefined;
  readonly values: Record<string, RType> = {};

  constructor(type: string) {
    this.#type = type;
  }

  get isEmpty(): boolean {
    return this.#conditions.length === 0;
  }

  get from(): string {
    return `${this.#root ?? `${this.#type} obj`}${this.#joins}`;
  }

  get joins(): string | undefined {
    return this.#root === undefined ? this.#joins : undefined;
  }

  get where(): string {
    return this.isEmpty ? "" : ` where ${this.#conditions.join(" and ")}`;
  }

  add(condition: string, values: Readonly<Record<string, RType>> = {}): void {
    this.#conditions.push(condition);
    Object.assign(this.values, values);
  }

  ownedBy(owner: ObjectId): void {
    if (typeof owner === "string" && !/^\d+$/.test(owner))
      this.add("obj.details.owner.omeName = :owner", { owner: rstring(owner) });
    else this.add("obj.details.owner.id = :owner", { owner: rlong(toObjectId(owner, "owner")) });
  }

  lyingIn(place: (typeof PLACE_NAMES)[number], id: ObjectId | undefined): void {
    if (id === undefined) return;
    const way = PLACES[this.#type]?.[place];
    if (way === undefined) throw invalidArgument(`${this.#type} objects cannot be asked for by ${place}`);
    if (way.join !== undefined) this.#joins += ` join ${way.join}`;
    this.add(`${way.id} = :${place}`, { [place]: rlong(toObjectId(id, place)) });
  }

  orphaned(): void {
    const places = ORPHANS[this.#type];
    if (places === undefined) throw invalidArgument(`${this.#type} objects cannot be orphaned`);
    for (const place of places) this.add(`not exists (${place})`);
  }

  attribute(name: string, value: AttributeValue | readonly AttributeValue[] | null): void {
    const member = attributeMember(this.#type, name);
    if (value === null) {
      this.add(`obj.${name} is null`);
      return;
    }
    const isList = Array.isArray(value);
    const values = (isList ? value : [value]).map((one: AttributeValue) => comparedValue(member, one));
    const key = `attribute${Object.keys(this.values).length}`;
    if (isList) this.add(`obj.${name} in (:${key})`, { [key]: rlist(values) });
    else this.add(`obj.${name} = :${key}`, { [key]: values[0]! });
  }

  /** `obj` is then reached from the links of annotations. */
  annotatedWith(condition: AnnotationCondition): void {
    checkOptions(condition, ANNOTATION_CONDITION, "annotatedWith");
    const { id, namespace, tag, key, value } = condition;
    if (id !== undefined) this.add("a.id in (:annotations)", { annotations: idList(idsOf(id)) });
    if (namespace !== undefined) this.add("a.ns = :namespace", { namespace: rstring(namespace) });
    if (tag !== undefined) this.add("a.class = TagAnnotation and a.textValue = :tag", { tag: rstring(tag) });
    if (key !== undefined) this.add("pair.name = :key", { key: rstring(key) });
    if (value !== undefined) this.add("pair.value = :value", { value: rstring(value) });
    const hasPairs = key !== undefined || value !== undefined;
    if (tag !== undefined && hasPairs) throw invalidArgument("annotatedWith: give either tag, or key and value");
    const pairs = hasPairs ? " join a.mapValue pair" : "";
    this.#root = `${linkType(this.#type)} l join l.child a${pairs} join l.parent obj`;
  }

  /** @throws ArgumentError `INVALID_ARGUMENT` for a property that the type has not */
  order(orderBy: string | undefined): string[] {
    if (orderBy === undefined) return ["obj.id"];
    const descending = orderBy.startsWith("-");
    const name = descending ? orderBy.slice(1) : orderBy;
    const direction = descending ? " desc" : "";
    if (name === "id") return [`obj.id${direction}`];
    const isText = attributeMember(this.#type, name).type.id === "::omero::RString";
    return [`${isText ? `lower(obj.${name})` : `obj.${name}`}${direction}`, "obj.id"];
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function idsOf(id: ObjectId | readonly ObjectId[]): bigint[] {
  return [id].flat().map((one) => toObjectId(one as ObjectId, "annotatedWith.id"));
}
