/** Batches of a server's table that a store keeps, as long as the table is the same. */
import type { ColumnBatch } from "../columns/batch.js";
import { ArgumentError } from "../errors.js";
import { emitWarning } from "../flow/warnings.js";
import type { TableOrigin } from "../gateway/tables/table-origin.js";
import type { CacheSlot, StoreCache } from "../store/cache/store-cache.js";
import { cacheOf, type StoreOption } from "../store/cache/store-option.js";
import type { TableRoutes } from "./plan/route.js";
import { streamBatches } from "./plan/stream.js";
import type { TableSelection } from "./plan/table-selection.js";
import type { SourceOptions } from "./source.js";

/** @throws ArgumentError `INVALID_ARGUMENT` where it is no store, or there is nothing that it could keep; StoreError `STORE_CLOSED` */
export function checkStoreOption({ store, path, table }: StoreOption & SourceOptions): void {
  if (store === undefined) return;
  cacheOf(store);
  if (path === undefined && table === undefined) return;
  const message = "store keeps tables of a server: give fileId or annotationId, not path or table";
  throw new ArgumentError("INVALID_ARGUMENT", message);
}

/** What is selected: from the store of `options` where that has it, and kept there otherwise. */
export async function* selectedBatches(
  selection: TableSelection,
  routes: TableRoutes,
  options: StoreOption & SourceOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const place = await placeOf(selection, routes, options);
  if (place === undefined) yield* streamBatches(selection, routes);
  else yield* keptBatches(place, selection, routes, options);
}

/** Where a selection is kept. */
interface Place {
  readonly cache: StoreCache;
  readonly slot: CacheSlot;
  readonly origin: TableOrigin;
}

async function placeOf(
  selection: TableSelection,
  { origin }: TableRoutes,
  { store }: StoreOption,
): Promise<Place | undefined> {
  const cache = store === undefined ? undefined : cacheOf(store);
  if (cache === undefined || origin === undefined) return undefined;
  const { stamp } = origin;
  const name = await origin.name(selection.signal);
  if (stamp !== undefined) return { cache, slot: { key: name + textOf(selection), stamp }, origin };
  emitWarning(`The server does not tell when table ${origin.fileId} changes: the store keeps nothing of it`);
  return undefined;
}

/** Columns, rows or condition, and how many rows a batch has. */
function textOf({ columns, rows, chunkSize }: TableSelection): string {
  return JSON.stringify([columns, rows, chunkSize], (_, value) => exactly(value));
}

/** What JSON would take for the same as another value, in a way of its own. */
function exactly(value: unknown): unknown {
  if (typeof value === "bigint") return { bigint: String(value) };
  if (typeof value === "number" && !isJsonNumber(value)) return { number: Object.is(value, -0) ? "-0" : String(value) };
  if (value instanceof Map || value instanceof Set) return { entries: [...value] };
  if (!ArrayBuffer.isView(value)) return value;
  return { bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64") };
}

function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

async function* keptBatches(
  { cache, slot, origin }: Place,
  selection: TableSelection,
  routes: TableRoutes,
  { onRoute }: SourceOptions,
): AsyncGenerator<ColumnBatch, void, undefined> {
  const { signal, rowCount, onProgress } = selection;
  let isKept = true;
  let done = 0;
  const fetch = () => {
    isKept = false;
    return streamBatches(selection, routes);
  };
  const isStillSo = async () => (await origin.stampNow(signal)) === slot.stamp;
  for await (const batch of cache.batches(slot, fetch, { signal, isStillSo })) {
    if (isKept && done === 0) onRoute?.("store", "it keeps these rows, and the table has not changed");
    done += batch.rowCount;
    if (isKept) onProgress?.({ done, total: rowCount, unit: "rows" });
    yield batch;
  }
  if (isKept && rowCount === undefined) onProgress?.({ done, total: done, unit: "rows" });
}
