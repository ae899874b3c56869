/** `omero::cmd::FindParents`, `FindChildren`, `SkipHead` and `LegalGraphTargets`: what is above and below objects. */
import type {
  FindChildren,
  FindParents,
  GraphModify2,
  GraphQuery,
  LegalGraphTargets,
  SkipHead,
} from "../../connect/ice/schema/omero.js";
import { apiUsage } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import { canMove } from "../model/movable.js";
import type { StoredObject } from "../model/object-store.js";
import { childrenOf, parentsOf } from "../world/graph/graph-edges.js";
import type { World } from "../world/world.js";
import { type Command, idsByClass, inAllGroups, type Response, targetsOf } from "./answers.js";

/** Objects that are looked at for one request. */
const MAXIMUM_OBJECTS = 100_000;

type Step = (world: World, object: StoredObject) => StoredObject[];

export function runFindParents(command: Command, request: FindParents): Response {
  const found = related(command, targetsOf(command, request), parentsOf, request.typesOfParents, request.stopBefore);
  return { iceId: "::omero::cmd::FoundParents", parents: idsByClass(command.context.world, found) };
}

export function runFindChildren(command: Command, request: FindChildren): Response {
  const found = related(command, targetsOf(command, request), childrenOf, request.typesOfChildren, request.stopBefore);
  return { iceId: "::omero::cmd::FoundChildren", children: idsByClass(command.context.world, found) };
}

/** The request for what is below its targets, from the classes named on. */
export function withoutHead(command: Command, { targetObjects, startFrom, request, dryRun }: SkipHead): GraphModify2 {
  if (!request) throw apiUsage("A request to skip to is needed");
  const targets = targetsOf(command, { targetObjects } as GraphQuery);
  const heads = related(command, targets, childrenOf, startFrom, startFrom);
  const ids = new Map<string, BigInt64Array>();
  for (const [name, list] of idsByClass(command.context.world, heads)) ids.set(name.split(".").at(-1)!, list);
  return { ...request, targetObjects: ids, dryRun: dryRun || request.dryRun };
}

export function runLegalTargets({ context }: Command, { request }: LegalGraphTargets): Response {
  const { model } = context.world;
  const kind = request?.iceId.split("::").at(-1);
  const isLegal = (className: string) => {
    if (kind === "Chmod2") return className === "ExperimenterGroup";
    if (kind === "Chgrp2" || kind === "Chown2") return canMove(model, className, kind === "Chgrp2" ? "group" : "owner");
    return !model.isSystemType(className);
  };
  const targets = model.descendants("IObject").filter((className) => className !== "IObject" && isLegal(className));
  return { iceId: "::omero::cmd::LegalGraphTargetsResponse", targets: targets.map((name) => javaName(model, name)) };
}

/** The objects of the classes wanted among all that can be reached; those to stop before are not gone beyond. */
function related(
  command: Command,
  targets: readonly StoredObject[],
  step: Step,
  wanted: readonly string[],
  stops: readonly string[],
): StoredObject[] {
  const { world } = command.context;
  const access = inAllGroups(command.access);
  const isKind = (object: StoredObject, types: readonly string[]) =>
    types.some((type) => world.model.isA(object.className, world.model.resolve(type) ?? type));
  const seen = new Map<string, StoredObject>();
  for (let next = [...targets]; next.length > 0; ) {
    next = next
      .flatMap((object) => step(world, object))
      .filter((object) => {
        const key = `${object.className}:${object.id}`;
        if (seen.has(key) || !access.canRead(object)) return false;
        seen.set(key, object);
        return !isKind(object, stops);
      });
    if (seen.size > MAXIMUM_OBJECTS) throw apiUsage(`More than ${MAXIMUM_OBJECTS} objects are related: name fewer`);
  }
  return [...seen.values()].filter((object) => isKind(object, wanted));
}
