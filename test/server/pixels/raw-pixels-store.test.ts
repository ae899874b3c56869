import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IPixels, RawPixelsStore } from "../../../src/connect/ice/schema/omero.js";
import { rlong } from "../../../src/rtypes.js";
import { type OmeroServer, startServer } from "../../../src/server/index.js";
import { TestClient } from "../client.js";

let server: OmeroServer;
let ann: TestClient;
let bob: TestClient;
let eve: TestClient;
beforeAll(async () => {
  server = await startServer({
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
  for (const client of [ann, bob, eve]) await client[Symbol.asyncDispose]();
  await server.close();
});

async function storeOf(client: TestClient): Promise<RawPixelsStore> {
  return client.ice.service((await client.factory.createRawPixelsStore())!, "::omero::api::RawPixelsStore");
}

/** Pixels of 8 x 4 uint16, two planes. */
async function newPixels(): Promise<bigint> {
  const pixels: IPixels = ann.ice.service((await ann.factory.getPixelsService())!, "::omero::api::IPixels");
  const type = { iceId: "::omero::model::PixelsType", id: rlong(6), loaded: false } as never;
  const image = (await pixels.createImage(8, 4, 2, 1, [0], type, "image", ""))!;
  const query = await ann.query();
  const [row] = await query.projection(`select p.id from Pixels p where p.image.id = ${image.val}`, null);
  return (row![0] as unknown as { val: bigint }).val;
}

const plane = Uint8Array.from({ length: 64 }, (_, index) => index);

describe("RawPixelsStore", () => {
  it("gives what was written, in planes, tiles, rows, columns and cubes", async () => {
    const id = await newPixels();
    const store = await storeOf(ann);
    await store.setPixelsId(id, true);
    await store.setPlane(plane, 1, 0, 0);
    expect([...(await store.getPlane(1, 0, 0))]).toEqual([...plane]);
    expect([...(await store.getPlane(0, 0, 0))]).toEqual(Array.from({ length: 64 }, () => 0));
    expect([...(await store.getTile(1, 0, 0, 2, 1, 2, 2))]).toEqual([20, 21, 22, 23, 36, 37, 38, 39]);
    expect([...(await store.getRow(3, 1, 0, 0))]).toEqual([...plane.subarray(48)]);
    expect([...(await store.getCol(7, 1, 0, 0))]).toEqual([14, 15, 30, 31, 46, 47, 62, 63]);
    expect([...(await store.getHypercube([0, 0, 1, 0, 0], [8, 4, 1, 1, 1], [4, 2, 1, 1, 1]))]).toEqual([
      0, 1, 8, 9, 32, 33, 40, 41,
    ]);
    expect([...(await store.findMinMax([0])).get(0)!]).toEqual([0, 0]);
    expect(await store.save()).toMatchObject({ iceId: "::omero::model::Pixels" });
    await store.close();
  });

  it("can be written by the store that made the file, until that is closed", async () => {
    const id = await newPixels();
    const first = await storeOf(ann);
    await first.setPixelsId(id, true);
    const second = await storeOf(ann);
    await second.setPixelsId(id, true);
    await expect(second.setPlane(plane, 0, 0, 0)).rejects.toThrow(/Write-method not permitted/);
    await first.setPlane(plane, 0, 0, 0);
    await first.close();
    const again = await storeOf(ann);
    await again.setPixelsId(id, true);
    await expect(again.setRow(plane.subarray(0, 16), 0, 0, 0, 0)).rejects.toThrow(/Write-method not permitted/);
    expect([...(await again.calculateMessageDigest())]).toHaveLength(20);
    await again.close();
  });

  it("refuses sizes that do not fit, before anything is written", async () => {
    const id = await newPixels();
    const store = await storeOf(ann);
    await store.setPixelsId(id, true);
    await expect(store.setPlane(plane.subarray(1), 0, 0, 0)).rejects.toThrow(/BufferUnderflow/);
    await expect(store.setPlane(new Uint8Array(65), 0, 0, 0)).rejects.toThrow(/BufferOverflow/);
    await expect(store.setRegion(16, 120n, plane)).rejects.toThrow(/Cannot write/);
    await expect(store.getRegion(2 ** 30, 0n)).rejects.toThrow();
    await expect(store.getTile(0, 0, 0, 0, 0, 0, 0)).rejects.toThrow(/X '-1'/);
    await expect(store.getHypercube([0, 0, 0, 0, 0], [8, 4, 3, 1, 1], [1, 1, 1, 1, 1])).rejects.toThrow(/Z '2'/);
    await expect(store.getHistogram([0], 2 ** 30, false, null)).rejects.toThrow(/bins/);
    await expect(store.findMinMax([5])).rejects.toThrow(/Index 5 out of bounds/);
    expect(await store.save()).toBeNull();
    await store.close();
  });

  it("shows others' pixels to those who may see them, and to nobody else", async () => {
    const id = await newPixels();
    const early = await storeOf(bob);
    await expect(early.setPixelsId(id, true)).rejects.toThrow(/no pixels/);
    const writer = await storeOf(ann);
    await writer.setPixelsId(id, true);
    await writer.setPlane(plane, 0, 0, 0);
    await early.setPixelsId(id, true);
    expect([...(await early.getPlane(0, 0, 0))]).toEqual([...plane]);
    await expect(early.setPlane(plane, 0, 0, 0)).rejects.toThrow(/Write-method not permitted/);
    const outside = await storeOf(eve);
    await expect(outside.setPixelsId(id, true)).rejects.toThrow(`Cannot read pixels id=${id}`);
    for (const store of [writer, early, outside]) await store.close();
  });
});
