/** `omero::api::IMetadata`: annotations by kind, namespace and what they are on. */

import type { Parameters } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { rlong } from "../../rtypes.js";
import { apiUsage, serverError } from "../exceptions.js";
import { collectionKey } from "../hql/fetched-members.js";
import { type PlanTree, planFrom } from "../hql/grammar/fetch-plan.js";
import type { Instance } from "../model/materialize.js";
import type { ObjectReference, StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import { concreteClass } from "./concrete-class.js";
import type { SessionContext } from "./context.js";

/** Annotations come with their owners and files. */
const PLAN = planFrom({ file: {}, details: { owner: {}, creationEvent: {} } });
const WITH_OWNER = planFrom({ file: {}, details: { owner: {} } });
const CHANNEL_PLAN = planFrom({
  photometricInterpretation: {},
  illumination: {},
  contrastMethod: {},
  mode: {},
  detectorSettings: { detector: {}, binning: {} },
  lightSourceSettings: { lightSource: {} },
  filterSet: { dichroic: {} },
  lightPath: { dichroic: {} },
});
const INSTRUMENT_PLAN = planFrom({
  microscope: { type: {} },
  objective: { immersion: {}, correction: {} },
  detector: { type: {} },
  lightSource: { type: {}, laserMedium: {} },
  filter: { type: {}, transmittanceRange: {} },
  filterSet: { dichroic: {} },
  dichroic: {},
  otf: {},
});
const TAG_SET = "openmicroscopy.org/omero/insight/tagset";
const TAG_SET_PLAN = planFrom({ annotationLinks: { child: {} }, details: { owner: {} } });

type Names = readonly string[];

/** What is asked for what is linked to it. */
const SEARCHED = ["Project", "Dataset", "Image", "Screen", "Plate", "PlateAcquisition", "Well"];
const NO_SUCH_LINKS =
  "Illegal query:left outer join fetch l.parent left outer join fetch l.child as ann left outer join fetch ann.details.creationEvent";

/** What is found of a tag is loaded with its own link to it, and counts of its links. */
const CONTENT: Record<string, { readonly plan: PlanTree; readonly counted: readonly string[] }> = {
  Dataset: { plan: {}, counted: ["annotationLinks", "imageLinks"] },
  Image: { plan: { pixels: { pixelsType: {} } }, counted: ["annotationLinks"] },
  Project: {
    plan: { datasetLinks: { child: {} }, details: { creationEvent: {}, updateEvent: {} } },
    counted: ["annotationLinks"],
  },
};

export class MetadataService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** @param include namespaces wanted; all if none is given. @param exclude namespaces not wanted. */
  loadSpecifiedAnnotations(
    type: string,
    include: Names,
    exclude: Names,
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    const access = this.#context.access(current);
    return this.#load(access, this.#specified(access, type, include, exclude, options));
  }

  countSpecifiedAnnotations(
    type: string,
    include: Names,
    exclude: Names,
    options: Parameters | null,
    current: Current,
  ) {
    return rlong(this.#specified(this.#context.access(current), type, include, exclude, options).length);
  }

  /** Logical channels, with what of the instrument they were taken with. */
  loadChannelAcquisitionData(ids: BigInt64Array, current: Current): Instance[] {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    const found = Array.from(ids, (id) => this.#context.world.store.get("LogicalChannel", id));
    return found.flatMap((channel) =>
      channel && access.canRead(channel) ? [materializer.load(channel, CHANNEL_PLAN)] : [],
    );
  }

  /** Tags that are sets of tags, with these. */
  loadTagSets(options: Parameters | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    const sets = this.#specified(access, "TagAnnotation", [TAG_SET], [], options);
    return sets.map((set) => materializer.load(set, TAG_SET_PLAN));
  }

  /** An instrument with all that belongs to it. */
  loadInstrument(id: bigint, current: Current): Instance | null {
    const access = this.#context.access(current);
    const { world } = this.#context;
    const found = world.find(access, "Instrument", id);
    return found ? world.materializer(access).load(found, INSTRUMENT_PLAN) : null;
  }

  loadLogFiles(rootType: string): Map<bigint, Instance[]> {
    concreteClass(this.#context.world.model, rootType);
    return new Map();
  }

  /** Annotations of others that a user has linked to something. */
  loadAnnotationsUsedNotOwned(type: string, userId: bigint, current: Current): Instance[] {
    const access = this.#context.access(current);
    return this.#load(access, this.#usedNotOwned(access, type, userId), WITH_OWNER);
  }

  countAnnotationsUsedNotOwned(type: string, userId: bigint, current: Current) {
    return rlong(this.#usedNotOwned(this.#context.access(current), type, userId).length);
  }

  #usedNotOwned(access: Access, type: string, userId: bigint): StoredObject[] {
    return this.#specified(access, type, [], [], null).filter(
      (annotation) =>
        annotation.owner !== userId && this.#linksTo(access, annotation).some((link) => link.owner === userId),
    );
  }

  /** What has each tag: images, containers and so on. */
  loadTagContent(ids: BigInt64Array, _options: Parameters | null, current: Current): Map<bigint, Instance[]> {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    const content = (object: StoredObject) => {
      const { plan, counted } = CONTENT[object.className] ?? { plan: {}, counted: [] };
      for (const links of counted) materializer.count(object, links);
      const details = { owner: {}, ...plan.details };
      return materializer.load(object, planFrom({ annotationLinks: { child: {} }, ...plan, details }));
    };
    materializer.restrict(this.#ownLinks(access, ids));
    return new Map(Array.from(ids, (id) => [id, this.#tagged(access, id).map(content)]));
  }

  /** Links of tags, by what they are on. */
  #ownLinks(access: Access, ids: BigInt64Array): Map<string, StoredObject[]> {
    const { world } = this.#context;
    const links = new Map<string, StoredObject[]>();
    const tags = Array.from(ids, (id) => world.store.get("TagAnnotation", id));
    for (const link of tags.flatMap((tag) => (tag ? this.#linksTo(access, tag) : []))) {
      const parent = world.referenced(link, "parent");
      if (!parent) continue;
      const key = collectionKey(parent, "annotationLinks");
      links.set(key, [...(links.get(key) ?? []), link]);
    }
    return links;
  }

  getTaggedObjectsCount(ids: BigInt64Array, _options: Parameters | null, current: Current): Map<bigint, bigint> {
    const access = this.#context.access(current);
    return new Map(Array.from(ids, (id) => [id, BigInt(this.#tagged(access, id).length)]));
  }

  #tagged(access: Access, id: bigint): StoredObject[] {
    const tag = this.#context.world.store.get("TagAnnotation", id);
    if (!tag || !access.canRead(tag)) return [];
    return this.#linksTo(access, tag)
      .flatMap((link) => this.#context.world.referenced(link, "parent") ?? [])
      .filter((object) => SEARCHED.includes(object.className) && access.canRead(object));
  }

  #linksTo(access: Access, annotation: StoredObject): StoredObject[] {
    const { model, store } = this.#context.world;
    return model
      .descendants("IObject")
      .filter((className) => model.isLink(className) && className.endsWith("AnnotationLink"))
      .flatMap((className) => store.referring(className, "child", annotation))
      .filter((link) => access.canRead(link));
  }

  loadAnnotation(ids: BigInt64Array, current: Current): Instance[] {
    const access = this.#context.access(current);
    const found = Array.from(ids, (id) => this.#context.world.store.get("Annotation", id));
    return this.#load(
      access,
      found.filter((annotation) => annotation !== undefined && access.canRead(annotation)) as StoredObject[],
    );
  }

  /** Annotations of each object, by the object's id. */
  loadAnnotations(
    rootType: string,
    rootIds: BigInt64Array,
    types: Names,
    annotatorIds: BigInt64Array,
    _options: Parameters | null,
    current: Current,
  ): Map<bigint, Instance[]> {
    const wanted = (types ?? []).map((type) => this.#annotationClass(type));
    const root = this.#annotated(rootType);
    return this.#linkedTo(root, rootIds, current, ({ className, owner }) => {
      const { model } = this.#context.world;
      const isWanted = wanted.length === 0 || wanted.some((type) => model.isA(className, type));
      return isWanted && (!annotatorIds?.length || annotatorIds.includes(owner));
    });
  }

  loadSpecifiedAnnotationsLinkedTo(
    type: string,
    include: Names,
    exclude: Names,
    rootType: string,
    rootIds: BigInt64Array,
    options: Parameters | null,
    current: Current,
  ): Map<bigint, Instance[]> {
    const access = this.#context.access(current);
    const wanted = new Set(this.#specified(access, type, include, exclude, options));
    const root = concreteClass(this.#context.world.model, rootType);
    if (!SEARCHED.includes(root)) throw serverError("QueryException", NO_SUCH_LINKS);
    const ids = rootIds.length > 0 ? rootIds : this.#all(access, root);
    const found = this.#linkedTo(root, ids, current, (annotation) => wanted.has(annotation));
    return new Map([...found].filter(([, annotations]) => annotations.length > 0));
  }

  #all(access: Access, className: string): BigInt64Array {
    const objects = [...this.#context.world.store.all(className)].filter((object) => access.canRead(object));
    return BigInt64Array.from(objects, ({ id }) => id);
  }

  #annotated(written: string): string {
    const { model } = this.#context.world;
    const className = concreteClass(model, written);
    if (model.member(className, "annotationLinks")?.kind === "collection") return className;
    throw apiUsage("Class parameter for loadAnnotation() must be a subclass of ome.model.IAnnotated");
  }

  #linkedTo(
    className: string,
    rootIds: BigInt64Array,
    current: Current,
    isWanted: (annotation: StoredObject) => boolean,
  ): Map<bigint, Instance[]> {
    const { store, model } = this.#context.world;
    const access = this.#context.access(current);
    const links = model.member(className, "annotationLinks");
    if (links?.kind !== "collection") return new Map();
    const known = [...rootIds].filter((id) => store.get(className, id) !== undefined);
    return new Map(
      known.map((id) => {
        const annotations = store
          .referring(links.className, links.inverse, { className, id })
          .filter((link) => access.canRead(link))
          .flatMap(({ values }) => store.get("Annotation", (values.child as ObjectReference).id) ?? []);
        return [
          id,
          this.#load(
            access,
            annotations.filter((found) => access.canRead(found) && isWanted(found)),
          ),
        ];
      }),
    );
  }

  #specified(access: Access, type: string, include: Names, exclude: Names, options: Parameters | null): StoredObject[] {
    const owner = options?.theFilter?.ownerId?.val;
    const className = this.#annotationClass(type);
    if (!this.#context.world.model.isA(className, "Annotation")) return [];
    return [...this.#context.world.store.all(className)].filter((annotation) => {
      const namespace = (annotation.values.ns as { val: string } | null | undefined)?.val;
      const isIncluded = !include?.length || (namespace !== undefined && include.includes(namespace));
      const isExcluded = namespace !== undefined && (exclude ?? []).includes(namespace);
      const isOwned = owner === undefined || owner < 0n || annotation.owner === owner;
      return isIncluded && !isExcluded && isOwned && access.canRead(annotation);
    });
  }

  #annotationClass(written: string): string {
    return concreteClass(this.#context.world.model, written);
  }

  #load(access: Access, annotations: readonly StoredObject[], plan = PLAN): Instance[] {
    const materializer = this.#context.world.materializer(access);
    return annotations.map((annotation) => materializer.load(annotation, plan));
  }
}
