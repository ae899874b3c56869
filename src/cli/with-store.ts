import type { Store } from "../store/index.js";

/** Does the work with the store of a folder, where one is named, and closes it. */
export async function withStore<T>(
  folder: string | undefined,
  work: (kept: { readonly store?: Store }) => Promise<T>,
): Promise<T> {
  if (folder === undefined) return work({});
  const { openStore } = await import("../store/index.js");
  await using store = await openStore(folder);
  return await work({ store });
}
