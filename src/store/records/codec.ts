/**
 * Values as bytes: MessagePack with the extensions of structured cloning, which keep bigints, dates, maps, sets, typed
 * arrays and references within a value.
 */
import { addExtension, Packr } from "msgpackr";
import { DataError } from "../../errors.js";
import { type Storable, storableForm } from "./storable.js";

/** Stands for -0, which MessagePack writes as 0. */
class NegativeZero {}

const NEGATIVE_ZERO_TYPE = 0x2d;
addExtension({
  Class: NegativeZero,
  type: NEGATIVE_ZERO_TYPE,
  pack: () => Buffer.alloc(1),
  unpack: () => -0,
} as never);

const packr = new Packr({ structuredClone: true, moreTypes: true, useBigIntExtension: true } as never);

/**
 * The bytes of a value.
 * @throws DataError `UNSUPPORTED_TYPE` naming the place of what cannot be kept: functions, symbols, instances of classes;
 * or where the value is nested too deeply.
 */
export function encodeValue(value: Storable): Uint8Array {
  try {
    return packr.pack(storableForm(value, () => new NegativeZero()));
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
  try {
    return packr.unpack(bytes);
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${entry} is damaged: ${(cause as Error).message}`, { cause });
  }
}
