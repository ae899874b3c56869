/** Whatever others do meanwhile, what is read is of one state of the store. */
import { describe, expect, it } from "vitest";
import type { StoreDictionary } from "../../../src/store/dictionary/dictionary.js";
import { openStore } from "../../../src/store/open-store.js";
import { openedStore, temporaryFolder } from "../support.js";

const LENGTH = 20 * 2 ** 20;
const batch = (start: number) => ({ fields: [], columns: [], rowCount: 1, rowNumbers: { start, step: 1 } });

async function filled(dictionary: StoreDictionary): Promise<void> {
  await dictionary.set("long", new Uint8Array(LENGTH).fill(7));
  await dictionary.setTable("table", [batch(7), batch(7), batch(7)]);
}

describe("what is read in several turns", () => {
  it.each([{ readOnly: true }, { sync: "batched" }] as const)(
    "is whole in a store opened with %o, though other dictionaries are opened in the same turn",
    async (options) => {
      const folder = await temporaryFolder();
      {
        await using store = await openStore(folder, { sync: "batched" });
        await filled(store.open("d"));
        for (const name of ["a", "b", "c"]) await store.open(name).set(1, name);
      }
      const store = await openedStore(folder, options);
      const reading = store.open("d").get<Uint8Array>("long");
      expect(await store.open("a").get(1)).toBe("a");
      const walking = store.open("d").batches("table");
      const first = walking.next();
      const other = store.open("d").batches("table").next();
      expect(await store.open("b").get(1)).toBe("b");
      expect((await first).value).toEqual(batch(7));
      expect((await other).value).toEqual(batch(7));
      const second = walking.next();
      expect(await store.open("c").get(1)).toBe("c");
      expect((await second).value).toEqual(batch(7));
      expect((await reading)!.every((byte) => byte === 7)).toBe(true);
    },
  );
});
