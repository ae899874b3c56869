/** Objects that a caller names. */
import type { ObjectId } from "../connect/object-id.js";
import { invalidArgument } from "../errors.js";

/** An object, or its type and id: `["Image", 101]`, or `"Image:101"`. */
export type ObjectRef = { readonly type: string; readonly id: number } | readonly [type: string, id: ObjectId] | string;

/** @throws ArgumentError `INVALID_ARGUMENT` for what names no object */
export function typeAndId(ref: ObjectRef): readonly [type: string, id: ObjectId] {
  if (typeof ref === "string") return ofText(ref);
  if (Array.isArray(ref) && ref.length === 2 && typeof ref[0] === "string") return ref as [string, ObjectId];
  if (typeof ref === "object" && ref !== null && "type" in ref && typeof ref.type === "string")
    return [ref.type, ref.id];
  throw noRef(ref);
}

function ofText(text: string): readonly [type: string, id: ObjectId] {
  const [, type, id] = /^\s*([A-Za-z]+):(\d+)\s*$/.exec(text) ?? [];
  if (type === undefined || id === undefined) throw noRef(text);
  return [type, id];
}

function noRef(ref: unknown) {
  const found = typeof ref === "string" || Array.isArray(ref) ? JSON.stringify(ref) : String(ref);
  return invalidArgument(`${found} names no object: give an object, "Image:101", or ["Image", 101]`);
}

/** Several, or one by itself. */
export type OneOrMore<T> = T | readonly T[];

/** Objects in a list; one by itself, which is no list of two, makes one of one. */
export function refsOf(objects: OneOrMore<ObjectRef>): readonly ObjectRef[] {
  return Array.isArray(objects) ? (objects as readonly ObjectRef[]) : [objects as ObjectRef];
}
