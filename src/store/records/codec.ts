/**
 * Values as bytes: MessagePack with the extensions of structured cloning, which keep bigints, dates, maps, sets, typed
 * arrays and references within a value. Short values without any of that are JSON, which the engine reads soonest.
 */
import { addExtension, Packr } from "msgpackr";
import { DataError } from "../../errors.js";
import { type Inspected, inspectStorable, type Storable, withoutNegativeZero } from "./storable.js";

/** Stands for -0, which MessagePack writes as 0. */
class NegativeZero {}

const NEGATIVE_ZERO_TYPE = 0x2d;
addExtension({
  Class: NegativeZero,
  type: NEGATIVE_ZERO_TYPE,
  pack: () => Buffer.alloc(1),
  unpack: () => -0,
} as never);

const packr = new Packr({
  structuredClone: true,
  moreTypes: true,
  useBigIntExtension: true,
  copyBuffers: true, // what it is given may be LMDB's own memory, which changes with the next read
} as never);

/**
 * The bytes of a value.
 * @throws DataError `UNSUPPORTED_TYPE` naming the place of what cannot be kept: functions, symbols, instances of classes;
 * or where the value is nested too deeply.
 */
export function encodeValue(value: Storable): Uint8Array {
  return nested(() => packed(value, inspectStorable(value)));
}

/** The bytes of a value that may be short, and whether they are JSON. */
export interface ShortForm {
  readonly isJson: boolean;
  readonly bytes: Uint8Array;
}

/** As {@link encodeValue}, but as JSON where that keeps the value and takes at most about `mostBytes`. */
export function encodeShort(value: Storable, mostBytes: number): ShortForm {
  return nested(() => {
    const inspected = inspectStorable(value);
    if (!inspected.isJson || inspected.size > mostBytes) return { isJson: false, bytes: packed(value, inspected) };
    return { isJson: true, bytes: Buffer.from(JSON.stringify(value)) };
  });
}

function packed(value: Storable, { hasNegativeZero }: Inspected): Uint8Array {
  return packr.pack(hasNegativeZero ? withoutNegativeZero(value, () => new NegativeZero()) : value);
}

function nested<T>(encode: () => T): T {
  try {
    return encode();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataError("UNSUPPORTED_TYPE", "the value is nested too deeply for a store", { cause });
  }
}

/**
 * The value of bytes; `entry` names it in errors.
 * @throws DataError `MALFORMED_FILE`
 */
export function decodeValue<T>(bytes: Uint8Array, entry: string): T {
  // Of a Buffer, Buffers within come back as such.
  return decoded(() => packr.unpack(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)), entry);
}

/**
 * The value of JSON as bytes.
 * @throws DataError `MALFORMED_FILE`
 */
export function decodeJson<T>(bytes: Uint8Array, entry: string): T {
  return decoded(() => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()), entry);
}

function decoded<T>(decode: () => T, entry: string): T {
  try {
    return decode();
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${entry} is damaged: ${(cause as Error).message}`, { cause });
  }
}
