/** What is read in several turns is of one state, though another process replaces it between two of them. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type StoreDictionary } from "omero2frame/store";
import { expect, it } from "vitest";
import { collect } from "../../store/support.js";

const LENGTH = 20 * 2 ** 20;
const batch = (start: number) => ({ fields: [], columns: [], rowCount: 1, rowNumbers: { start, step: 1 } });

async function filled(dictionary: StoreDictionary): Promise<void> {
  await dictionary.set("long", new Uint8Array(LENGTH).fill(7));
  await dictionary.set("image", { data: new Uint8Array(LENGTH).fill(7), shape: [20, 2 ** 20] });
  await dictionary.setTable("table", [batch(7), batch(7), batch(7)]);
}

/** Replaces all in a process of its own: the file grows, what was there is removed, and its numbers are given again. */
function replaceAll(folder: string): void {
  const program = `
    import { openStore } from "omero2frame/store";
    const store = await openStore(${JSON.stringify(folder)}, { sync: "batched" });
    const dictionary = store.open("d");
    await dictionary.clear();
    for (let n = 0; n < 3; n++) await dictionary.set(n, new Uint8Array(${LENGTH}).fill(8));
    await dictionary.set("image", { data: new Uint8Array(${LENGTH}).fill(8), shape: [20, 2 ** 20] });
    await store.close();`;
  execFileSync(process.execPath, ["--input-type=module", "--eval", program]);
}

/** A signal that lets `work` be done once, in the middle of a reading: that looks at it before it begins, and at each turn. */
function signalInTheMiddle(work: () => void): AbortSignal {
  let looks = 0;
  return {
    get aborted() {
      if (++looks === 2) work();
      return false;
    },
  } as AbortSignal;
}

const READINGS: Record<string, (dictionary: StoreDictionary, signal: AbortSignal) => Promise<readonly number[]>> = {
  "a long value": async (dictionary, signal) => [...new Set((await dictionary.get<Uint8Array>("long", { signal }))!)],
  "an image": async (dictionary, signal) => [
    ...new Set((await dictionary.getImage("image", { signal }))!.data as Uint8Array),
  ],
  "a part of an image": async (dictionary, signal) => {
    const region = { start: [0, 5], shape: [20, 1_000] };
    const { data, header } = (await dictionary.getImage("image", { region, signal }))!;
    return [...new Set(data as Uint8Array), header.minimum as number, header.maximum as number];
  },
  "a table": async (dictionary, signal) =>
    (await collect(dictionary.batches("table", { signal }))).map(
      ({ rowNumbers }) => (rowNumbers as { start: number }).start,
    ),
};

it.each(Object.entries(READINGS))("%s", async (_, read) => {
  const folder = await mkdtemp(join(tmpdir(), "store-snapshots-"));
  try {
    await using store = await openStore(folder, { sync: "batched" });
    const dictionary = store.open("d");
    await filled(dictionary);
    let replaced = 0;
    const signal = signalInTheMiddle(() => {
      replaceAll(folder);
      replaced++;
    });
    expect(new Set(await read(dictionary, signal))).toEqual(new Set([7]));
    expect(replaced).toBe(1);
    expect(await collect(dictionary.keys())).toEqual([0, 1, 2, "image"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
