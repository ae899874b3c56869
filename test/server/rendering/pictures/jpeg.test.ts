import { decode } from "jpeg-js";
import { expect, it } from "vitest";
import { IceUserException } from "../../../../src/connect/ice/codec/ice-exception.js";
import { DEFAULT_COMPRESSION, jpegOf } from "../../../../src/server/rendering/pictures/jpeg.js";

const [WIDTH, HEIGHT] = [40, 24];

/** Colours that change slowly: half of them is enough. */
function slowColours() {
  const pixels = Int32Array.from({ length: WIDTH * HEIGHT }, (_, index) => {
    const [x, y] = [index % WIDTH, Math.floor(index / WIDTH)];
    return 0xff000000 | ((6 * x) << 16) | ((10 * y) << 8) | (255 - 6 * x);
  });
  return { width: WIDTH, height: HEIGHT, pixels };
}

function tableOf(jpeg: Uint8Array): number {
  const at = Buffer.from(jpeg).indexOf(Buffer.of(0xff, 0xdb));
  return jpeg[at + 5]!;
}

it("has the colours of the pixels", async () => {
  const { pixels, ...size } = slowColours();
  const found = decode(await jpegOf({ pixels, ...size }, 1), { useTArray: true });
  expect(found).toMatchObject(size);
  const farthest = pixels.reduce((most, pixel, index) => {
    const [red, green, blue] = found.data.subarray(4 * index);
    const away = [Math.abs(red! - ((pixel >> 16) & 0xff)), Math.abs(green! - ((pixel >> 8) & 0xff))];
    return Math.max(most, ...away, Math.abs(blue! - (pixel & 0xff)));
  }, 0);
  expect(farthest).toBeLessThan(12);
});

it.each([
  [0.5, 16],
  [0.9, 3],
  [DEFAULT_COMPRESSION, 5],
  [1, 1],
  [7, 1],
  [0.01, 255],
  [-3, 255],
  [Number.NaN, 255],
])("has the standard's tables for the level: %d", async (level, first) => {
  expect(tableOf(await jpegOf(slowColours(), level))).toBe(first);
});

it("is refused where a side is too long", async () => {
  const refused = jpegOf({ width: 65_501, height: 1, pixels: new Int32Array(65_501) }, 1);
  const error = await refused.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(IceUserException);
  expect(error).toMatchObject({ iceId: "::omero::ValidationException" });
});
