/**
 * OMERO rtypes: values that say their own type on the wire (`omero.rtypes` in omero-py, `omero/RTypes.ice`).
 * Each is a plain object `{ iceId, val }`, as every Ice class instance is in this package.
 */
import { ArgumentError } from "./errors.js";

/** A boolean. */
export interface RBool {
  /** Its type on the wire. */
  readonly iceId: "::omero::RBool";
  /** The value. */
  readonly val: boolean;
}
/** An int32. */
export interface RInt {
  /** Its type on the wire. */
  readonly iceId: "::omero::RInt";
  /** The value. */
  readonly val: number;
}
/** An int64. */
export interface RLong {
  /** Its type on the wire. */
  readonly iceId: "::omero::RLong";
  /** The value. */
  readonly val: bigint;
}
/** A float32. */
export interface RFloat {
  /** Its type on the wire. */
  readonly iceId: "::omero::RFloat";
  /** The value. */
  readonly val: number;
}
/** A float64. */
export interface RDouble {
  /** Its type on the wire. */
  readonly iceId: "::omero::RDouble";
  /** The value. */
  readonly val: number;
}
/** A text. */
export interface RString {
  /** Its type on the wire. */
  readonly iceId: "::omero::RString";
  /** The value. */
  readonly val: string;
}
/** Milliseconds since 1970. */
export interface RTime {
  /** Its type on the wire. */
  readonly iceId: "::omero::RTime";
  /** Milliseconds since 1970. */
  readonly val: bigint;
}
/** A list of such values. */
export interface RList {
  /** Its type on the wire. */
  readonly iceId: "::omero::RList";
  /** The values. */
  readonly val: readonly RType[];
}
/** Any value that says its own type on the wire. */
export type RType = RBool | RInt | RLong | RFloat | RDouble | RString | RTime | RList;

/**
 * A boolean, as the wire wants it.
 *
 * @example
 * ```ts
 * rbool(true);
 * ```
 */
export function rbool(val: boolean): RBool {
  return { iceId: "::omero::RBool", val };
}

/**
 * @throws ArgumentError `INVALID_ARGUMENT` unless `val` is an int32.
 *
 * @example
 * ```ts
 * rint(3);
 * ```
 */
export function rint(val: number): RInt {
  if ((val | 0) !== val) throw new ArgumentError("INVALID_ARGUMENT", `rint: ${val} is no 32-bit integer; use rlong`);
  return { iceId: "::omero::RInt", val };
}

/**
 * @throws ArgumentError `INVALID_ARGUMENT` unless `val` is an int64; a number must be a safe integer.
 *
 * @example
 * ```ts
 * rlong(3n);
 * ```
 */
export function rlong(val: number | bigint): RLong {
  return { iceId: "::omero::RLong", val: toInt64(val, "rlong") };
}

/**
 * A float32, as the wire wants it.
 *
 * @example
 * ```ts
 * rfloat(0.5);
 * ```
 */
export function rfloat(val: number): RFloat {
  return { iceId: "::omero::RFloat", val };
}

/**
 * A float64, as the wire wants it.
 *
 * @example
 * ```ts
 * rdouble(0.5);
 * ```
 */
export function rdouble(val: number): RDouble {
  return { iceId: "::omero::RDouble", val };
}

/**
 * A text, as the wire wants it.
 *
 * @example
 * ```ts
 * rstring("Nucleus");
 * ```
 */
export function rstring(val: string): RString {
  return { iceId: "::omero::RString", val };
}

/**
 * @param val a date, or milliseconds since 1970.
 *
 * @example
 * ```ts
 * rtime(Date.now());
 * ```
 */
export function rtime(val: Date | number | bigint): RTime {
  return { iceId: "::omero::RTime", val: toInt64(val instanceof Date ? val.getTime() : val, "rtime") };
}

/**
 * A list, as the wire wants it.
 *
 * @example
 * ```ts
 * rlist([rlong(1), rlong(2)]);
 * ```
 */
export function rlist(val: readonly RType[]): RList {
  return { iceId: "::omero::RList", val };
}

/**
 * Whether a value is one of the rtypes above.
 *
 * @example
 * ```ts
 * isRType(rlong(3)); // true
 * ```
 */
export function isRType(value: unknown): value is RType {
  return (
    typeof value === "object" &&
    value !== null &&
    "iceId" in value &&
    "val" in value &&
    /^::omero::R(Bool|Int|Long|Float|Double|String|Time|List)$/.test(String(value.iceId))
  );
}

function toInt64(val: number | bigint, functionName: string): bigint {
  if (typeof val === "number" && !Number.isSafeInteger(val)) {
    throw new ArgumentError("INVALID_ARGUMENT", `${functionName}: ${val} is no safe integer; give a bigint`);
  }
  const big = BigInt(val);
  if (BigInt.asIntN(64, big) !== big)
    throw new ArgumentError("INVALID_ARGUMENT", `${functionName}: ${big} exceeds 64 bits`);
  return big;
}
