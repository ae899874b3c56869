import { describe, expect, it } from "vitest";
import { bytesOfPixels, pixelsKind, pixelValues } from "../../../src/server/pixels/pixels-kinds.js";
import { PixelsLayout } from "../../../src/server/pixels/pixels-layout.js";

const layout = new PixelsLayout(pixelsKind("uint16"), { x: 64, y: 48, z: 3, c: 3, t: 2 });

describe("PixelsLayout", () => {
  it("has X fastest, then Y, Z, C and T", () => {
    expect(layout.totalSize).toBe(64 * 48 * 3 * 3 * 2 * 2);
    expect(layout.offset({ z: 1, c: 2, t: 1 })).toBe(layout.planeSize * (1 + 3 * (2 + 3)));
    expect(layout.offset({ y: 5, z: 1, c: 2, t: 1 })).toBe(layout.offset({ z: 1, c: 2, t: 1 }) + 5 * 128);
  });

  it("refuses places that there are not, saying which", () => {
    expect(() => layout.offset({ z: 3, c: 0, t: 0 })).toThrow("Z '3' greater than sizeZ '3'.");
    expect(() => layout.check({ x: -1 })).toThrow("X '-1' greater than sizeX '64'.");
  });

  it("proposes tiles of a megabyte, and a pyramid for large planes of integers", () => {
    const large = { x: 4096, y: 4096, z: 1, c: 1, t: 1 };
    expect(new PixelsLayout(pixelsKind("uint8"), large).tileSize).toEqual([4096, 256]);
    expect(new PixelsLayout(pixelsKind("uint8"), large).requiresPyramid).toBe(true);
    expect(new PixelsLayout(pixelsKind("float"), large).requiresPyramid).toBe(false);
  });
});

describe("pixelValues", () => {
  it.each([
    ["int8", [-128, 127]],
    ["uint16", [0, 258, 65535]],
    ["int32", [-(2 ** 31), 7]],
    ["float", [0.5, Number.NaN, -1]],
    ["double", [Math.PI, -0, 1e300]],
  ])("reads what bytesOfPixels wrote of %s", (name, numbers) => {
    const kind = pixelsKind(name);
    const values = (kind.values as unknown as { from(list: number[]): Float64Array }).from(numbers);
    expect([...pixelValues(kind, bytesOfPixels(kind, values))]).toEqual(numbers);
  });

  it("takes bytes for big-endian ones", () => {
    expect([...pixelValues(pixelsKind("uint16"), Uint8Array.of(1, 2, 0, 5))]).toEqual([258, 5]);
  });

  it("refuses complex numbers, which have no order", () => {
    expect(() => pixelValues(pixelsKind("complex"), new Uint8Array(8))).toThrow(/no order/);
    expect(() => pixelsKind("int128")).toThrow(/Unknown pixel type/);
  });
});
