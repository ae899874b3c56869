/**
 * OMERO rtypes: values that say their own type on the wire (`omero.rtypes` in omero-py, `omero/RTypes.ice`).
 * Each is a plain object `{ iceId, val }`, as every Ice class instance is in this package.
 */
import { ArgumentError } from "./errors.js";

export interface RBool {
  readonly iceId: "::omero::RBool";
  readonly val: boolean;
}
export interface RInt {
  readonly iceId: "::omero::RInt";
  readonly val: number;
}
export interface RLong {
  readonly iceId: "::omero::RLong";
  readonly val: bigint;
}
export interface RFloat {
  readonly iceId: "::omero::RFloat";
  readonly val: number;
}
export interface RDouble {
  readonly iceId: "::omero::RDouble";
  readonly val: number;
}
export interface RString {
  readonly iceId: "::omero::RString";
  readonly val: string;
}
/** Milliseconds since 1970. */
export interface RTime {
  readonly iceId: "::omero::RTime";
  readonly val: bigint;
}
export interface RList {
  readonly iceId: "::omero::RList";
  readonly val: readonly RType[];
}
export type RType = RBool | RInt | RLong | RFloat | RDouble | RString | RTime | RList;

export function rbool(val: boolean): RBool {
  return { iceId: "::omero::RBool", val };
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless `val` is an int32. */
export function rint(val: number): RInt {
  if ((val | 0) !== val) throw new ArgumentError("INVALID_ARGUMENT", `rint: ${val} is no 32-bit integer; use rlong`);
  return { iceId: "::omero::RInt", val };
}

/** @throws ArgumentError `INVALID_ARGUMENT` unless `val` is an int64; a number must be a safe integer. */
export function rlong(val: number | bigint): RLong {
  return { iceId: "::omero::RLong", val: toInt64(val, "rlong") };
}

export function rfloat(val: number): RFloat {
  return { iceId: "::omero::RFloat", val };
}

export function rdouble(val: number): RDouble {
  return { iceId: "::omero::RDouble", val };
}

export function rstring(val: string): RString {
  return { iceId: "::omero::RString", val };
}

/** @param val a date, or milliseconds since 1970. */
export function rtime(val: Date | number | bigint): RTime {
  return { iceId: "::omero::RTime", val: toInt64(val instanceof Date ? val.getTime() : val, "rtime") };
}

export function rlist(val: readonly RType[]): RList {
  return { iceId: "::omero::RList", val };
}

/** Whether a value is one of the rtypes above. */
export function isRType(value: unknown): value is RType {
  return (
    typeof value === "object" &&
    value !== null &&
    "iceId" in value &&
    "val" in value &&
    /^::omero::R(Bool|Int|Long|Float|Double|String|Time|List)$/.test(String(value.iceId))
  );
}

function toInt64(val: number | bigint, what: string): bigint {
  if (typeof val === "number" && !Number.isSafeInteger(val)) {
    throw new ArgumentError("INVALID_ARGUMENT", `${what}: ${val} is no safe integer; give a bigint`);
  }
  const big = BigInt(val);
  if (BigInt.asIntN(64, big) !== big) throw new ArgumentError("INVALID_ARGUMENT", `${what}: ${big} exceeds 64 bits`);
  return big;
}
