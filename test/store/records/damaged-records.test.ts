/** What is damaged in a store's file gives an error of this package, and takes no memory for what it declares. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoreDictionary } from "../../../src/store/dictionary/dictionary.js";
import { openStore } from "../../../src/store/open-store.js";
import { encodeValue } from "../../../src/store/records/codec.js";
import { Environment, type Pages } from "../../../src/store/records/environment.js";
import { temporaryFolder } from "../support.js";

const IMAGE = { data: Float32Array.from({ length: 300_000 }, (_, index) => index), shape: [300, 1000] };
const BATCH = { fields: [], columns: [], rowCount: 1, rowNumbers: { start: 0, step: 1 } };
const ENTRIES: Record<string, (dictionary: StoreDictionary) => Promise<unknown>> = {
  image: (dictionary) => dictionary.setImage("it", IMAGE),
  "short value": (dictionary) => dictionary.set("it", { a: [1, "b", 2n], c: new Map([[1, new Date(0)]]) }),
  "long value": (dictionary) => dictionary.set("it", "x".repeat(50_000)),
  table: (dictionary) => dictionary.setTable("it", [BATCH, BATCH]),
};

/** A store with one entry, closed; its record's bytes, and how to put others there. */
async function storeWith(write: (dictionary: StoreDictionary) => Promise<unknown>) {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  await write(store.open("d"));
  await store.close();
  const env = new Environment(folder, { readOnly: false, sync: "batched" });
  const records = env.database<string>("records:d")! as Pages<string>;
  const contents = env.database<[number, number]>("contents:d")!;
  return { folder, env, records, contents, bytes: Buffer.from(records.getBinary("it")!) };
}

async function readAll(dictionary: StoreDictionary): Promise<void> {
  await dictionary.get("it");
  await dictionary.getHeader("it");
  for await (const entry of dictionary.entries()) void entry;
  for await (const summary of dictionary.summaries()) void summary;
}

describe.each(Object.entries(ENTRIES))("a damaged record of a %s", (_, write) => {
  it("is refused, and can be replaced and removed", async () => {
    const { folder, env, records, bytes } = await storeWith(write);
    const store = await openStore(folder, { sync: "batched" });
    const dictionary = store.open("d");
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(changes, fc.integer({ min: 1, max: bytes.length * 2 }), async (places, length) => {
        const changed = Buffer.from(bytes);
        for (const [at, byte] of places) changed[at] = byte;
        await env.write(() => records.putSync("it", changed.subarray(0, length)));
        const outcome = await readAll(dictionary).then(
          () => "read",
          (error) => error.code,
        );
        expect(["read", "MALFORMED_FILE"]).toContain(outcome);
      }),
      { numRuns: 200 },
    );
    await env.write(() => records.putSync("it", Buffer.from([1, 2, 3])));
    await dictionary.set("it", "another");
    expect(await dictionary.get("it")).toBe("another");
    await env.write(() => records.putSync("it", Buffer.from([1, 0xc1])));
    expect(await dictionary.delete("it")).toBe(true);
    await store.close();
    await env.close();
  });
});

describe("a head", () => {
  const head = { kind: "image", pixels: "uint8", shape: [1, 2 ** 40], header: {}, statistics: {} };
  const HEADS: Record<string, object> = {
    "more pixels than there are": { ...head, content: { id: 0, length: 2 ** 40 } },
    "a shape that its bytes do not have": { ...head, content: { id: 0, length: 5 } },
    "pixels of no type": { ...head, pixels: "constructor", content: { id: 0, length: 2 ** 40 } },
    "batches longer than its bytes": {
      kind: "table",
      rowCount: 1,
      columnCount: 1,
      batches: [2 ** 45],
      content: { id: 0, length: 2 ** 45 },
    },
    "a content that is none": { kind: "value", content: { id: -1, length: Number.NaN } },
    "a kind that there is not": { kind: "other", content: { id: 0, length: 1 } },
  };

  it.each(Object.entries(HEADS))("may state %s", async (_, stated) => {
    const { folder, env, records } = await storeWith(ENTRIES.image!);
    await env.write(() => records.putSync("it", Buffer.concat([Buffer.from([1]), encodeValue(stated as never)])));
    await env.close();
    await using store = await openStore(folder);
    await expect(store.open("d").get("it")).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });

  it("may have lost a piece of its content", async () => {
    const { folder, env, contents } = await storeWith(ENTRIES.image!);
    await env.write(() => contents.removeSync([0, 1]));
    await env.close();
    await using store = await openStore(folder);
    await expect(store.open("d").getImage("it")).rejects.toMatchObject({ code: "MALFORMED_FILE" });
  });
});
