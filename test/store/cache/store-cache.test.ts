import { describe, expect, it, vi } from "vitest";
import type { ColumnBatch } from "../../../src/columns/batch.js";
import { openStore } from "../../../src/store/open-store.js";
import { collect, openedStore, temporaryFolder } from "../support.js";

const KIB = 1024;
const slot = (key: string, stamp = "1") => ({ key, stamp });

describe("a cache", () => {
  it("fetches once while the stamp is the same, for all who have the store open", async () => {
    const folder = await temporaryFolder();
    const fetch = vi.fn(async () => ({ data: Float32Array.of(1, 2), shape: [2] }));
    const one = (await openedStore(folder)).cache("omero");
    const other = (await openedStore(folder)).cache("omero");
    await Promise.all([one.through(slot("plane"), fetch), one.through(slot("plane"), fetch)]);
    expect((await other.through(slot("plane"), fetch)).data).toEqual(Float32Array.of(1, 2));
    expect(fetch).toHaveBeenCalledTimes(1);
    await other.through(slot("plane", "2"), fetch);
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(await one.get(slot("plane"))).toBeUndefined();
    await one.through(slot("x".repeat(10_000)), async () => "a long key");
    expect(await other.get(slot("x".repeat(10_000)))).toBe("a long key");
  });

  it("keeps no more bytes than it may: what was not used for longest goes", async () => {
    let clock = 0;
    vi.spyOn(Date, "now").mockImplementation(() => clock);
    const cache = (await openedStore()).cache("small", { maxBytes: 100 * KIB });
    const put = async (key: string) => {
      clock += 10_000;
      await cache.set(slot(key), new Uint8Array(30 * KIB));
    };
    for (const key of ["a", "b", "c"]) await put(key);
    clock += 10_000;
    await cache.get(slot("a"));
    await cache.set(slot("note"), 1); // waits for what was noted of the use
    await put("d");
    const kept = await Promise.all(["a", "b", "c", "d"].map(async (key) => (await cache.get(slot(key))) !== undefined));
    expect(kept).toEqual([true, false, true, true]);
    expect(cache.usedBytes).toBeLessThanOrEqual(100 * KIB);
    await cache.set(slot("huge"), new Uint8Array(101 * KIB));
    expect(await cache.get(slot("huge"))).toBeUndefined();
    expect(await cache.get(slot("a"))).toBeDefined();
    await cache.set(slot("a", "2"), 5);
    expect(cache.usedBytes).toBeLessThan(70 * KIB);
    vi.restoreAllMocks();
  });

  it("of many values lets some go at once, those not used for longest", async () => {
    let clock = 0;
    vi.spyOn(Date, "now").mockImplementation(() => clock++);
    const store = await openedStore(undefined, { sync: "batched" });
    const cache = store.cache("many", { maxBytes: 300 * KIB });
    const keys = Array.from({ length: 320 }, (_, n) => `value ${n}`);
    for (const key of keys) await cache.set(slot(key), new Uint8Array(KIB / 2));
    expect(cache.usedBytes).toBeLessThanOrEqual(300 * KIB);
    const kept = await Promise.all(keys.map(async (key) => (await cache.get(slot(key))) !== undefined));
    const first = kept.indexOf(true);
    expect(first).toBeGreaterThan(19);
    expect(first).toBeLessThan(45);
    expect(kept.slice(first).every(Boolean)).toBe(true);
    vi.restoreAllMocks();
  });

  it("knows what was used last, however soon after another, and whatever the clock says", async () => {
    let clock = 1_000_000;
    vi.spyOn(Date, "now").mockImplementation(() => clock--);
    const cache = (await openedStore()).cache("quick", { maxBytes: 100 * KIB });
    for (const key of ["a", "b", "c"]) await cache.set(slot(key), new Uint8Array(30 * KIB));
    await cache.get(slot("a"));
    await cache.get(slot("b"));
    await cache.get(slot("a"));
    await cache.set(slot("d"), new Uint8Array(60 * KIB));
    const kept = await Promise.all(["a", "b", "c", "d"].map(async (key) => (await cache.get(slot(key))) !== undefined));
    expect(kept).toEqual([true, false, false, true]);
    vi.restoreAllMocks();
  });

  it("notes uses before it is closed", async () => {
    const folder = await temporaryFolder();
    const one = await openStore(folder);
    const bounded = { maxBytes: 100 * KIB };
    const cache = one.cache("used", bounded);
    for (const key of ["a", "b", "c"]) await cache.set(slot(key), new Uint8Array(30 * KIB));
    for (const key of ["c", "b", "a"]) await cache.get(slot(key));
    await one.close();
    const other = (await openedStore(folder)).cache("used", bounded);
    await other.set(slot("d"), new Uint8Array(30 * KIB));
    const kept = await Promise.all(["a", "b", "c"].map(async (key) => (await other.get(slot(key))) !== undefined));
    expect(kept).toEqual([true, true, false]);
  });

  it("counts again what it has where that was removed by other means", async () => {
    const store = await openedStore();
    const cache = store.cache("mended", { maxBytes: 100 * KIB });
    const put = async (...keys: string[]) => {
      for (const key of keys) await cache.set(slot(key), new Uint8Array(30 * KIB));
    };
    await put("a", "b");
    const [first] = await collect(store.open("cache/mended").keys());
    await store.open("cache/mended").delete(first!);
    await put("c");
    expect(cache.usedBytes).toBeLessThan(70 * KIB);
    await store.drop("cache/mended/notes");
    await put("d");
    expect(cache.usedBytes).toBeLessThan(40 * KIB);
    expect(store.open("cache/mended").size).toBe(1);
    for await (const key of store.open("cache/mended/notes").keys())
      await store.open("cache/mended/notes").set(key, "?");
    expect(await cache.get(slot("d"))).toBeUndefined();
    await put("e");
    expect(await cache.get(slot("e"))).toHaveLength(30 * KIB);
    expect(store.open("cache/mended").size).toBe(1);
  });

  it("passes batches on as they come, and keeps them when all came", async () => {
    const batch = (start: number): ColumnBatch => ({
      fields: [],
      columns: [],
      rowCount: 1,
      rowNumbers: { start, step: 1 },
    });
    const cache = (await openedStore()).cache("tables");
    let fetched = 0;
    const fetch = async function* () {
      fetched++;
      yield batch(0);
      yield batch(1);
    };
    for await (const first of cache.batches(slot("t"), fetch)) {
      expect(first).toEqual(batch(0));
      break;
    }
    expect(await collect(cache.batches(slot("t"), fetch))).toEqual([batch(0), batch(1)]);
    expect(fetched).toBe(2);
    expect(await collect(cache.batches(slot("t"), fetch))).toEqual([batch(0), batch(1)]);
    expect(fetched).toBe(2);
    const failing = async function* () {
      yield batch(0);
      throw new Error("the server is gone");
    };
    await expect(collect(cache.batches(slot("t", "2"), failing))).rejects.toThrow("the server is gone");
    expect(await collect(cache.batches(slot("t", "2"), fetch))).toEqual([batch(0), batch(1)]);
    const small = (await openedStore()).cache("tables", { maxBytes: 600 });
    expect((await collect(small.batches(slot("t"), fetch))).length).toBe(2);
    expect(small.usedBytes).toBe(0);
  });

  it("gives what was fetched where it cannot keep it", async () => {
    const cache = (await openedStore()).cache("omero");
    expect(await cache.through(slot("f"), async () => (() => 1) as never)).toBeTypeOf("function");
    await expect(cache.through(slot("g"), () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.through(slot("g"), async () => 1)).toBe(1);
    await expect(async () => (await openedStore()).cache("x", { maxBytes: 0 })).rejects.toThrow("maxBytes");
  });
});
