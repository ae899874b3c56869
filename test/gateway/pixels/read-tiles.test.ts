import { expect, it } from "vitest";
import type { RawPixelsStore } from "../../../src/connect/ice/schema/omero.js";
import type { PixelStores } from "../../../src/gateway/pixels/pixel-stores.js";
import type { PixelsInfo } from "../../../src/gateway/pixels/pixels-info.js";
import { checkedTile } from "../../../src/gateway/pixels/plane-places.js";
import { readTiles, ServerTiles } from "../../../src/gateway/pixels/read-tiles.js";
import { levelsOf } from "../../../src/gateway/pixels/resolution-levels.js";

const INFO: PixelsInfo = {
  ...{ id: 1, imageId: 1, groupId: 1, type: "uint16" },
  ...{ sizeX: 4, sizeY: 3, sizeZ: 5, sizeC: 1, sizeT: 1 },
};

/** What comes of planes of a server that answers so. */
async function readFrom(store: Partial<RawPixelsStore>, planes: number, info = INFO): Promise<ArrayLike<number>[]> {
  const stores = { with: (use: (store: never) => unknown) => use(store as never) } as unknown as PixelStores;
  const tiles = Array.from({ length: planes }, (_, z) => checkedTile({ z }, info));
  const read: ArrayLike<number>[] = [];
  for await (const { data } of readTiles(new ServerTiles(info, stores), tiles, {})) read.push(data);
  return read;
}

it.each([0, 1, 23, 25, 240])("refuses an answer of %i bytes where 24 a plane were asked for", async (length) => {
  const getPlane = async () => new Uint8Array(length);
  await expect(readFrom({ getPlane }, 1)).rejects.toThrow(`gave ${length} bytes of Pixels 1 where 24 were asked for`);
});

it("asks for planes one by one where boxes are of another size", async () => {
  const getPlane = async (z: number) => Uint8Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? 0 : z));
  const read = await readFrom({ getPlane, getHypercube: async () => new Uint8Array(7) }, 3);
  expect(read.map((plane) => [plane.length, plane[0]])).toEqual([
    [12, 0],
    [12, 1],
    [12, 2],
  ]);
});

it("reads a plane that is larger than an answer may be some rows at a time", async () => {
  const info = { ...INFO, sizeX: 8192, sizeY: 3000 };
  const strips: number[][] = [];
  const getTile = async (_z: number, _c: number, _t: number, _x: number, y: number, w: number, h: number) => {
    strips.push([y, h]);
    const bytes = new Uint8Array(w * h * 2);
    for (let row = 0; row < h; row++) bytes[row * w * 2] = (y + row) >> 8;
    for (let row = 0; row < h; row++) bytes[row * w * 2 + 1] = (y + row) & 255;
    return bytes;
  };
  const [plane] = await readFrom({ getTile }, 1, info);
  expect(strips).toEqual([...[0, 512, 1024, 1536, 2048].map((row) => [row, 512]), [2560, 440]]);
  expect([0, 1, 2047, 2048, 2999].map((row) => plane![row * 8192])).toEqual([0, 1, 2047, 2048, 2999]);
});

it("reads planes at the level that its stores are at, whose sizes the server says", async () => {
  const sizes = [
    [4, 3],
    [2, 1],
  ].map(([sizeX, sizeY]) => ({ iceId: "::omero::api::ResolutionDescription", sizeX: sizeX!, sizeY: sizeY! }) as const);
  const levels = await levelsOf({ getResolutionDescriptions: async () => sizes }, undefined);
  expect(levels).toEqual([
    { level: 1, sizeX: 4, sizeY: 3 },
    { level: 0, sizeX: 2, sizeY: 1 },
  ]);
  const getPlane = async () => Uint8Array.of(0, 1, 0, 2);
  expect(await readFrom({ getPlane }, 1, { ...INFO, ...levels[1] })).toEqual([Uint16Array.of(1, 2)]);
  const none = { getResolutionDescriptions: async () => [null] };
  await expect(levelsOf(none, undefined)).rejects.toThrow(/does not say the size of level 0/);
});
