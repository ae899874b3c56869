/** A store whose file is damaged gives errors, where LMDB alone would end the process. */
import { readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../src/store/open-store.js";
import { Environment } from "../../../src/store/records/environment.js";
import { checkStoreFile } from "../../../src/store/records/store-file.js";
import { openedStore, temporaryFolder } from "../support.js";

async function filledStore(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder();
  const store = await openedStore(folder, { sync: "batched" });
  for (let n = 0; n < 5; n++) await store.open("d").set(n, "x".repeat(n * 100));
  await store.open("d").setImage("image", { data: new Float32Array(6e6), shape: [6_000, 1_000] });
  await store.close();
  return { folder, path: join(folder, "data.mdb") };
}

describe("a store", () => {
  it.each([0.9, 0.5, 0.1, 0.0006, 0.0001])("whose file was cut to %d of its length is refused", async (part) => {
    const { folder, path } = await filledStore();
    await truncate(path, Math.floor((await stat(path)).size * part));
    const whole = await readFile(path);
    for (const readOnly of [true, false]) {
      await expect(openStore(folder, { readOnly })).rejects.toMatchObject({ code: "STORE_FAILED", path: folder });
    }
    expect((await readFile(path)).equals(whole)).toBe(true);
  });

  it("whose last page was never written, as LMDB may leave it, is as good as any", async () => {
    const folder = await temporaryFolder();
    await (await openedStore(folder)).close();
    const env = new Environment(folder, { readOnly: false, sync: "always" });
    const records = env.database<string>("records:d")!;
    await env.write(() => {
      for (let n = 0; n < 100; n++) records.putSync(`k${n}`, Buffer.alloc(300));
      for (let n = 0; n < 100; n++) records.removeSync(`k${n}`);
    });
    await env.close();
    const { size } = await stat(join(folder, "data.mdb"));
    await using store = await openStore(folder);
    expect((await stat(join(folder, "data.mdb"))).size).toBeGreaterThan(size);
    await store.open("d").set(1, "a");
    expect(await store.open("d").get(1)).toBe("a");
  });

  it("that another process is just making is opened when it is made", async () => {
    const made = await temporaryFolder();
    await (await openStore(made)).close();
    const whole = await readFile(join(made, "data.mdb"));
    for (const length of [0, 100, 4096, 5000]) {
      const folder = await temporaryFolder();
      const path = join(folder, "data.mdb");
      await writeFile(path, whole.subarray(0, length));
      const written = setTimeout(30).then(() => writeFile(path, whole.subarray(length), { flag: "a" }));
      await checkStoreFile(folder, false);
      await written;
    }
  });

  it("that is a file of something else is refused", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "data.mdb"), "no store".repeat(1_000));
    await expect(openStore(folder)).rejects.toThrow("is no file of a store");
  });
});
