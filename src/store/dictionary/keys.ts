/** Names of entries: whole numbers from 0, and texts. Numbers sort before texts, texts by their code points. */
import { invalidArgument } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";

/** Key of an entry: an integer or a text. */
export type StoreKey = number | string;

/** Which entries: all of them by default. */
export interface KeyRange {
  /** First key. */
  readonly from?: StoreKey | undefined;
  /** Key after the last. */
  readonly to?: StoreKey | undefined;
  /** Only texts that begin so; excludes `from` and `to`. */
  readonly prefix?: string | undefined;
  /** From the last to the first. */
  readonly reverse?: boolean | undefined;
  /** At most so many. */
  readonly limit?: number | undefined;
}

/** UTF-8 bytes of a text key. LMDB takes 1,978 with what marks its kind. */
const LONGEST_KEY = 1_900;

/**
 * The key as it is kept.
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export function checkKey(key: StoreKey): StoreKey {
  if (typeof key === "number") return checkNumberKey(key);
  if (typeof key !== "string") throw invalidArgument(`A key is a whole number from 0 or a text, not ${typeof key}`);
  if (!isKeyText(key)) {
    throw invalidArgument("A key has none of the letters U+0000 to U+0004 and no half of a surrogate pair in it");
  }
  if (Buffer.byteLength(key) > LONGEST_KEY) {
    throw invalidArgument(`A key has at most ${LONGEST_KEY} bytes of UTF-8, this one ${Buffer.byteLength(key)}`);
  }
  return key;
}

/** LMDB's binding uses the letters up to this one itself, and would not give them back in long keys. */
const LAST_RESERVED = 4;

export function isKeyText(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) <= LAST_RESERVED) return false;
  return text.isWellFormed();
}

/** The same for what may only be a number. @throws ArgumentError `INVALID_ARGUMENT` */
export function checkNumberKey(key: number): number {
  if (!Number.isSafeInteger(key) || key < 0)
    throw invalidArgument(`A number is a key if it is whole and from 0, not ${key}`);
  return key + 0;
}

const RANGE_OPTIONS: OptionNames<KeyRange> = { from: true, to: true, prefix: true, reverse: true, limit: true };

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkRange(range: KeyRange): KeyRange {
  checkOptions(range, RANGE_OPTIONS, "A range of keys");
  const { from, to, prefix, limit } = range;
  if (from !== undefined) checkKey(from);
  if (to !== undefined) checkKey(to);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw invalidArgument(`limit is how many entries, from 0, not ${limit}`);
  }
  if (prefix === undefined) return range;
  if (typeof prefix !== "string") throw invalidArgument(`prefix is a text, not ${typeof prefix}`);
  if (from !== undefined || to !== undefined) throw invalidArgument("Give either prefix, or from and to");
  checkKey(prefix);
  return range;
}

/** How LMDB is asked for a range. */
export interface CursorRange {
  start?: StoreKey;
  end?: StoreKey;
  exclusiveStart?: boolean;
  inclusiveEnd?: boolean;
  reverse?: boolean;
  limit?: number;
}

/** The part of `range` after the key `after`, at most `limit` keys of it. */
export function cursorRange(range: KeyRange, after: StoreKey | undefined, limit: number): CursorRange {
  const [low, high] = bounds(range);
  if (!range.reverse) {
    const start = after ?? low;
    return {
      ...(start === undefined ? {} : { start }),
      ...(high === undefined ? {} : { end: high }),
      exclusiveStart: after !== undefined,
      limit,
    };
  }
  const start = after ?? high;
  return {
    ...(start === undefined ? {} : { start }),
    ...(low === undefined ? {} : { end: low }),
    exclusiveStart: start !== undefined,
    inclusiveEnd: true,
    reverse: true,
    limit,
  };
}

function bounds({ from, to, prefix }: KeyRange): [StoreKey | undefined, StoreKey | undefined] {
  if (prefix === undefined) return [from, to];
  // No key is as long as this one, so that all that begin with the prefix are below it.
  const room = Math.floor((LONGEST_KEY + 60 - Buffer.byteLength(prefix)) / 4);
  return [prefix, prefix + "\u{10FFFF}".repeat(room)];
}
