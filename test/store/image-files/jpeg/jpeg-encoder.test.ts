import { decode } from "jpeg-js";
import { describe, expect, it } from "vitest";
import { encodeJpeg, type JpegPicture } from "../../../../src/store/image-files/jpeg/jpeg-encoder.js";

interface Samples {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

function picture({ bytes, ...size }: Samples): JpegPicture {
  const rowBytes = 3 * size.width;
  const write = (memory: Uint8Array, row: number, rows: number) =>
    memory.set(bytes.subarray(row * rowBytes, (row + rows) * rowBytes));
  return { ...size, write };
}

/** The same for each seed, with no likeness between neighbours: what JPEG is worst at. */
function noise(width: number, height: number): Samples {
  let state = width * 31 + height * 7;
  const bytes = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
  return { width, height, bytes };
}

/** Up and down again between 0 and 255. */
function fold(value: number): number {
  const within = Math.abs(value) % 510;
  return within > 255 ? 510 - within : within;
}

/** As many colours as a JPEG of half the colours keeps. */
function ramp(width: number, height: number): Samples {
  const bytes = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    bytes.set([x, y, 255 - x].map(fold), 3 * pixel);
  }
  return { width, height, bytes };
}

function colours(jpeg: Uint8Array): Uint8Array {
  return decode(jpeg, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false }).data;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0) / a.length;
}

/** What the segment of a marker says. */
function segment(jpeg: Uint8Array, marker: number): Uint8Array {
  let at = 2;
  while (jpeg[at + 1] !== marker) at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
  return jpeg.subarray(at + 4, at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!);
}

const [START_OF_FRAME, APP0, QUANTIZATION] = [0xc0, 0xe0, 0xdb];

describe("a JPEG", () => {
  it("is baseline, with half the colours, JFIF's header and the tables of the standard", async () => {
    const jpeg = await encodeJpeg(picture(ramp(64, 48)), 50);
    expect([...segment(jpeg, START_OF_FRAME)]).toEqual([8, 0, 48, 0, 64, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    expect(String.fromCharCode(...segment(jpeg, APP0).subarray(0, 4))).toBe("JFIF");
    expect([...segment(jpeg, QUANTIZATION).subarray(0, 9)]).toEqual([0, 16, 11, 12, 14, 12, 10, 16, 14]);
    const fine = await encodeJpeg(picture(ramp(64, 48)), 90);
    expect([...segment(fine, QUANTIZATION).subarray(0, 5)]).toEqual([0, 3, 2, 2, 3]);
  });

  it("shows the picture, the better the higher its quality", async () => {
    const original = ramp(200, 120);
    const [fine, coarse] = await Promise.all([encodeJpeg(picture(original), 95), encodeJpeg(picture(original), 5)]);
    expect(meanDifference(colours(fine), original.bytes)).toBeLessThan(1);
    expect(meanDifference(colours(coarse), original.bytes)).toBeGreaterThan(2);
    expect(coarse.length).toBeLessThan(fine.length / 2);
  });

  it("may be larger than its pixels", async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [3, 3],
      [1, 70],
      [17, 1],
      [63, 65],
      [256, 256],
    ] as const) {
      const jpeg = await encodeJpeg(picture(noise(width, height)), 100);
      const found = decode(jpeg, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false });
      expect([found.width, found.height]).toEqual([width, height]);
      const same = await encodeJpeg(picture(noise(width, height)), 100);
      expect(Buffer.from(jpeg).equals(same)).toBe(true);
    }
  });

  it("of many rows is as those of its parts", async () => {
    const [width, height] = [1030, 700];
    const original = ramp(width, height);
    const found = colours(await encodeJpeg(picture(original), 90));
    expect(meanDifference(found, original.bytes)).toBeLessThan(1.5);
    // Rows of a strip, and of the one after it.
    for (const [row, rows] of [
      [0, 240],
      [240, 240],
      [480, 220],
    ] as const) {
      const bytes = original.bytes.subarray(3 * row * width, 3 * (row + rows) * width);
      const alone = colours(await encodeJpeg(picture({ width, height: rows, bytes }), 90));
      expect(Buffer.from(alone).equals(found.subarray(3 * row * width, 3 * (row + rows) * width))).toBe(true);
    }
  });

  it("of grey pixels is grey", async () => {
    const bytes = noise(33, 21).bytes.map((_, index, all) => all[3 * Math.floor(index / 3)]!);
    const jpeg = await encodeJpeg(picture({ width: 33, height: 21, bytes }), 100);
    expect(meanDifference(colours(jpeg), bytes)).toBeLessThan(1);
  });

  it("may be as wide as can be, and then has strips of one row of blocks", async () => {
    const original = ramp(65_500, 17);
    const jpeg = await encodeJpeg(picture(original), 85);
    expect([...segment(jpeg, START_OF_FRAME).subarray(1, 5)]).toEqual([0, 17, 65_500 >> 8, 65_500 & 255]);
    expect(meanDifference(colours(jpeg), original.bytes)).toBeLessThan(2);
  });
});

describe("a picture that is too large", () => {
  it.each([
    [65_501, 1],
    [1, 65_501],
    [0, 10],
    [10, Number.NaN],
    [1.5, 2],
  ])("is refused before memory is taken for it: %d x %d", async (width, height) => {
    const write = () => expect.unreachable();
    await expect(encodeJpeg({ width, height, write }, 85)).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
    });
  });
});

it("a picture that cannot be read fails with its error, and others are encoded after it", async () => {
  const before = await encodeJpeg(picture(ramp(40, 30)), 85);
  const cause = new Error("no more pixels");
  const write = () => {
    throw cause;
  };
  await expect(encodeJpeg({ width: 40, height: 30, write }, 85)).rejects.toBe(cause);
  expect(await encodeJpeg(picture(ramp(40, 30)), 85)).toEqual(before);
});
