/** `omero::api::ITimeline`: what was made and changed when. */
import type { Parameters, RString, RTime } from "../../../connect/ice/schema/omero.js";
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { rlong, rstring } from "../../../rtypes.js";
import { apiUsage, internal, validation } from "../../exceptions.js";
import { planFrom } from "../../hql/grammar/fetch-plan.js";
import { compare } from "../../hql/values.js";
import { creationEvent, updateEvent, updateEventId } from "../../model/events.js";
import { javaName } from "../../model/java-names.js";
import type { Instance } from "../../model/materialize.js";
import type { StoredObject } from "../../model/object-store.js";
import type { Access } from "../../world/access.js";
import type { SessionContext } from "../context.js";

const DEFAULT_TYPES = ["RenderingDef", "Image", "Project", "Dataset", "Annotation"];
const LOGGED_TYPES = ["Dataset", "Project"];
const DEFAULT_LIMIT = 50;
/** Most objects, or logs, in an answer. */
const MAXIMUM_FOUND = 10_000;
const MADE = planFrom({ details: { owner: {}, creationEvent: {} } });
const MADE_AND_CHANGED = planFrom({ details: { owner: {}, creationEvent: {}, updateEvent: {} } });
const LINKED = planFrom({ child: {}, details: { creationEvent: {}, updateEvent: {} } });
const WITH_EVENT = planFrom({ event: {} });

/** Milliseconds since 1970; what is left out is not limited. */
interface Period {
  readonly start: number;
  readonly end: number;
}

/** Whose objects, in which group, how many of them. */
interface Choice {
  readonly owner: bigint | undefined;
  readonly group: bigint | undefined;
  readonly offset: number;
  readonly limit: number;
}

export class TimelineService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  getMostRecentObjects(types: readonly string[], options: Parameters | null, merge: boolean, current: Current) {
    return this.getByPeriod(types, null, null, options, merge, current);
  }

  getByPeriod(
    types: readonly string[],
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    merge: boolean,
    current: Current,
  ): Map<string, Instance[]> {
    const access = this.#context.access(current);
    const choice = this.#choice(options);
    const found = this.#byType(types, (type) => paged(this.#found(access, type, period(start, end), choice), choice));
    const kept = new Set(
      merge ? this.#latestFirst([...found.values()].flat()).slice(0, choice.limit) : [...found.values()].flat(),
    );
    const materializer = this.#context.world.materializer(access);
    const plan = merge ? MADE_AND_CHANGED : MADE;
    const loaded = (object: StoredObject) =>
      materializer.load(object, object.className === "EventLog" ? WITH_EVENT : plan);
    return new Map(Array.from(found, ([type, objects]) => [type, objects.filter((it) => kept.has(it)).map(loaded)]));
  }

  countByPeriod(
    types: readonly string[],
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    current: Current,
  ): Map<string, bigint> {
    const access = this.#context.access(current);
    const count = (type: string) => this.#found(access, type, period(start, end), this.#choice(options))?.length ?? -1;
    return this.#byType(types, (type) => BigInt(count(type)));
  }

  getEventLogsByPeriod(
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    if (!start || !end) throw internal("Both ends of the period are needed");
    const access = this.#context.access(current);
    const choice = this.#choice(options);
    const materializer = this.#context.world.materializer(access);
    const within = period(start, end);
    const logs = paged(this.#logs(within, choice), choice).map((log) => materializer.load(log, WITH_EVENT));
    const images = paged(this.#images(access, within, choice), choice);
    return [...logs, ...images.map((image) => this.#acquisitionLog(image))];
  }

  getMostRecentAnnotationLinks(
    parentTypes: readonly string[],
    childTypes: readonly string[],
    namespaces: readonly string[],
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    const access = this.#context.access(current);
    const parents = parentTypes.length === 0 ? ["Project", "Dataset", "Image"] : parentTypes;
    if (childTypes.length > 1) throw apiUsage("You can only restrict to a single annotation type at the moment");
    const wanted = childTypes.map((type) => this.#class(type))[0];
    const choice = this.#choice(options);
    const found = parents.flatMap((type) => this.#visible(access, `${this.#class(type)}AnnotationLink`, choice));
    const links = found.filter((link) => {
      const child = this.#context.world.referenced(link, "child");
      if (!child || !access.canRead(child)) return false;
      const ns = (child.values.ns as RString | null | undefined) ?? null;
      const isNamed = namespaces.length === 0 || namespaces.some((name) => compare("like", ns, rstring(name)) === true);
      return isNamed && (wanted === undefined || child.className === wanted);
    });
    const materializer = this.#context.world.materializer(access);
    return paged(this.#latestFirst(links), choice).map((link) => materializer.load(link, LINKED));
  }

  getMostRecentShareCommentLinks(): Instance[] {
    return [];
  }

  /** The user's own, unless another user, or a group, is asked for. */
  #choice(options: Parameters | null): Choice {
    const { ownerId, groupId, offset, limit } = options?.theFilter ?? {};
    const owner = ownerId?.val ?? (groupId ? -1n : this.#context.session.user.id);
    return {
      owner: owner === -1n ? undefined : owner,
      group: groupId?.val,
      offset: Math.max(0, offset?.val ?? 0),
      limit: Math.max(0, Math.min(limit?.val ?? DEFAULT_LIMIT, MAXIMUM_FOUND)),
    };
  }

  #byType<T>(types: readonly string[], of: (type: string) => T): Map<string, T> {
    return new Map((types.length === 0 ? DEFAULT_TYPES : types).map((type) => [type, of(type)]));
  }

  /** The latest first; undefined for a type that is not looked for. */
  #found(access: Access, type: string, within: Period, choice: Choice): StoredObject[] | undefined {
    switch (type) {
      case "Project":
      case "Dataset":
        return this.#latestFirst(this.#changed(access, type, within, choice));
      case "Image":
        return this.#images(access, within, choice);
      case "RenderingDef":
        return this.#renderingDefs(access, within, choice);
      case "EventLog":
        return this.#logs(within, choice);
      default:
        return undefined;
    }
  }

  #changed(access: Access, className: string, within: Period, choice: Partial<Choice>): StoredObject[] {
    return this.#visible(access, className, choice).filter((object) => this.#isChanged(object, within));
  }

  #isChanged(object: StoredObject, { start, end }: Period): boolean {
    const { store } = this.#context.world;
    const times = [creationEvent(store, object).created, updateEvent(store, object).created];
    return times.some((time) => time >= start) && times.some((time) => time <= end);
  }

  #latestFirst(objects: readonly StoredObject[]): StoredObject[] {
    return objects.toSorted((a, b) => Number(updateEventId(b) - updateEventId(a)));
  }

  /** By the time they were taken. */
  #images(access: Access, within: Period, choice: Choice): StoredObject[] {
    return this.#visible(access, "Image", choice)
      .filter((image) => isWithin(takenAt(image), within))
      .sort((a, b) => takenAt(b) - takenAt(a));
  }

  /** Whose they are is said by their images. */
  #renderingDefs(access: Access, within: Period, choice: Choice): StoredObject[] {
    const { world } = this.#context;
    const imageOf = (object: StoredObject) => {
      const pixels = world.referenced(object, "pixels");
      return pixels && world.referenced(pixels, "image");
    };
    return this.#changed(access, "RenderingDef", within, {})
      .flatMap((object) => ({ object, image: imageOf(object) }))
      .filter(({ image }) => image && access.canRead(image) && isChosen(image, choice))
      .sort((a, b) => b.image!.created - a.image!.created)
      .map(({ object }) => object);
  }

  /** That projects and datasets were made or changed. */
  #logs(within: Period, { owner, group }: Choice): StoredObject[] {
    const { store, model } = this.#context.world;
    const names = LOGGED_TYPES.map((type) => javaName(model, type));
    const events = [...store.all("Event")].filter(
      (event) => isWithin(event.created, within) && isChosen(event, { owner, group }),
    );
    const logs = events.flatMap((event) => store.referring("EventLog", "event", event));
    const text = (value: unknown) => (value as { val: string }).val;
    return logs.filter(
      ({ values }) => names.includes(text(values.entityType)) && ["INSERT", "UPDATE"].includes(text(values.action)),
    );
  }

  #visible(access: Access, className: string, choice: Partial<Choice>): StoredObject[] {
    const found: StoredObject[] = [];
    for (const object of this.#context.world.store.all(className)) {
      if (isChosen(object, choice) && access.canRead(object)) found.push(object);
    }
    return found;
  }

  /** That an image was taken is in no log. */
  #acquisitionLog(image: StoredObject): Instance {
    const made = (className: string, members: object): Instance => {
      return { iceId: `::omero::model::${className}`, id: null, loaded: true, details: null, ...members };
    };
    return made("EventLog", {
      entityId: rlong(image.id),
      entityType: rstring(javaName(this.#context.world.model, "Image")),
      action: rstring("INSERT"),
      event: made("Event", { time: image.values.acquisitionDate }),
    });
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw validation(`Error mapping: ${written}`);
    return className;
  }
}

/** Never where that is unknown. */
function takenAt({ values }: StoredObject): number {
  return Number((values.acquisitionDate as { val: bigint } | null | undefined)?.val ?? Number.NaN);
}

function isChosen(object: StoredObject, { owner, group }: Partial<Choice>): boolean {
  return (owner === undefined || object.owner === owner) && (group === undefined || object.group === group);
}

function period(start: RTime | null, end: RTime | null): Period {
  return {
    start: start ? Number(start.val) : Number.NEGATIVE_INFINITY,
    end: end ? Number(end.val) : Number.POSITIVE_INFINITY,
  };
}

function isWithin(time: number, { start, end }: Period): boolean {
  return time >= start && time <= end;
}

function paged<T>(found: readonly T[] | undefined, { offset, limit }: Choice): readonly T[] {
  return found?.slice(offset, offset + limit) ?? [];
}
