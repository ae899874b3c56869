/** What clients submit (`omero::cmd`): deletion, time-outs, lists of sessions. */

import { IceUserException } from "../../connect/ice/codec/ice-exception.js";
import type {
  CurrentSessionsRequest,
  Delete2,
  DoAll,
  Request,
  UpdateSessionTimeoutRequest,
} from "../../connect/ice/schema/omero.js";
import { apiUsage } from "../exceptions.js";
import { javaName } from "../model/java-names.js";
import type { StoredObject } from "../model/object-store.js";
import type { SessionContext } from "../services/context.js";
import { eventContext } from "../services/event-context.js";
import { sessionInstance } from "../services/session-service.js";
import { type Access, ALL_GROUPS } from "../world/access.js";
import { type ChildOption, deleteGraph, NotAllowed } from "../world/delete-graph.js";
import { deleteFromWorld } from "../world/delete-objects.js";
import type { World } from "../world/world.js";

/** An answer: an instance of a class below `::omero::cmd::Response`. */
export interface Response {
  readonly iceId: string;
  readonly [member: string]: unknown;
}

const OK: Response = { iceId: "::omero::cmd::OK" };

/** Requests in a list, and in the lists in it, which may contain themselves. */
const MOST_REQUESTS = 1000;

/** Never rejects: what goes wrong is the answer. */
export function runRequest(context: SessionContext, access: Access, request: Request | null): Promise<Response> {
  return runCounted(context, access, request, { left: MOST_REQUESTS });
}

async function runCounted(
  context: SessionContext,
  access: Access,
  request: Request | null,
  allowed: { left: number },
): Promise<Response> {
  try {
    if (--allowed.left < 0) throw apiUsage(`More than ${MOST_REQUESTS} requests are submitted at once: submit fewer`);
    return await run(context, access, request, allowed);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof NotAllowed) return graphException(request, message);
    const name = error instanceof IceUserException ? error.iceId : "::omero::InternalException";
    return failure(request, name, message);
  }
}

function run(
  context: SessionContext,
  access: Access,
  request: Request | null,
  allowed: { left: number },
): Promise<Response> | Response {
  switch (request?.iceId as string | undefined) {
    case "::omero::cmd::Delete2":
      return runDelete(context, access, request as Delete2);
    case "::omero::cmd::DoAll":
      return runAll(context, access, request as DoAll, allowed);
    case "::omero::cmd::UpdateSessionTimeoutRequest":
      return updateTimeout(context, request as UpdateSessionTimeoutRequest);
    case "::omero::cmd::CurrentSessionsRequest":
      return currentSessions(context, request as CurrentSessionsRequest);
    default:
      return failure(request, "unknown-request", "This server does not know the request", "::omero::cmd::Unknown");
  }
}

async function runDelete(context: SessionContext, access: Access, request: Delete2): Promise<Response> {
  const { world } = context;
  const everywhere = access.group === ALL_GROUPS ? access : access.in(ALL_GROUPS);
  const targets: StoredObject[] = [];
  for (const [type, ids] of request.targetObjects) {
    for (const id of ids) {
      const object = world.find(everywhere, type, id);
      if (object) targets.push(object);
      else throw new NotAllowed(`cannot read ${targetName(world, type)}[${id}]`);
    }
  }
  const options = request.childOptions.filter((option): option is NonNullable<typeof option> => option !== null);
  const deleted = request.dryRun
    ? deleteGraph(world, everywhere, targets, options as ChildOption[])
    : await deleteFromWorld(world, everywhere, targets, options as ChildOption[]);
  return { iceId: "::omero::cmd::Delete2Response", deletedObjects: idsByClass(context, deleted) };
}

function targetName({ model }: World, type: string): string {
  return javaName(model, model.resolve(type)!);
}

function idsByClass({ world }: SessionContext, objects: readonly StoredObject[]): Map<string, BigInt64Array> {
  const ids = new Map<string, bigint[]>();
  for (const { className, id } of objects) {
    const name = javaName(world.model, className);
    ids.set(name, [...(ids.get(name) ?? []), id]);
  }
  return new Map([...ids].map(([name, list]) => [name, BigInt64Array.from(list)]));
}

/** One after another, as far as they succeed. */
async function runAll(
  context: SessionContext,
  access: Access,
  { requests }: DoAll,
  allowed: { left: number },
): Promise<Response> {
  const responses: Response[] = [];
  for (const request of requests) {
    const response = await runCounted(context, access, request, allowed);
    if (isFailure(response)) return response;
    responses.push(response);
  }
  return { iceId: "::omero::cmd::DoAllRsp", responses, status: [] };
}

function updateTimeout({ world, session }: SessionContext, request: UpdateSessionTimeoutRequest): Response {
  const target = world.sessions.find(request.session);
  if (!target) return failure(request, "no-session", "No such session");
  const idle = request.timeToIdle && Number(request.timeToIdle.val);
  const live = request.timeToLive && Number(request.timeToLive.val);
  world.sessions.setTimeouts(target, session.user, idle ?? undefined, live ?? undefined);
  return OK;
}

/** Sessions of others are told by name only, unless to administrators. */
function currentSessions({ world, session }: SessionContext, _request: CurrentSessionsRequest): Response {
  const shown = world.sessions.all.map((other) => {
    const isVisible = session.user.privileges.has("ReadSession") || other.user.id === session.user.id;
    const details = eventContext(world, other, world.access(other));
    const nameOnly = { iceId: "::omero::sys::EventContext", userName: other.user.name, groupName: details.groupName };
    return { session: isVisible ? sessionInstance(other) : null, context: isVisible ? details : nameOnly };
  });
  return {
    iceId: "::omero::cmd::CurrentSessionsResponse",
    sessions: shown.map((entry) => entry.session),
    contexts: shown.map((entry) => entry.context),
    data: shown.map(() => new Map()),
  };
}

export function isFailure({ iceId }: Response): boolean {
  return ["::omero::cmd::ERR", "::omero::cmd::GraphException", "::omero::cmd::Unknown"].includes(iceId);
}

function failure(request: Request | null, name: string, message: string, iceId = "::omero::cmd::ERR"): Response {
  return { iceId, category: request?.iceId ?? "", name, parameters: new Map([["message", message]]) };
}

/** The reason stands in the member `message` alone. */
function graphException(request: Request | null, message: string): Response {
  return { ...failure(request, "graph-fail", "", "::omero::cmd::GraphException"), message };
}
