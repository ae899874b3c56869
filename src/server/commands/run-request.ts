/** What clients submit (`omero::cmd`): deletion, moves, copies, time-outs, lists of sessions, and lists of all these. */
import { IceUserException } from "../../connect/ice/codec/ice-exception.js";
import type {
  Chgrp2,
  Chmod2,
  Chown2,
  CurrentSessionsRequest,
  Delete2,
  DiskUsage2,
  DoAll,
  Duplicate,
  FindChildren,
  FindParents,
  LegalGraphTargets,
  ManageImageBinaries,
  OriginalMetadataRequest,
  Request,
  Save,
  SkipHead,
  Timing,
  UpdateSessionTimeoutRequest,
} from "../../connect/ice/schema/omero.js";
import { rlong, rtime } from "../../rtypes.js";
import { apiUsage } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import { pixelsOfImage, StoredPixels } from "../pixels/stored-pixels.js";
import type { SessionContext } from "../services/context.js";
import { eventContext } from "../services/event-context.js";
import { sessionInstance } from "../services/session-service.js";
import { saveAndLoad } from "../services/update-service.js";
import type { Access } from "../world/access.js";
import { deleteGraph, NotAllowed } from "../world/graph/delete-graph.js";
import { deleteStored, removeContents } from "../world/graph/delete-objects.js";
import {
  type Command,
  failure,
  graphException,
  idsByClass,
  inAllGroups,
  isFailure,
  optionsOf,
  Refused,
  type Response,
  targetsOf,
  withoutParameters,
} from "./answers.js";
import { runDiskUsage } from "./disk-usage.js";
import { runDuplicate } from "./duplicate.js";
import { runFindChildren, runFindParents, runLegalTargets, withoutHead } from "./find-related.js";
import { runChgrp, runChmod, runChown } from "./move-objects.js";

type Runner = (command: Command, request: never, allowed: { left: number }) => Response;

const OK: Response = { iceId: "::omero::cmd::OK" };

/** Requests in a list, and in the lists in it, which may contain themselves. */
const MOST_REQUESTS = 1000;

const RUNNERS: Record<string, Runner> = {
  Chgrp2: (command, request: Chgrp2) => runChgrp(command, request),
  Chmod2: (command, request: Chmod2) => runChmod(command, request),
  Chown2: (command, request: Chown2) => runChown(command, request),
  CurrentSessionsRequest: (command, request: CurrentSessionsRequest) => currentSessions(command.context, request),
  Delete2: (command, request: Delete2) => runDelete(command, request),
  DiskUsage2: (command, request: DiskUsage2) => runDiskUsage(command, request),
  DoAll: (command, request: DoAll, allowed) => runAll(command, request, allowed),
  Duplicate: (command, request: Duplicate) => runDuplicate(command, request),
  FindChildren: (command, request: FindChildren) => runFindChildren(command, request),
  FindParents: (command, request: FindParents) => runFindParents(command, request),
  LegalGraphTargets: (command, request: LegalGraphTargets) => runLegalTargets(command, request),
  ManageImageBinaries: (command, request: ManageImageBinaries) => imageBinaries(command, request),
  OriginalMetadataRequest: (command, request: OriginalMetadataRequest) => originalMetadata(command, request),
  FindPyramids: () => ({ iceId: "::omero::cmd::FindPyramidsResponse", pyramidFiles: new BigInt64Array(0) }),
  Save: (command, request: Save) => runSave(command, request),
  SkipHead: (command, request: SkipHead, allowed) => run(command, withoutHead(command, request), allowed),
  Timing: (_command, request: Timing) => {
    if (request.steps < 1) throw new Refused(withoutParameters(request, "no-steps"));
    return OK;
  },
  UpdateSessionTimeoutRequest: (command, request: UpdateSessionTimeoutRequest) =>
    updateTimeout(command.context, request),
  UsedFilesRequest: () => ({ iceId: "::omero::cmd::UsedFilesResponsePreFs" }),
};

/** All of it or nothing. Never rejects: what goes wrong is the answer. */
export async function runRequest(context: SessionContext, access: Access, request: Request | null): Promise<Response> {
  const command: Command = { context, access, afterwards: [] };
  try {
    const response = context.world.store.transaction(() => run(command, request, { left: MOST_REQUESTS }));
    for (const step of command.afterwards) await step();
    return response;
  } catch (error) {
    return answerTo(request, error);
  }
}

function answerTo(request: Request | null, error: unknown): Response {
  if (error instanceof Refused) return error.response;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof NotAllowed) return graphException(request, message);
  const name = error instanceof IceUserException ? error.iceId : "::omero::InternalException";
  return failure(request, name, message);
}

function run(command: Command, request: Request | null, allowed: { left: number }): Response {
  if (--allowed.left < 0) throw apiUsage(`More than ${MOST_REQUESTS} requests are submitted at once: submit fewer`);
  const runner = RUNNERS[(request?.iceId as string | undefined)?.replace("::omero::cmd::", "") ?? ""];
  if (!runner) {
    const unknown = failure(
      request,
      "unknown-request",
      "This server does not know the request",
      "::omero::cmd::Unknown",
    );
    throw new Refused(unknown);
  }
  return runner(command, request as never, allowed);
}

function runDelete(command: Command, request: Delete2): Response {
  const { context, access } = command;
  const { world } = context;
  const targets = targetsOf(command, request);
  const system = targets.find(({ className }) => world.model.isSystemType(className));
  if (system) throw new Refused(failure(request, "bad-target", `cannot target ${system.className}`));
  const remove = request.dryRun ? deleteGraph : deleteStored;
  const deleted = remove(world, inAllGroups(access), targets, optionsOf(request));
  if (!request.dryRun) command.afterwards.push(() => removeContents(world, deleted));
  return { iceId: "::omero::cmd::Delete2Response", deletedObjects: idsByClass(world, deleted) };
}

/** One after another; the first that fails is the answer, and nothing is kept of the others. */
function runAll(command: Command, request: DoAll, allowed: { left: number }): Response {
  const { requests } = request;
  if (requests.length === 0) throw new Refused(withoutParameters(request, "no-steps"));
  const responses = requests.map((request) => {
    try {
      const response = run(command, request, allowed);
      if (!isFailure(response)) return response;
      throw new Refused(response);
    } catch (error) {
      throw new Refused(answerTo(request, error));
    }
  });
  return { iceId: "::omero::cmd::DoAllRsp", responses, status: [] };
}

function runSave({ context, access }: Command, { obj }: Save): Response {
  const [saved] = saveAndLoad(context, access, [obj as unknown as Instance | null]);
  return { iceId: "::omero::cmd::SaveRsp", obj: saved };
}

function updateTimeout({ world, session }: SessionContext, request: UpdateSessionTimeoutRequest): Response {
  const target = world.sessions.find(request.session);
  if (!target) throw new Refused(withoutParameters(request, "no-session"));
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
    const data = new Map<string, unknown>([
      ["hitCount", rlong(other.hitCount)],
      ["lastAccessTime", rtime(Date.now() - Math.round(performance.now() - other.lastUsed))],
    ]);
    return { session: isVisible ? sessionInstance(other) : null, context: isVisible ? details : nameOnly, data };
  });
  return {
    iceId: "::omero::cmd::CurrentSessionsResponse",
    sessions: shown.map((entry) => entry.session),
    contexts: shown.map((entry) => entry.context),
    data: shown.map((entry) => entry.data),
  };
}

/** Images here come without the files they were made from. */
function originalMetadata({ context, access }: Command, { imageId }: OriginalMetadataRequest): Response {
  context.world.get(inAllGroups(access), "Image", imageId);
  return {
    iceId: "::omero::cmd::OriginalMetadataResponse",
    filesetId: null,
    fileAnnotationId: null,
    globalMetadata: new Map(),
    seriesMetadata: new Map(),
  };
}

function imageBinaries({ context, access }: Command, { imageId }: ManageImageBinaries): Response {
  const { world } = context;
  world.get(inAllGroups(access), "Image", imageId);
  const pixels = pixelsOfImage(world, imageId).map((object) => new StoredPixels(world, object));
  return {
    iceId: "::omero::cmd::ManageImageBinariesResponse",
    filesetId: null,
    archivedFiles: new BigInt64Array(0),
    pixelsPresent: pixels.length > 0,
    pyramidPresent: false,
    archivedSize: 0n,
    pixelSize: pixels.reduce((size, { layout }) => size + BigInt(layout.totalSize), 0n),
    pyramidSize: 0n,
    thumbnailSize: 0n,
  };
}
