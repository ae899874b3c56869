/** What the records of a dictionary are asked for. */
import { ArgumentError, StoreError } from "../../errors.js";
import type { Content, ImageHead, StoredRecord } from "../records/heads.js";
import type { StoreKey } from "./keys.js";

/** What an entry is, without reading it. */
export interface EntrySummary {
  /** Key of the entry. */
  readonly key: StoreKey;
  /** What kind of value it is. */
  readonly kind: "value" | "image" | "table";
  /** Bytes beside the head; 0 for a short value. */
  readonly bytes: number;
  /** Of an image. */
  readonly shape?: readonly number[];
  /** Shape and type of an image; undefined for other values. */
  readonly pixels?: string;
  /** Of a table of column batches. */
  readonly rowCount?: number;
}

/** @throws ArgumentError `INVALID_ARGUMENT` where a record is no image */
export function imageHead(key: StoreKey, record: StoredRecord): ImageHead & { readonly content: Content } {
  if (record.kind === "image") return record;
  const message = `What is kept as ${JSON.stringify(key)} is no image but a ${kindOf(record)}`;
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

export function missing(dictionary: string, key: StoreKey, kind = "image"): StoreError {
  return new StoreError("NO_SUCH_ENTRY", `The dictionary ${dictionary} has no ${kind} ${JSON.stringify(key)}`);
}

/** What a record holds, in words. */
export function kindOf(record: StoredRecord): "value" | "image" | "table" {
  if (record.kind === "image") return "image";
  return record.kind === "table" || record.kind === "arrow" ? "table" : "value";
}

export function summary(key: StoreKey, record: StoredRecord): EntrySummary {
  const kind = kindOf(record);
  if (record.kind === "inline") return { key, kind, bytes: 0 };
  const bytes = record.content.length;
  if (record.kind === "image") return { key, kind, bytes, shape: record.shape, pixels: record.pixels };
  return record.kind === "table" ? { key, kind, bytes, rowCount: record.rowCount } : { key, kind, bytes };
}
