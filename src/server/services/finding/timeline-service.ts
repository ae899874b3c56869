/** `omero::api::ITimeline`: what was made and changed when. */
import type { Parameters, RTime } from "../../../connect/ice/schema/omero.js";
import type { Current } from "../../../connect/ice/serve/served-object.js";
import { rlong, rstring } from "../../../rtypes.js";
import { apiUsage } from "../../exceptions.js";
import { planFrom } from "../../hql/grammar/fetch-plan.js";
import { creationEvent, updateEvent } from "../../model/events.js";
import { javaName } from "../../model/java-names.js";
import type { Instance, Materializer } from "../../model/materialize.js";
import type { StoredObject } from "../../model/object-store.js";
import type { Access } from "../../world/access.js";
import type { SessionContext } from "../context.js";

const DEFAULT_TYPES = ["Project", "Dataset", "Image", "Annotation", "RenderingDef"];
/** Most objects, or logs, in an answer. */
const MAXIMUM_FOUND = 10_000;
const WITH_EVENTS = planFrom({ details: { owner: {}, creationEvent: {}, updateEvent: {} } });
const LINKED = planFrom({ parent: {}, child: {}, details: { owner: {}, creationEvent: {}, updateEvent: {} } });

/** Milliseconds since 1970; what is left out is not limited. */
interface Period {
  readonly start: number;
  readonly end: number;
}

interface LogEntry {
  readonly object: StoredObject;
  readonly action: "INSERT" | "UPDATE";
  readonly event: StoredObject;
}

export class TimelineService {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  getMostRecentObjects(types: readonly string[], options: Parameters | null, _merge: boolean, current: Current) {
    return this.getByPeriod(types, null, null, options, false, current);
  }

  getByPeriod(
    types: readonly string[],
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    _merge: boolean,
    current: Current,
  ): Map<string, Instance[]> {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    return this.#byType(types, (className) =>
      paged(this.#changed(access, className, period(start, end), options), options).map((object) =>
        materializer.load(object, WITH_EVENTS),
      ),
    );
  }

  countByPeriod(
    types: readonly string[],
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    current: Current,
  ): Map<string, bigint> {
    const access = this.#context.access(current);
    const within = period(start, end);
    return this.#byType(types, (className) => BigInt(this.#changed(access, className, within, options).length));
  }

  getEventLogsByPeriod(
    start: RTime | null,
    end: RTime | null,
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    const access = this.#context.access(current);
    const materializer = this.#context.world.materializer(access);
    const within = period(start, end);
    const logs = ["Project", "Dataset", "Image"]
      .flatMap((className) => this.#visible(access, className, options).flatMap(logsOf))
      .filter(({ event }) => isWithin(event.created, within))
      .sort((a, b) => b.event.created - a.event.created);
    return paged(logs, options).map((log, index) => this.#logInstance(materializer, log, index));
  }

  getMostRecentAnnotationLinks(
    parentTypes: readonly string[],
    childTypes: readonly string[],
    namespaces: readonly string[],
    options: Parameters | null,
    current: Current,
  ): Instance[] {
    const access = this.#context.access(current);
    const { model } = this.#context.world;
    const parents = parentTypes.length === 0 ? ["Project", "Dataset", "Image"] : parentTypes;
    const wanted = childTypes.map((type) => this.#class(type));
    const links = parents.flatMap((type) => this.#visible(access, `${this.#class(type)}AnnotationLink`, options));
    const found = links.filter((link) => {
      const child = this.#context.world.referenced(link, "child");
      if (!child || !access.canRead(child)) return false;
      const namespace = (child.values.ns as { val: string } | null | undefined)?.val ?? "";
      const isWanted = wanted.length === 0 || wanted.some((type) => model.isA(child.className, type));
      return isWanted && (namespaces.length === 0 || namespaces.includes(namespace));
    });
    const materializer = this.#context.world.materializer(access);
    const recent = found.sort((a, b) => b.updated - a.updated);
    return paged(recent, options).map((link) => materializer.load(link, LINKED));
  }

  getMostRecentShareCommentLinks(): Instance[] {
    return [];
  }

  #byType<T>(types: readonly string[], of: (className: string) => T): Map<string, T> {
    return new Map((types.length === 0 ? DEFAULT_TYPES : types).map((type) => [type, of(this.#class(type))]));
  }

  /** Last changed first. */
  #changed(access: Access, className: string, within: Period, options: Parameters | null): StoredObject[] {
    return this.#visible(access, className, options)
      .filter(({ updated }) => isWithin(updated, within))
      .sort((a, b) => b.updated - a.updated);
  }

  #visible(access: Access, className: string, options: Parameters | null): StoredObject[] {
    const { ownerId, groupId } = options?.theFilter ?? {};
    const [owner, group] = [ownerId?.val ?? -1n, groupId?.val ?? -1n];
    return [...this.#context.world.store.all(className)].filter(
      (object) =>
        access.canRead(object) && (owner < 0n || object.owner === owner) && (group < 0n || object.group === group),
    );
  }

  #logInstance(materializer: Materializer, { object, action, event }: LogEntry, index: number): Instance {
    return {
      iceId: "::omero::model::EventLog",
      id: rlong(event.id * 1000n + BigInt(index)),
      loaded: true,
      details: null,
      entityId: rlong(object.id),
      entityType: rstring(javaName(this.#context.world.model, object.className)),
      action: rstring(action),
      event: materializer.load(event),
    };
  }

  #class(written: string): string {
    const className = this.#context.world.model.resolve(written);
    if (!className) throw apiUsage(`Unknown type: ${written}`);
    return className;
  }
}

function logsOf(object: StoredObject): LogEntry[] {
  const made: LogEntry = { object, action: "INSERT", event: creationEvent(object) };
  if (object.updated <= object.created) return [made];
  return [made, { object, action: "UPDATE", event: updateEvent(object) }];
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

function paged<T>(found: readonly T[], options: Parameters | null): readonly T[] {
  const { offset, limit } = options?.theFilter ?? {};
  const first = Math.max(0, offset?.val ?? 0);
  return found.slice(first, first + Math.max(0, Math.min(limit?.val ?? MAXIMUM_FOUND, MAXIMUM_FOUND)));
}
