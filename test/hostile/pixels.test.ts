/** Pixels and pictures asked for by those who mean harm: sizes, places, handles, and pixels of others. */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IPixels, RawPixelsStore, RenderingEngine, ThumbnailStore } from "../../src/connect/ice/schema/omero.js";
import { rint, rlong } from "../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../src/server/index.js";
import { TestClient } from "../server/client.js";

const HUGE = 0x7fffffff;
const MEBIBYTE = 1 << 20;
/** Bytes that a refusal may take. */
const LITTLE = 32 * MEBIBYTE;

let server: OmeroServer;
let ann: TestClient;
let bob: TestClient;
let eve: TestClient;
let id: bigint;
beforeAll(async () => {
  server = await startServer({
    failedLoginDelay: 0,
    groups: [{ name: "lab", permissions: "rwr---" }],
    users: [
      { name: "ann", password: "a", groups: ["lab"] },
      { name: "bob", password: "b", groups: ["lab"] },
      { name: "eve", password: "e", groups: ["elsewhere"] },
    ],
    objects: [],
  });
  ann = await TestClient.logIn(server, { user: "ann", password: "a" });
  bob = await TestClient.logIn(server, { user: "bob", password: "b" });
  eve = await TestClient.logIn(server, { user: "eve", password: "e" });
});
afterAll(async () => {
  for (const client of [ann, bob, eve]) await client?.[Symbol.asyncDispose]();
  await server?.close();
});
beforeEach(async () => {
  id = await newPixels(8, 4, 2, 1);
  const store = await storeOf(ann, id);
  await store.setPlane(plane, 0, 0, 0);
  await store.close();
});

const plane = Uint8Array.from({ length: 64 }, (_, index) => index);

async function pixelsOf(client: TestClient): Promise<IPixels> {
  return client.ice.service((await client.factory.getPixelsService())!, "::omero::api::IPixels");
}

/** Pixels of ann's of one channel, uint16. */
async function newPixels(x: number, y: number, z: number, t: number): Promise<bigint> {
  const type = { iceId: "::omero::model::PixelsType", id: rlong(6), loaded: false } as never;
  const image = (await (await pixelsOf(ann)).createImage(x, y, z, t, [0], type, "image", ""))!;
  const query = await ann.query();
  const [row] = await query.projection(`select p.id from Pixels p where p.image.id = ${image.val}`, null);
  return (row![0] as unknown as { val: bigint }).val;
}

async function storeOf(client: TestClient, pixels = id): Promise<RawPixelsStore> {
  const proxy = (await client.factory.createRawPixelsStore())!;
  const store: RawPixelsStore = client.ice.service(proxy, "::omero::api::RawPixelsStore");
  await store.setPixelsId(pixels, true);
  return store;
}

async function countOfPixels(): Promise<bigint> {
  const [row] = await (await ann.query()).projection("select count(p) from Pixels p", null);
  return (row![0] as unknown as { val: bigint }).val;
}

/** What is refused takes no memory worth speaking of, and the server goes on. */
async function expectRefused(work: Promise<unknown>): Promise<void> {
  const before = process.memoryUsage().rss;
  await expect(work).rejects.toThrow();
  expect(process.memoryUsage().rss - before).toBeLessThan(LITTLE);
}

describe("sizes", () => {
  test.each([
    [HUGE, HUGE, 1, 1],
    [HUGE, 1, HUGE, HUGE],
    [0, 4, 1, 1],
    [8, -1, 1, 1],
    [-HUGE, -HUGE, -HUGE, -HUGE],
  ])("an image of %i x %i x %i x %i is not made", async (x, y, z, t) => {
    const before = await countOfPixels();
    await expectRefused(newPixels(x, y, z, t));
    expect(await countOfPixels()).toBe(before);
  });

  test("an image that is nearly empty takes no room, and no more of it is read than an answer holds", async () => {
    const large = await newPixels(60_000, 60_000, 10, 1);
    const store = await storeOf(ann, large);
    await expectRefused(store.getPlane(0, 0, 0));
    await expectRefused(store.getStack(0, 0));
    await expectRefused(store.getTimepoint(0));
    await expectRefused(store.getHypercube([0, 0, 0, 0, 0], [60_000, 60_000, 10, 1, 1], [1, 1, 1, 1, 1]));
    await expectRefused(store.getRegion(HUGE, 0n));
    expect(await store.getTile(9, 0, 0, 59_990, 59_990, 10, 10)).toHaveLength(200);
    await store.close();
  });

  test("a picture larger than can be is not made", async () => {
    const large = await newPixels(20_000, 20_000, 1, 1);
    await storeOf(ann, large);
    const engine: RenderingEngine = ann.ice.service(
      (await ann.factory.createRenderingEngine())!,
      "::omero::api::RenderingEngine",
    );
    await engine.lookupPixels(large);
    await engine.resetDefaultSettings(true);
    await engine.lookupRenderingDef(large);
    await engine.load();
    const def = {
      iceId: "::omero::romio::PlaneDef",
      slice: 0,
      x: 0,
      y: 0,
      z: 0,
      t: 0,
      region: null,
      stride: 0,
    } as never;
    await expectRefused(engine.renderAsPackedInt(def));
    await expectRefused(engine.renderCompressed(def));
    const thumbnails: ThumbnailStore = ann.ice.service(
      (await ann.factory.createThumbnailStore())!,
      "::omero::api::ThumbnailStore",
    );
    await thumbnails.setPixelsId(id);
    await expectRefused(thumbnails.getThumbnail(rint(HUGE), rint(HUGE)));
    await expectRefused(thumbnails.getThumbnailByLongestSide(rint(HUGE)));
  });
});

describe("places that there are not", () => {
  test("are neither read nor written", async () => {
    const store = await storeOf(ann);
    await expectRefused(store.getPlane(HUGE, 0, 0));
    await expectRefused(store.getTile(0, 0, 0, HUGE, HUGE, HUGE, HUGE));
    await expectRefused(store.getTile(0, 0, 0, 0, 0, -8, -4));
    await expectRefused(store.getRegion(-1, 0n));
    await expectRefused(store.getRegion(1, -1n));
    await expectRefused(store.getRegion(1, 2n ** 62n));
    await expectRefused(store.getPlaneRegion(0, 0, 0, HUGE, HUGE));
    await expectRefused(store.getHypercube([0, 0, 0, 0, 0], [8, 4, 2, 1, 1], [0, 1, 1, 1, 1]));
    await expectRefused(store.getHypercube([0, 0, 0, 0, 0], [8, 4, 2, 1, 1], [-1, 1, 1, 1, 1]));
    await expectRefused(store.getHypercube([0], [8], [1]));
    await expectRefused(store.getHistogram([0], HUGE, false, null as never));
    await expectRefused(store.getHistogram([HUGE], 8, false, null as never));
    await store.close();
    const fresh = await newPixels(8, 4, 1, 1);
    const writer = await storeOf(ann, fresh);
    await expectRefused(writer.setPlane(plane.subarray(1), 0, 0, 0));
    await expectRefused(writer.setPlane(plane, 1, 0, 0));
    await expectRefused(writer.setRegion(64, 2n ** 60n, plane));
    await expectRefused(writer.setRegion(64, -64n, plane));
    await expectRefused(writer.setRegion(HUGE, 0n, plane));
    await expectRefused(writer.setTile(plane, 0, 0, 0, 0, -4, 8, 4));
    expect([...(await writer.getPlane(0, 0, 0))]).toEqual(new Array(64).fill(0));
    await writer.close();
  });
});

describe("pixels of others", () => {
  test("are read where the group lets, and never written", async () => {
    const store = await storeOf(bob);
    expect([...(await store.getPlane(0, 0, 0))]).toEqual([...plane]);
    await expectRefused(store.setPlane(plane, 1, 0, 0));
    await expect((await pixelsOf(bob)).setChannelGlobalMinMax(id, 0, 0, 1)).rejects.toThrow();
  });

  test("are not to be seen from another group", async () => {
    await expect(storeOf(eve)).rejects.toThrow();
    await expect((await pixelsOf(eve)).retrievePixDescription(id)).rejects.toThrow();
    const engine: RenderingEngine = eve.ice.service(
      (await eve.factory.createRenderingEngine())!,
      "::omero::api::RenderingEngine",
    );
    await expect(engine.lookupPixels(id)).rejects.toThrow();
    await expect(engine.renderAsPackedInt(null as never)).rejects.toThrow();
  });

  test("are not made by whoever may only read them", async () => {
    const unwritten = await newPixels(8, 4, 1, 1);
    await expect(storeOf(bob, unwritten)).rejects.toThrow();
    const store = await storeOf(ann, unwritten);
    await store.setPlane(plane, 0, 0, 0);
    await store.close();
    expect([...(await (await storeOf(bob, unwritten)).getPlane(0, 0, 0))]).toEqual([...plane]);
  });
});

test("many that are being written keep few files open, and are all whole", async () => {
  const stores: RawPixelsStore[] = [];
  const made: bigint[] = [];
  const before = readdirSync("/proc/self/fd").length;
  for (let count = 0; count < 150; count++) {
    made.push(await newPixels(8, 4, 1, 1));
    const store = await storeOf(ann, made[count]!);
    await store.setRow(plane.subarray(0, 16), 0, 0, 0, 0);
    stores.push(store);
  }
  expect(readdirSync("/proc/self/fd").length - before).toBeLessThan(140);
  for (const store of stores) await store.setRow(plane.subarray(16, 32), 1, 0, 0, 0);
  for (const store of stores) await store.close();
  const written = [...plane.subarray(0, 32), ...new Array(32).fill(0)];
  expect([...(await (await storeOf(ann, made[0]!)).getPlane(0, 0, 0))]).toEqual(written);
  expect([...(await (await storeOf(ann, made[149]!)).getPlane(0, 0, 0))]).toEqual(written);
});
