/** Objects that a command line names: `Image:5`. */
import { InvalidArgumentError } from "commander";
import { withConnection } from "../../../connect/connection-option.js";
import type { OmeroConnection } from "../../../connect/index.js";
import type { AnnotatedObject, ObjectType } from "../../../gateway/index.js";
import { connectionOf, type ServerFlags } from "../../options/connection.js";

const TYPES = [
  "Project",
  "Dataset",
  "Image",
  "Screen",
  "Plate",
  "PlateAcquisition",
  "Well",
  "Roi",
  "Experimenter",
  "ExperimenterGroup",
] as const satisfies readonly ObjectType[];

/** Type and id of an object that annotations can be linked to. */
export type NamedObjectRef = readonly [type: (typeof TYPES)[number], id: bigint];

/** An object named as `Image:5`, its type in any case. */
export function objectRef(text: string): NamedObjectRef {
  const [, name = "", id] = /^([a-z]+):(\d+)$/i.exec(text) ?? [];
  const type = TYPES.find((one) => one.toLowerCase() === name.toLowerCase());
  if (type !== undefined && id !== undefined) return [type, BigInt(id)];
  throw new InvalidArgumentError(`write a type and an id, for example Image:5; types are ${TYPES.join(", ")}`);
}

/** Several objects, one after the other. */
export function objectRefs(text: string, before: readonly NamedObjectRef[] = []): readonly NamedObjectRef[] {
  return [...before, objectRef(text)];
}

/** Does the work with a connection that looks in all groups, unless the command line names one. */
export async function withObjects<T>(
  options: ServerFlags,
  signal: AbortSignal,
  work: (connection: OmeroConnection, group: number | undefined) => Promise<T>,
): Promise<T> {
  await import("../../../gateway/index.js");
  const group = options.group === undefined ? -1 : undefined;
  return withConnection({ ...connectionOf(options), signal }, (connection) => work(connection, group));
}

/** @throws TableError `NOT_FOUND` */
export function findNamed(
  connection: OmeroConnection,
  [type, id]: NamedObjectRef,
  group: number | undefined,
  signal: AbortSignal,
): Promise<AnnotatedObject> {
  return connection.getObject(type, id, { group, signal });
}
