/** `omero::api::IContainer`: projects, datasets, screens, plates and images, with what is in them. */
import type { Parameters } from "../../connect/ice/schema/omero.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { apiUsage } from "../exceptions.js";
import { type FetchPlan, planFrom } from "../hql/grammar/fetch-plan.js";
import { javaName } from "../model/java-names.js";
import type { Instance } from "../model/materialize.js";
import type { StoredObject } from "../model/object-store.js";
import type { Access } from "../world/access.js";
import type { SessionContext } from "./context.js";

const EVENTS = { details: { creationEvent: {}, updateEvent: {} } };
const IMAGE_PLAN = planFrom({ pixels: { pixelsType: {} }, ...EVENTS });
const WITH_EVENTS = planFrom(EVENTS);
/** A run with the images taken in it. */
const RUN = { wellSample: { image: { pixels: {} } } };

/** What is loaded of each container; the innermost where leaves are asked for. */
const CONTENTS: Record<string, { readonly plain: FetchPlan; readonly leaves: FetchPlan }> = {
  Project: {
    plain: planFrom({ datasetLinks: { child: {} }, ...EVENTS }),
    leaves: planFrom({ datasetLinks: { child: { imageLinks: { child: { pixels: {} } } } }, ...EVENTS }),
  },
  Dataset: { plain: WITH_EVENTS, leaves: planFrom({ imageLinks: { child: { pixels: {} } }, ...EVENTS }) },
  Screen: {
    plain: planFrom({ plateLinks: { child: { plateAcquisitions: {}, ...EVENTS } }, ...EVENTS }),
    leaves: planFrom({ plateLinks: { child: { plateAcquisitions: RUN, ...EVENTS } }, ...EVENTS }),
  },
  Plate: {
    plain: planFrom({ plateAcquisitions: {}, ...EVENTS }),
    leaves: planFrom({ plateAcquisitions: RUN, ...EVENTS }),
  },
};

/** What is in no container of a kind, and is told beside these. */
const ORPHANS: Record<string, { readonly className: string; readonly link: string }> = {
  Project: { className: "Dataset", link: "ProjectDatasetLink" },
  Screen: { className: "Plate", link: "ScreenPlateLink" },
};

const WITH_DATASETS = planFrom({ datasetLinks: {} });

/** Of what else the links are counted with a container, and with what is in it. */
const COUNTED: Record<string, readonly string[]> = {
  Dataset: ["annotationLinks", "imageLinks"],
  Project: ["annotationLinks"],
};

/** From a container to the images in it. */
const IMAGE_PATHS: Record<string, readonly (readonly [className: string, by: string, to: string])[]> = {
  Dataset: [["DatasetImageLink", "parent", "child"]],
  Project: [
    ["ProjectDatasetLink", "parent", "child"],
    ["DatasetImageLink", "parent", "child"],
  ],
};

const DATASETS_OF = ["ProjectDatasetLink", "parent", "child"] as const;

export class ContainerService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** The containers with these ids; where none is given, all that the session can see. */
  loadContainerHierarchy(type: string, ids: BigInt64Array, options: Parameters | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const className = this.#class(type);
    const contents = CONTENTS[className];
    if (!contents) {
      const kinds = "{Project,Dataset, Screen, Plate}";
      const found = javaName(this.#context.world.model, className);
      throw apiUsage(`Class parameter for loadContainerIHierarchy() must be in ${kinds}, not class ${found}`);
    }
    const plan = options?.theOptions?.leaves?.val ? contents.leaves : contents.plain;
    const found = this.#load(access, filtered(this.#objects(access, className, ids), options), plan);
    const inner = ORPHANS[className];
    if (!options?.theOptions?.orphan?.val || !inner || ids.length > 0) return found;
    const orphans = this.#objects(access, inner.className, new BigInt64Array(0)).filter(
      (object) => this.#context.world.store.referring(inner.link, "child", object).length === 0,
    );
    return [...found, ...this.#load(access, filtered(orphans, options), CONTENTS[inner.className]!.plain)];
  }

  /** The containers that images are in, with these images alone. */
  findContainerHierarchies(
    type: string,
    imageIds: BigInt64Array,
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    const access = this.#context.access(current);
    const className = this.#class(type);
    const path = IMAGE_PATHS[className];
    if (!path || className !== "Project") {
      const found = javaName(this.#context.world.model, className);
      throw apiUsage(`Class parameter for findContainerHierarchies() must be in {Project}, not class ${found}`);
    }
    const found = [...path]
      .reverse()
      .reduce(
        (objects, [link, by, to]) => this.#across(access, objects, link, to, by),
        this.#objects(access, "Image", imageIds, true),
      );
    const contained = this.#load(access, filtered(found, options), CONTENTS[className]!.leaves);
    return [...this.#orphans(access, imageIds), ...contained];
  }

  /** Images that are in no dataset stand for themselves. */
  #orphans(access: Access, imageIds: BigInt64Array): Instance[] {
    const isAlone = (image: StoredObject) =>
      this.#context.world.store.referring("DatasetImageLink", "child", image).length === 0;
    const materializer = this.#context.world.materializer(access);
    const orphans = this.#objects(access, "Image", imageIds, true).filter(isAlone);
    return orphans.map((image) => materializer.load(image, WITH_DATASETS));
  }

  getImages(type: string, ids: BigInt64Array, options: Parameters | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const className = this.#class(type);
    const path = className === "Image" ? [] : IMAGE_PATHS[className];
    if (!path) throw apiUsage(`Query not implemented for class ${javaName(this.#context.world.model, className)}`);
    const images = path.reduce(
      (objects, [link, by, to]) => this.#across(access, objects, link, by, to),
      this.#objects(access, className, ids, true),
    );
    return this.#images(access, paged(filtered(images, options), options));
  }

  retrieveCollection(): Instance[] {
    return [];
  }

  getUserImages(options: Parameters | null, current: Current): Instance[] {
    const access = this.#context.access(current);
    const { ownerId, groupId } = options?.theFilter ?? {};
    if (!ownerId && !groupId) throw apiUsage("experimenter or group option is required for getUserImages().");
    return this.#images(access, filtered(this.#objects(access, "Image", new BigInt64Array(0)), options));
  }

  getImagesByOptions(options: Parameters | null, current: Current): Instance[] {
    const { startTime, endTime } = options?.theFilter ?? {};
    if (!startTime && !endTime) throw apiUsage("start or end time option is required for getImagesByOptions().");
    const access = this.#context.access(current);
    const [start, end] = [Number(startTime?.val ?? 0n), Number(endTime?.val ?? Number.MAX_SAFE_INTEGER)];
    const images = this.#objects(access, "Image", new BigInt64Array(0));
    const within = images.filter(({ created }) => created >= start && created <= end);
    return this.#images(access, filtered(within, options), ["annotationLinks"]);
  }

  /** Images of filesets that are in part among those named. */
  getImagesBySplitFilesets(
    included: ReadonlyMap<string, BigInt64Array>,
    _options: Parameters | null,
    current: Current,
  ): Map<bigint, Map<boolean, BigInt64Array>> {
    const access = this.#context.access(current);
    const ids = new Set<bigint>();
    for (const [type, list] of included) {
      const className = this.#class(type);
      const path = className === "Image" ? [] : (IMAGE_PATHS[className] ?? []);
      const images = path.reduce(
        (objects, [link, by, to]) => this.#across(access, objects, link, by, to),
        this.#objects(access, className, list, true),
      );
      for (const image of images) if (image.className === "Image") ids.add(image.id);
    }
    return this.#splitFilesets(ids);
  }

  #splitFilesets(ids: ReadonlySet<bigint>): Map<bigint, Map<boolean, BigInt64Array>> {
    const { store } = this.#context.world;
    const split = new Map<bigint, Map<boolean, BigInt64Array>>();
    const filesets = [...ids].flatMap((id) => {
      const image = store.get("Image", id);
      return (image && this.#context.world.referenced(image, "fileset")) ?? [];
    });
    for (const fileset of new Set(filesets)) {
      const members = store.referring("Image", "fileset", fileset).map(({ id }) => id);
      const [inside, outside] = [true, false].map((wanted) => members.filter((id) => ids.has(id) === wanted));
      if (outside!.length === 0) continue;
      split.set(
        fileset.id,
        new Map([
          [true, BigInt64Array.from(inside!)],
          [false, BigInt64Array.from(outside!)],
        ]),
      );
    }
    return split;
  }

  /** Number of items in the collection `property` of each object. */
  getCollectionCount(
    type: string,
    property: string,
    ids: BigInt64Array,
    _parameters: unknown,
    current: Current,
  ): Map<bigint, bigint> {
    const { model, store } = this.#context.world;
    const className = this.#class(type);
    const name = property.replace(/^ome\.model\..*_/, "");
    const member = model.member(className, name);
    if (member?.kind !== "collection") {
      const found = javaName(model, className);
      throw apiUsage(`${found}.${name} is an unknown property on type ${found}`);
    }
    const access = this.#context.access(current);
    return new Map(
      [...ids].map((id) => {
        const items = store.referring(member.className, member.inverse, { className, id });
        return [id, BigInt(items.filter((item) => access.canRead(item)).length)];
      }),
    );
  }

  /** All that can be read, where no id is given and none is needed. */
  #objects(access: Access, className: string, ids: BigInt64Array, isListed = false): StoredObject[] {
    const { store } = this.#context.world;
    const objects =
      ids.length === 0 && !isListed
        ? [...store.all(className)]
        : [...ids].flatMap((id) => store.get(className, id) ?? []);
    return objects.filter((object) => access.canRead(object));
  }

  /** The objects at the other ends of links, each once. */
  #across(access: Access, objects: readonly StoredObject[], link: string, from: string, to: string): StoredObject[] {
    const { world } = this.#context;
    const found = objects
      .flatMap((object) => world.store.referring(link, from, object))
      .filter((found) => access.canRead(found))
      .flatMap((found) => world.referenced(found, to) ?? [])
      .filter((object) => access.canRead(object));
    return [...new Set(found)];
  }

  #load(access: Access, objects: readonly StoredObject[], plan: FetchPlan): Instance[] {
    const materializer = this.#context.world.materializer(access);
    return objects.map((object) => {
      const datasets = object.className === "Project" ? this.#across(access, [object], ...DATASETS_OF) : [];
      for (const counted of [object, ...datasets]) {
        for (const links of COUNTED[counted.className] ?? []) materializer.count(counted, links);
      }
      return materializer.load(object, plan);
    });
  }

  #images(access: Access, images: readonly StoredObject[], counted = ["annotationLinks", "datasetLinks"]): Instance[] {
    const materializer = this.#context.world.materializer(access);
    return images.map((image) => {
      for (const links of counted) materializer.count(image, links);
      return materializer.load(image, IMAGE_PLAN);
    });
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw apiUsage(`Unknown type: ${written}`);
    return className;
  }
}

/** Those of the owner and in the group that the options name. */
function filtered(objects: readonly StoredObject[], options: Parameters | null): readonly StoredObject[] {
  const { ownerId, groupId } = options?.theFilter ?? {};
  const [owner, group] = [ownerId?.val ?? -1n, groupId?.val ?? -1n];
  return objects.filter((object) => (owner < 0n || object.owner === owner) && (group < 0n || object.group === group));
}

function paged<T>(found: readonly T[], options: Parameters | null): readonly T[] {
  const { offset, limit } = options?.theFilter ?? {};
  const first = Math.max(0, offset?.val ?? 0);
  return found.slice(first, limit && limit.val >= 0 ? first + limit.val : undefined);
}
