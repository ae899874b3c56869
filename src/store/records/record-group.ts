/** Records that are read together. */
import type { StoreKey } from "../dictionary/keys.js";
import { isInline, isJsonValue, readRecord } from "./record.js";

/** Stands for a value that is to be read by itself: it is not in its record, or its record is damaged. */
export const UNREAD = Symbol("unread");

/** A record and its key. */
export interface KeyedRecord {
  readonly key: StoreKey;
  readonly value: Uint8Array;
}

const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

/** The values of records, in their order. */
export function readValues(records: readonly KeyedRecord[]): readonly unknown[] {
  const together = records.every(({ value }) => isJsonValue(value)) ? parseTogether(records) : undefined;
  return together ?? records.map(readAlone);
}

/** The engine reads a list of many values faster than as many texts; undefined where one of them is damaged. */
function parseTogether(records: readonly KeyedRecord[]): unknown[] | undefined {
  const length = records.reduce((sum, { value }) => sum + value.length, 1);
  const list = Buffer.allocUnsafe(Math.max(2, length));
  let end = 0;
  for (const { value } of records) {
    list.set(value, end);
    list[end] = COMMA; // in the place of the record's tag
    end += value.length;
  }
  list[0] = OPEN;
  list[list.length - 1] = CLOSE;
  try {
    const values = JSON.parse(list.toString()) as unknown[];
    return values.length === records.length ? values : undefined;
  } catch {
    return undefined;
  }
}

function readAlone({ key, value }: KeyedRecord): unknown {
  if (!isInline(value)) return UNREAD;
  try {
    const record = readRecord(value, `The entry ${JSON.stringify(key)}`);
    return record.kind === "inline" ? record.value : UNREAD;
  } catch {
    return UNREAD;
  }
}
