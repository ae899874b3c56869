/** Stores of tests, in folders that vanish with them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { type OpenStoreOptions, openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";

const stores: Store[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "store-"));
  folders.push(folder);
  return folder;
}

/** A store, which is closed after the test. */
export async function openedStore(path?: string, options?: OpenStoreOptions): Promise<Store> {
  const store = await openStore(path ?? (await temporaryFolder()), options);
  stores.push(store);
  return store;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
