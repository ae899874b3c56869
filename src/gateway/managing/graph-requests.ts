/** Deleting, moving and giving away objects with all that hangs on them. */
import { idNumber } from "../../columns/int64.js";
import { createInstance } from "../../connect/ice/schema/instance.js";
import type { Chown2Response, GraphModify2, Response } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { CallerError } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";
import { runCommand } from "../commands.js";
import type { ObjectContext } from "../loading/object-context.js";
import { groupOfRefs, namedRef } from "../loading/object-refs.js";

/** How far the server has come: steps of its own counting. */
export interface StepProgress {
  /** Steps that are done. */
  readonly done: number;
  /** How many there will be. */
  readonly total: number;
  /** What is counted. */
  readonly unit: "steps";
}

/** How something is done to objects and all that hangs on them. */
export interface GraphOptions {
  /** Whether the objects in them go along: datasets and images of a project. Default true. What is in others as well stays. */
  readonly children?: boolean | undefined;
  /** Whether annotations that are on nothing else go along. Default true. */
  readonly annotations?: boolean | undefined;
  /** Only says what would be done. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Told how far the server has come. */
  readonly onProgress?: ((progress: StepProgress) => void) | undefined;
  /** Gives up and has the server stop, if it has not finished; what is done by one request is done whole or not at all. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until it must be done. Default 120,000. */
  readonly timeout?: number | undefined;
}

export const GRAPH_OPTIONS: OptionNames<GraphOptions> = {
  children: true,
  annotations: true,
  dryRun: true,
  onProgress: true,
  signal: true,
  timeout: true,
};

/** What was done, or would be in a dry run: ids by type of object, links among them. */
export interface GraphResult {
  /** Objects that were moved or given away; none after deleting. */
  readonly included: Readonly<Record<string, readonly number[]>>;
  /** Objects that were removed. */
  readonly deleted: Readonly<Record<string, readonly number[]>>;
  /** Whether nothing was done in fact. */
  readonly dryRun: boolean;
}

/** What lies in objects of each type, on whatever level: what stays when children stay. */
const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  Project: ["Dataset", "Image"],
  Dataset: ["Image"],
  Screen: ["Plate", "Well", "PlateAcquisition", "Image"],
  Plate: ["Image"],
  PlateAcquisition: ["Image"],
  Well: ["Image"],
  WellSample: ["Image"],
  Folder: ["Folder", "Image", "Roi"],
};

type RequestMembers = Pick<GraphModify2, "targetObjects" | "childOptions" | "dryRun">;

/**
 * Has the server do a graph request to objects in their group.
 * @throws TableError `NOT_FOUND`; ServerError `SERVER_FAILURE` with the server's reason where it refuses: nothing is done then
 */
export async function runGraphRequest(
  context: ObjectContext,
  targets: { readonly type: string; readonly ids: readonly ObjectId[] },
  options: GraphOptions,
  makeRequest: (members: RequestMembers) => GraphModify2,
): Promise<GraphResult> {
  const { type } = targets;
  const refs = targets.ids.map((id) => namedRef([type, id]));
  const { dryRun = false, onProgress, signal, timeout } = options;
  if (refs.length === 0) return { included: {}, deleted: {}, dryRun };
  const group = await groupOfRefs(context, refs, signal);
  const request = makeRequest({
    targetObjects: new Map([[type, BigInt64Array.from(refs, ({ id }) => id)]]),
    childOptions: childOptions(type, options),
    dryRun,
  });
  const onSteps = onProgress && ((done: number, total: number) => tell(onProgress, { done, total, unit: "steps" }));
  const answer = await runCommand(context.connection, request, { signal, timeout, group, onSteps });
  return { ...graphResult(answer), dryRun };
}

function tell(onProgress: (progress: StepProgress) => void, progress: StepProgress): void {
  try {
    onProgress(progress);
  } catch (cause) {
    throw new CallerError("CALLBACK_FAILED", "onProgress has failed", { cause });
  }
}

/** What stays is always said, even if it is one type: omero-py leaves a single one out, and the server then takes it along. */
function childOptions(
  type: string,
  { children = true, annotations = true }: GraphOptions,
): GraphModify2["childOptions"] {
  const excludeType = [...(children ? [] : (CHILDREN[type] ?? [])), ...(annotations ? [] : ["Annotation"])];
  return excludeType.length === 0 ? [] : [createInstance("::omero::cmd::graphs::ChildOption", { excludeType })];
}

function graphResult(answer: Response): Pick<GraphResult, "included" | "deleted"> {
  const { includedObjects, deletedObjects } = answer as Partial<Chown2Response>;
  return { included: idsByType(includedObjects), deleted: idsByType(deletedObjects) };
}

/** The server names Java classes: `ome.model.core.Image`. */
function idsByType(objects: ReadonlyMap<string, BigInt64Array> | undefined): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const [name, ids] of objects ?? []) {
    const type = name.slice(name.lastIndexOf(".") + 1);
    found[type] = Array.from(ids, (id) => idNumber(id, type));
  }
  return found;
}

export function deleteTargets(
  context: ObjectContext,
  type: string,
  ids: readonly ObjectId[],
  options: GraphOptions,
): Promise<GraphResult> {
  return runGraphRequest(context, { type, ids }, options, (members) =>
    createInstance("::omero::cmd::Delete2", members),
  );
}

/** @param group its id */
export function moveTargets(
  context: ObjectContext,
  type: string,
  ids: readonly ObjectId[],
  group: number,
  options: GraphOptions,
): Promise<GraphResult> {
  const groupId = toObjectId(group, "group");
  return runGraphRequest(context, { type, ids }, options, (members) =>
    createInstance("::omero::cmd::Chgrp2", { ...members, groupId }),
  );
}

/** @param user id of the new owner */
export function giveTargets(
  context: ObjectContext,
  type: string,
  ids: readonly ObjectId[],
  user: bigint,
  options: GraphOptions,
): Promise<GraphResult> {
  return runGraphRequest(context, { type, ids }, options, (members) =>
    createInstance("::omero::cmd::Chown2", { ...members, userId: user }),
  );
}

/** Changes what members of a group may do. */
export async function changePermissions(
  context: ObjectContext,
  group: number,
  permissions: string,
  { dryRun = false, signal, timeout }: Pick<GraphOptions, "dryRun" | "signal" | "timeout">,
): Promise<GraphResult> {
  const targetObjects = new Map([["ExperimenterGroup", BigInt64Array.of(BigInt(group))]]);
  const request = createInstance("::omero::cmd::Chmod2", { targetObjects, permissions, dryRun });
  const answer = await runCommand(context.connection, request, { signal, timeout, group });
  return { ...graphResult(answer), dryRun };
}
