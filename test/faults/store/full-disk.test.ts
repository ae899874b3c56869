/** A store on a disk that gets full. */
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { cacheOf } from "../../../src/store/cache/store-option.js";
import { openStore } from "../../../src/store/open-store.js";
import { SmallDisk } from "../small-disk.js";

it("keeps all or nothing when the disk is full, and goes on when there is room", async () => {
  // LMDB's binding prints the system's error besides.
  const printed = vi.spyOn(console, "error").mockImplementation(() => {});
  using disk = new SmallDisk(16 * 2 ** 20);
  const folder = join(disk.path, "store");
  const store = await openStore(folder);
  const dictionary = store.open("images");
  await dictionary.set("before", "kept");
  const room = disk.fill();
  const image = { data: new Uint8Array(6 * 2 ** 20).fill(7), shape: [6, 2 ** 20] };
  for (const write of [() => dictionary.set(0, image), () => dictionary.setImage(-1, image)]) {
    await expect(write()).rejects.toMatchObject({ code: "STORE_FAILED", path: folder });
  }
  await expect(dictionary.set(1, { data: new Uint8Array(64 * 2 ** 20), shape: [64, 2 ** 20] })).rejects.toMatchObject({
    code: "STORE_FAILED",
  });
  expect(dictionary.size).toBe(1);
  room();
  await dictionary.set(0, image);
  await store.close();
  await using again = await openStore(folder);
  expect(await again.open("images").get("before")).toBe("kept");
  expect((await again.open("images").getImage(0))!.data.every((pixel) => pixel === 7)).toBe(true);
  printed.mockRestore();
});

it("makes no dictionary on a full disk, and lets what is fetched pass", async () => {
  using disk = new SmallDisk(2 ** 20);
  const folder = join(disk.path, "store");
  await using store = await openStore(folder);
  const room = disk.fill();
  for (const name of ["one", "two", "three"]) {
    expect(() => store.open(name)).toThrow(expect.objectContaining({ code: "STORE_FAILED", path: folder }));
    expect(cacheOf(store)).toBeUndefined();
  }
  await expect(openStore(join(disk.path, "new"))).rejects.toMatchObject({ code: "STORE_FAILED" });
  room();
  await store.open("one").set("a", 1);
  expect(await cacheOf(store)!.through({ key: "b", stamp: "1" }, async () => 2)).toBe(2);
  expect(store.names()).toEqual(["cache/omero", "cache/omero/notes", "one"]);
});
