/** The option of functions that fetch: where what they fetch is kept. */
import { ArgumentError, StoreError } from "../../errors.js";
import type { Store } from "../store.js";
import type { StoreCache } from "./store-cache.js";

/** Where what is fetched is kept. */
export interface StoreOption {
  /**
   * A store of `omero2frame/store`, or a cache of one, which keeps what is fetched as long as it is the same on the server. All
   * processes that have the store open share it. Of a store it is the cache `omero`, bounded to 1 GiB; give
   * `store.cache("omero", { maxBytes })` for another bound.
   */
  readonly store?: Store | StoreCache | undefined;
}

/** The cache of a store that things of OMERO are kept in. */
const CACHE = "omero";

/**
 * The cache that an option means; undefined where a store has none yet, and it is only to be read or its disk is full.
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export function cacheOf(store: Store | StoreCache): StoreCache | undefined {
  if (typeof store === "object" && store !== null && "batches" in store) return store;
  if (typeof store !== "object" || store === null || !("cache" in store)) {
    throw new ArgumentError("INVALID_ARGUMENT", "store is what openStore gives, or a cache of it");
  }
  try {
    return store.cache(CACHE);
  } catch (error) {
    if (error instanceof StoreError && error.code !== "STORE_CLOSED") return undefined;
    throw error;
  }
}
