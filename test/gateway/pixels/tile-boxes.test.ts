import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PixelsInfo } from "../../../src/gateway/pixels/pixels-info.js";
import { checkedTile } from "../../../src/gateway/pixels/plane-places.js";
import { cubeOf, inBoxes, placeInBox, type TileBox } from "../../../src/gateway/pixels/tile-boxes.js";

const INFO: PixelsInfo = {
  ...{ id: 1, imageId: 1, groupId: 1, type: "uint16" },
  ...{ sizeX: 64, sizeY: 48, sizeZ: 9, sizeC: 5, sizeT: 7 },
};

const places = fc.array(fc.record({ z: fc.nat(8), c: fc.nat(4), t: fc.nat(6), x: fc.constantFrom(0, 3) }), {
  maxLength: 60,
});

/** The planes that a server gives for a box, in its order. */
function planesOfCube(box: TileBox): string[] {
  const { offset, size, step } = cubeOf(box);
  const along = (axis: number) =>
    Array.from({ length: Math.ceil(size[axis]! / step[axis]!) }, (_, index) => offset[axis]! + index * step[axis]!);
  return along(4).flatMap((t) => along(3).flatMap((c) => along(2).map((z) => `${z} ${c} ${t}`)));
}

describe("boxes of tiles", () => {
  it("have every tile once, in the order asked for, where a server's answer has it", () => {
    fc.assert(
      fc.property(places, (asked) => {
        const tiles = asked.map((place) => checkedTile(place, INFO));
        const boxes = [...inBoxes(tiles, INFO)];
        expect(boxes.flatMap((box) => box.tiles)).toEqual(tiles);
        for (const box of boxes) {
          const planes = planesOfCube(box);
          expect(planes).toHaveLength(box.tiles.length);
          for (const tile of box.tiles) expect(planes[placeInBox(box, tile)]).toBe(`${tile.z} ${tile.c} ${tile.t}`);
        }
      }),
    );
  });

  it("are as few as the order allows, and not too large", () => {
    const sections = Array.from({ length: 9 }, (_, z) => checkedTile({ z }, INFO));
    expect([...inBoxes(sections, INFO)]).toHaveLength(1);
    const large = { ...INFO, sizeX: 1024, sizeY: 512 };
    const planes = Array.from({ length: 9 }, (_, z) => checkedTile({ z }, large));
    expect([...inBoxes(planes, large)].map((box) => box.tiles.length)).toEqual([2, 2, 2, 2, 1]);
    const huge = { ...INFO, sizeX: 5000, sizeY: 4000 };
    const corners = [0, 1].map((z) => checkedTile({ z, width: 5, height: 5 }, huge));
    expect([...inBoxes(corners, huge)].map((box) => box.tiles.length)).toEqual([1, 1]);
  });
});
