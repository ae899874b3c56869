/** Answers to requests (`omero::cmd::Response`), and what of the requests they are made from. */
import type { GraphModify2, GraphQuery, Request } from "../../connect/ice/schema/omero.js";
import { javaName } from "../model/java-names.js";
import type { StoredObject } from "../model/object-store.js";
import type { SessionContext } from "../services/context.js";
import { type Access, ALL_GROUPS } from "../world/access.js";
import { type ChildOption, NotAllowed } from "../world/graph/delete-graph.js";
import type { World } from "../world/world.js";

/** An answer: an instance of a class below `::omero::cmd::Response`. */
export interface Response {
  readonly iceId: string;
  readonly [member: string]: unknown;
}

/** What a request is run with. */
export interface Command {
  readonly context: SessionContext;
  readonly access: Access;
  /** What is to be done once everything asked for at once has succeeded. */
  readonly afterwards: (() => Promise<void>)[];
}

/** The request fails with this answer. */
export class Refused extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(String(response.name));
    this.response = response;
  }
}

/** Ids by the names that the classes have in an OMERO server. */
export function idsByClass(world: World, objects: readonly StoredObject[]): Map<string, BigInt64Array> {
  const ids = new Map<string, bigint[]>();
  for (const { className, id } of objects) {
    const name = javaName(world.model, className);
    ids.set(name, [...(ids.get(name) ?? []), id]);
  }
  return new Map([...ids].map(([name, list]) => [name, BigInt64Array.from(list)]));
}

/**
 * The objects that a request is about, in whatever group they are.
 * @throws NotAllowed for one that is not there, or that the session may not read.
 */
export function targetsOf({ context, access }: Command, request: GraphQuery): StoredObject[] {
  const { world } = context;
  const everywhere = inAllGroups(access);
  const targets: StoredObject[] = [];
  for (const [type, ids] of request.targetObjects) {
    const className = world.model.resolve(type);
    if (!className) throw new Refused(failure(request, "graph-fail", `Unknown type: ${type}`));
    for (const id of ids) {
      const object = world.find(everywhere, type, id);
      if (!object) throw new NotAllowed(`cannot read ${javaName(world.model, className)}[${id}]`);
      targets.push(object);
    }
  }
  return targets;
}

export function inAllGroups(access: Access): Access {
  return access.group === ALL_GROUPS ? access : access.in(ALL_GROUPS);
}

export function optionsOf({ childOptions }: GraphModify2): ChildOption[] {
  return childOptions.filter((option) => option !== null) as ChildOption[];
}

export function isFailure({ iceId }: Response): boolean {
  return ["::omero::cmd::ERR", "::omero::cmd::GraphException", "::omero::cmd::Unknown"].includes(iceId);
}

export function failure(request: Request | null, name: string, message: string, iceId = "::omero::cmd::ERR"): Response {
  const parameters = new Map([
    ["message", message],
    ["stacktrace", ""],
  ]);
  return { iceId, category: request?.iceId ?? "", name, parameters };
}

export function withoutParameters(request: Request | null, name: string): Response {
  return { ...failure(request, name, ""), parameters: new Map() };
}

/** The reason stands in the member `message` alone. */
export function graphException(request: Request | null, message: string): Response {
  return { ...failure(request, "graph-fail", "", "::omero::cmd::GraphException"), message };
}
