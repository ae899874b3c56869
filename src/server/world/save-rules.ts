/** What an OMERO server asks of objects before it saves them. */
import { serverError, validation } from "../exceptions.js";
import { updateEventId } from "../model/events.js";
import { javaName } from "../model/java-names.js";
import type { Instance } from "../model/materialize.js";
import type { Model, ModelMember } from "../model/model.js";
import type { StoredObject } from "../model/object-store.js";
import { PARTS } from "./graph/graph-edges.js";
import type { World } from "./world.js";

/** Members without which there can be no object, by class. */
const REQUIRED: Record<string, readonly string[]> = {
  Dataset: ["name"],
  Folder: ["name"],
  Image: ["name"],
  OriginalFile: ["name", "path"],
  Pixels: ["image", "pixelsType", "dimensionOrder", "sizeX", "sizeY", "sizeZ", "sizeC", "sizeT", "sha1"],
  Plate: ["name"],
  PlateAcquisition: ["plate"],
  Project: ["name"],
  Screen: ["name"],
  Shape: ["roi"],
  Well: ["plate"],
  WellSample: ["well"],
};

/** @throws IceUserException ValidationException where such a member is missing. */
export function checkRequired({ model }: World, { className, values }: StoredObject): void {
  const missing = (REQUIRED[className] ?? REQUIRED[model.rootOf(className)] ?? []).find((name) => values[name] == null);
  if (missing !== undefined) throw missingMember(model, className, missing);
}

export function missingMember(model: Model, className: string, member: string): Error {
  return validation(`not-null property references a null or transient value: ${javaName(model, className)}.${member}`);
}

/** @throws IceUserException OptimisticLockException for a change of what was changed since the client got it. */
export function checkUpdateEvent({ model }: World, before: StoredObject, instance: Instance): void {
  const details = instance.details as { updateEvent?: { id?: { val: bigint } | null } | null } | null | undefined;
  const sent = details?.updateEvent?.id?.val;
  const stored = updateEventId(before);
  if (sent === undefined || sent === stored) return;
  const object = `${javaName(model, before.className)}:Id_${before.id}`;
  const reason = `You are not authorized to change the update event for ${object} from ${stored} to ${sent}`;
  throw serverError("OptimisticLockException", reason);
}

/** Whether what is taken out of a collection is gone with that: links and parts are. */
export function isRemovable(model: Model, member: ModelMember & { kind: "collection" }): boolean {
  if (member.className === "GroupExperimenterMap") return false;
  return model.isLink(member.className) || (PARTS[member.className] ?? []).includes(member.inverse);
}
