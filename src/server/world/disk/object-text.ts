/** Stored objects as text: JSON, with marks for what JSON has not. */
import type { Model } from "../../model/model.js";
import { isReference, type StoredObject } from "../../model/object-store.js";

/** The text of an object, or of several with what belongs to them. */
export function objectText(value: unknown): string {
  return JSON.stringify(value, preserve);
}

/** @throws SyntaxError for what no object's text is; what was read may be no object still. */
export function readObjectText(text: string): unknown {
  return JSON.parse(text, restore);
}

/** Whether it has all that an object needs, so that nothing fails on it later. */
export function isStoredObject(value: unknown, model: Model): value is StoredObject {
  if (!isRecord(value) || !isRecord(value.values) || model.resolve(String(value.className)) !== value.className) {
    return false;
  }
  const { className, id, owner, group, created, updated, values, array, account, creationEvent, updateEvent } = value;
  const isWhole = [id, owner, group].every((number) => typeof number === "bigint");
  const isDated = [created, updated].every((time) => typeof time === "number");
  const isLogged = [creationEvent ?? 0, updateEvent ?? 0].every(Number.isSafeInteger);
  const isJoined = !model.isLink(String(className)) || (isReference(values.parent) && isReference(values.child));
  const isPlaced = array === undefined || isRegisteredArray(array);
  return (
    isWhole &&
    isDated &&
    isLogged &&
    isJoined &&
    isPlaced &&
    isAccount(account) &&
    Object.values(values).every(isStoredValue)
  );
}

function isAccount(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isRecord(value)) return false;
  const { permissions = "", password = "", privileges = [], defaultGroup = 0n } = value;
  const isNamed = Array.isArray(privileges) && privileges.every((name) => typeof name === "string");
  return typeof permissions === "string" && typeof password === "string" && isNamed && typeof defaultGroup === "bigint";
}

function isRegisteredArray(value: unknown): boolean {
  return isRecord(value) && typeof value.path === "string" && typeof value.tokenHash === "string";
}

/** A reference names an object; whatever else an rtype or structure holds is its own affair. */
function isStoredValue(value: unknown): boolean {
  if (!isRecord(value) || !("className" in value)) return true;
  return typeof value.className === "string" && typeof value.id === "bigint";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON has no int64, no NaN and no bytes. */
function preserve(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $long: String(value) };
  if (typeof value === "number" && !Number.isFinite(value)) return { $double: String(value) };
  if (value instanceof Map) return { $map: [...value] };
  if (ArrayBuffer.isView(value)) return { $array: value.constructor.name, values: Array.from(value as Uint8Array) };
  return value;
}

const ARRAYS = { Uint8Array, Int32Array, Int16Array, Float32Array, Float64Array, BigInt64Array };

function restore(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$long" in value) return BigInt(String(value.$long));
  if ("$double" in value) return Number(value.$double);
  if ("$map" in value) return new Map(value.$map as [unknown, unknown][]);
  if ("$array" in value) {
    const make = ARRAYS[value.$array as keyof typeof ARRAYS] as typeof Uint8Array;
    return make.from((value as unknown as { values: number[] }).values);
  }
  return value;
}
