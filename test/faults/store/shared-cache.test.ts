/** Processes share the bounds of a cache: what none of them has used for longest goes. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { openStore } from "omero2frame/store";
import { afterEach, beforeEach, expect, it } from "vitest";

const KIB = 1024;
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "store-cache-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a program in a process of its own, which has the cache as `cache`; resolves to what it printed as JSON. */
async function other(maxBytes: number, program: string): Promise<unknown> {
  const whole = `
    import { openStore } from "omero2frame/store";
    const store = await openStore(${JSON.stringify(folder)});
    const cache = store.cache("shared", { maxBytes: ${maxBytes} });
    const slot = (key) => ({ key, stamp: "1" });
    const put = (key) => cache.set(slot(key), new Uint8Array(${30 * KIB}));
    ${program}
    await store.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", whole]);
  return stdout === "" ? undefined : JSON.parse(stdout);
}

it("keeps what another process has used, and lets go what none has", async () => {
  const maxBytes = 100 * KIB;
  await using store = await openStore(folder);
  const cache = store.cache("shared", { maxBytes });
  const slot = (key: string) => ({ key, stamp: "1" });
  await cache.set(slot("a"), new Uint8Array(30 * KIB));
  await other(maxBytes, `await put("b"); await put("c");`);
  await pause(1_100); // a use within a second is not noted again
  const used = await other(
    maxBytes,
    `const used = (await cache.get(slot("a")))?.length;
     await store.open("after the note").set(1, 1);
     console.log(JSON.stringify(used));`,
  );
  expect(used).toBe(30 * KIB);
  await cache.set(slot("d"), new Uint8Array(30 * KIB));
  const kept = `console.log(JSON.stringify(await Promise.all(["a", "b", "c", "d"].map(async (key) =>
    (await cache.get(slot(key))) !== undefined))));`;
  expect(await other(maxBytes, kept)).toEqual([true, false, true, true]);
});

it("never has more than it may, and counts what is there, though several fill it at once", async () => {
  const maxBytes = 500 * KIB;
  const program = `
    let most = 0;
    for (let step = 0; step < 150; step++) {
      const n = Math.floor(Math.random() * 60);
      const length = 500 * (n + 1);
      const value = await cache.through(slot("value " + n), async () => new Uint8Array(length).fill(n));
      if (value.length !== length || !value.every((byte) => byte === n)) throw new Error("another value " + n);
      most = Math.max(most, cache.usedBytes);
    }
    console.log(JSON.stringify(most));`;
  const most = await Promise.all([1, 2, 3, 4].map(() => other(maxBytes, program)));
  for (const bytes of most) expect(bytes).toBeLessThanOrEqual(maxBytes);
  expect(Math.max(...(most as number[]))).toBeGreaterThan(maxBytes / 2);
  await using store = await openStore(folder);
  const usage = new Map(store.usage().map(({ name, entries }) => [name, entries]));
  const [values, notes] = [usage.get("cache/shared")!, usage.get("cache/shared/notes")!];
  expect(notes).toBe(values + 1); // the sum has a note of its own
  let bytes = 0;
  for await (const [key, note] of store.open("cache/shared/notes").entries<{ bytes: number }>()) {
    if (typeof key === "string") bytes += note.bytes;
  }
  expect(bytes).toBe(store.cache("shared", { maxBytes }).usedBytes);
});
