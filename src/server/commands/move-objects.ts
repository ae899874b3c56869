/** `omero::cmd::Chgrp2`, `Chown2` and `Chmod2`: objects in other groups, of other users; groups with other permissions. */
import type { Chgrp2, Chmod2, Chown2, GraphModify2, Request } from "../../connect/ice/schema/omero.js";
import { javaName } from "../model/java-names.js";
import { canMove } from "../model/movable.js";
import type { StoredObject } from "../model/object-store.js";
import { isPermissionString } from "../model/permissions.js";
import { graphBelow, NotAllowed } from "../world/graph/delete-graph.js";
import { ends } from "../world/graph/graph-edges.js";
import type { World } from "../world/world.js";
import {
  type Command,
  failure,
  idsByClass,
  inAllGroups,
  optionsOf,
  Refused,
  type Response,
  targetsOf,
} from "./answers.js";

interface Move {
  readonly included: StoredObject[];
  /** Links between what moves and what stays. */
  readonly deleted: StoredObject[];
}

export function runChgrp(command: Command, request: Chgrp2): Response {
  const { world, session } = command.context;
  const { user } = session;
  if (!user.isAdmin && !world.accounts.isMember(user, request.groupId)) {
    throw refused(request, "not-in-group", "not a member of the chgrp destination group");
  }
  if (!world.accounts.group(request.groupId)) throw refused(request, "bad-group", `No such group: ${request.groupId}`);
  const move = moveOf(command, request, "group");
  const moved = { group: request.groupId };
  if (!request.dryRun) carryOut(world, move, (object) => ({ ...object, ...moved }));
  return answer(world, "::omero::cmd::Chgrp2Response", move);
}

export function runChown(command: Command, request: Chown2): Response {
  const { world, session } = command.context;
  const { accounts } = world;
  const isLeader = accounts.groupsOf(session.user).some(({ id }) => accounts.isLeader(session.user, id));
  if (!isLeader && !session.user.privileges.has("Chown"))
    throw refused(request, "steps-cancel", "only administrators and group owners give objects away");
  const user = world.accounts.user(request.userId);
  if (!user) throw refused(request, "bad-user", `No such experimenter: ${request.userId}`);
  const move = moveOf(command, request, "owner");
  const outside = move.included.find(({ group }) => !user.isAdmin && !world.accounts.isMember(user, group));
  if (outside) throw refused(request, "not-in-group", "the chown destination user is not a member of the group");
  if (!request.dryRun) carryOut(world, { ...move, deleted: [] }, (object) => ({ ...object, owner: user.id }));
  return answer(world, "::omero::cmd::Chown2Response", { ...move, deleted: [] });
}

export function runChmod(command: Command, request: Chmod2): Response {
  const { world, session } = command.context;
  if (!isPermissionString(request.permissions)) {
    throw refused(request, "bad-permissions", `cannot parse permissions: ${request.permissions}`);
  }
  const targets = targetsOf(command, request);
  for (const target of targets) {
    if (target.className !== "ExperimenterGroup")
      throw refused(request, "bad-target", `cannot target ${target.className}`);
    const isAllowed = session.user.privileges.has("ModifyGroup") || world.accounts.isLeader(session.user, target.id);
    if (!isAllowed) throw new NotAllowed(`not permitted to change permissions on ${named(world, target)}`);
  }
  if (!request.dryRun) {
    for (const { id } of targets) {
      const group = world.accounts.group(id)!;
      group.permissions = request.permissions;
      world.accounts.keepGroup(group, {});
    }
  }
  return answer(world, "::omero::cmd::Chmod2Response", { included: targets, deleted: [] });
}

function moveOf(command: Command, request: GraphModify2, to: "group" | "owner"): Move {
  const { world } = command.context;
  const targets = targetsOf(command, request);
  const access = inAllGroups(command.access);
  const right = to === "group" ? "chgrp" : "chown";
  for (const target of targets) {
    if (!canMove(world.model, target.className, to))
      throw refused(request, "bad-target", `cannot target ${target.className}`);
    if (!access.rights(target)[right]) throw new NotAllowed(`not permitted to change ${to} of ${named(world, target)}`);
  }
  const objects = graphBelow(world, targets, optionsOf(request)).filter(
    (object) => to === "group" || access.rights(object).chown,
  );
  const keys = new Set(objects.map(keyOf));
  if (to === "group") checkChannels(world, objects, keys);
  const isCut = (object: StoredObject) =>
    world.model.isLink(object.className) && !ends(object).every((end) => keys.has(keyOf(end)));
  return { included: objects.filter((object) => !isCut(object)), deleted: objects.filter(isCut) };
}

/** Channels of images that were copied share what is said of them: they cannot be parted. */
function checkChannels(world: World, moving: readonly StoredObject[], keys: ReadonlySet<string>): void {
  for (const channel of moving) {
    const logical = channel.className === "Channel" ? world.referenced(channel, "logicalChannel") : undefined;
    const others = logical ? world.store.referring("Channel", "logicalChannel", logical) : [];
    if (others.every((other) => keys.has(keyOf(other)))) continue;
    throw new NotAllowed(`cannot move Channel[${channel.id}] while LogicalChannel[${logical!.id}] remains`);
  }
}

function carryOut(world: World, move: Move, moved: (object: StoredObject) => StoredObject): void {
  for (const { className, id } of move.deleted) world.store.delete(className, id);
  for (const object of move.included) world.store.put(moved(object));
}

function answer(world: World, iceId: string, { included, deleted }: Move): Response {
  return { iceId, includedObjects: idsByClass(world, included), deletedObjects: idsByClass(world, deleted) };
}

function refused(request: Request, name: string, message: string): Refused {
  return new Refused(failure(request, name, message));
}

function named(world: World, { className, id }: StoredObject): string {
  return `${javaName(world.model, className)}[${id}]`;
}

function keyOf({ className, id }: { className: string; id: bigint }): string {
  return `${className}:${id}`;
}
