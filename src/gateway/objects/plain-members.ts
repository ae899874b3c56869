/** The members of a model object that are plain values, whatever its class. */
import { idNumber } from "../../columns/int64.js";
import type { IObject } from "../../connect/ice/schema/omero.js";
import { type AnswerValue, integerOf, toPlain } from "../plain-values.js";

const NOT_CONTENT = new Set(["iceId", "id", "details", "loaded", "version"]);

/** What JSON shows of an object: texts, numbers, dates, sizes with units, names of enumerations, ids of what it refers to. */
export function plainMembers(model: IObject): Record<string, unknown> {
  const members = Object.entries(model).filter(([name]) => !NOT_CONTENT.has(name));
  return Object.fromEntries(
    members.map(([name, value]) => [name, plainMember(value)]).filter(([, value]) => value !== undefined),
  );
}

function plainMember(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Map) return undefined;
  if (Array.isArray(value)) return undefined;
  if ("val" in value) return forJson(toPlain(value as AnswerValue, () => undefined));
  if ("unit" in value && "value" in value) return { value: value.value, unit: value.unit };
  return enumerator(value) ?? reference(value);
}

function enumerator(value: object): unknown {
  return "value" in value ? (value.value as AnswerValue | null)?.val : undefined;
}

function reference(value: object): unknown {
  const id = "id" in value ? (value.id as { val: bigint } | null)?.val : undefined;
  return id === undefined ? undefined : { id: forJson(integerOf(id)) };
}

function forJson(value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** The id of an object that another refers to. */
export function idWithin(object: Pick<IObject, "id"> | null | undefined): number | undefined {
  return object?.id ? idNumber(object.id.val, "object") : undefined;
}
