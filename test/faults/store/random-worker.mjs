/**
 * Does what chance says with a store that others use as well: `random-worker.mjs STORE WORKER SEED STEPS`. What is under its own
 * keys is compared with a Map; what is under those of others, with itself: all of an entry tells of the same write. Prints
 * what it has left, and how often it counted.
 */
import assert from "node:assert/strict";
import { openStore } from "omero2frame/store";

const [folder, worker, seed, steps] = process.argv.slice(2);
const WORKERS = 4;
const OWN_KEYS = 12;
const BIG = 20 * 2 ** 20;

let state = Number(seed) + 7919 * Number(worker);
/** A whole number from 0 to below `count` (mulberry32). */
function random(count) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
}
const keyOf = (of, n) => `${of}/${String(n).padStart(2, "0")}`;
const ownKey = () => keyOf(worker, random(OWN_KEYS));

/** An image that tells in all its pixels and attributes of which write it is. */
function imageOf(generation, length) {
  return { data: new Uint8Array(length).fill(generation % 251), shape: [length], header: { generation } };
}
function newValue(generation, kind) {
  if (kind === 0) return { generation, list: Array(random(50)).fill(generation) };
  if (kind === 1) return { generation, list: Array(4_000).fill(generation), at: new Date(generation) };
  return imageOf(generation, [1, 5_000, 2 ** 20, 2 ** 20 + 1, 3_000_000][random(5)]);
}
function assertWhole(value) {
  if (value === undefined) return;
  const { data, header, list, generation } = value;
  if (data === undefined) assert.ok(list.every((item) => item === generation));
  else {
    assert.equal(header.minimum, header.generation % 251);
    assert.equal(header.maximum, header.generation % 251);
    assert.ok(Buffer.alloc(data.length, header.generation % 251).equals(data), "pixels of another write");
  }
}
/** What of a value is compared. */
const essence = (value) =>
  value?.header
    ? [value.header.generation, value.data.length, value.header.mark]
    : value && [value.generation, value.list];

const store = await openStore(folder, { sync: "batched" });
const dictionary = store.open("shared");
const model = new Map();
let generation = Number(worker);
let counted = 0;
const appended = [];

const ACTIONS = {
  async set() {
    const key = ownKey();
    generation += WORKERS;
    const value = newValue(generation, random(3));
    await dictionary.set(key, value);
    model.set(key, essence(value));
  },
  async setMany() {
    generation += WORKERS;
    const all = Array.from({ length: 5 }, () => [ownKey(), newValue(generation, random(3))]);
    await dictionary.setMany(all);
    for (const [key, value] of all) model.set(key, essence(value));
  },
  async delete() {
    const key = ownKey();
    assert.equal(await dictionary.delete(key), model.delete(key));
  },
  async get() {
    const key = ownKey();
    const value = await dictionary.get(key);
    assertWhole(value);
    assert.deepEqual(essence(value), model.get(key));
    assert.equal(await dictionary.has(key), model.has(key));
  },
  async getOfOthers() {
    assertWhole(await dictionary.get(keyOf(random(WORKERS), random(OWN_KEYS))));
  },
  async mark() {
    const key = ownKey();
    const kept = model.get(key);
    if (kept === undefined || Array.isArray(kept[1])) return;
    await dictionary.setAttribute(key, "mark", ++generation * WORKERS);
    model.set(key, [kept[0], kept[1], generation * WORKERS]);
    assert.equal(await dictionary.getAttribute(key, "mark"), generation * WORKERS);
  },
  async walk() {
    const reverse = random(2) === 1;
    const limit = random(2) === 1 ? random(8) : undefined;
    const seen = [];
    for await (const [key, value] of dictionary.entries({ prefix: `${worker}/`, reverse, limit })) {
      assertWhole(value);
      seen.push([key, essence(value)]);
    }
    const expected = [...model].sort(([one], [other]) => (one < other ? -1 : 1));
    if (reverse) expected.reverse();
    assert.deepEqual(seen, expected.slice(0, limit));
  },
  async walkAll() {
    let last = "";
    for await (const [key, value] of dictionary.entries({ from: "0", to: "9" })) {
      assert.ok(key > last, "keys in order");
      last = key;
      assertWhole(value);
    }
  },
  async count() {
    const before = counted++;
    const total = await dictionary.update("counter", (value = 0) => value + 1);
    assert.ok(total > before);
  },
  async append() {
    generation += WORKERS;
    const numbers = await Promise.all([1, 2, 3].map(() => dictionary.setImage(-1, imageOf(generation, 100))));
    for (const n of numbers) appended.push([n, generation]);
    assert.equal(new Set(numbers).size, 3);
  },
  async replaceBig() {
    generation += WORKERS;
    await dictionary.set("big", imageOf(generation, BIG));
  },
  async readBig() {
    assertWhole(await dictionary.get("big"));
    const part = await dictionary.getImage("big", { region: { start: [random(BIG)], shape: [1_000_000] } });
    if (part === undefined) return;
    const pixel = part.header.generation % 251;
    assert.ok(part.data.every((found) => found === pixel || found === 0) && part.data[0] === pixel);
  },
};
/** The two of large images are rare: they take as long as a hundred of the others. */
const RARE = new Set(["replaceBig", "readBig"]);
const often = Object.keys(ACTIONS).filter((name) => !RARE.has(name));

for (let step = 0; step < Number(steps); step++) {
  const name = random(12) === 0 ? [...RARE][random(2)] : often[random(often.length)];
  try {
    await ACTIONS[name]();
  } catch (error) {
    console.error(`worker ${worker}, seed ${seed}, step ${step}: ${name}`);
    throw error;
  }
}
await store.close();
console.log(JSON.stringify({ left: [...model], counted, appended }));
