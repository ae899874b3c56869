/** Pictures as pixels, and as PNG. */
import { ServerError } from "../../errors.js";

/** Part of a plane, in pixels. */
export interface PictureRegion {
  /** First column. */
  readonly x: number;
  /** First row. */
  readonly y: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** A picture as a browser's `ImageData`: red, green, blue and opacity of each pixel, row by row. */
export interface RgbaPicture {
  /** Four bytes a pixel. */
  readonly data: Uint8ClampedArray;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

type PictureSize = Pick<PictureRegion, "width" | "height">;

/** @param packed pixels as OMERO gives them, 0xAARRGGBB. @param part cut out of them */
export function packedPicture(packed: Int32Array, size: PictureSize, part?: PictureRegion): RgbaPicture {
  if (packed.length !== size.width * size.height) {
    const text = `the server gave ${packed.length} pixels for a picture of ${size.width} x ${size.height}`;
    throw new ServerError("SERVER_FAILURE", text);
  }
  const { x, y, width, height } = part ?? { ...size, x: 0, y: 0 };
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0, at = 0; row < height; row++) {
    const start = (y + row) * size.width + x;
    for (let column = 0; column < width; column++, at += 4) {
      const pixel = packed[start + column]!;
      data[at] = (pixel >>> 16) & 0xff;
      data[at + 1] = (pixel >>> 8) & 0xff;
      data[at + 2] = pixel & 0xff;
      data[at + 3] = pixel >>> 24;
    }
  }
  return { data, width, height };
}

/** The picture as a PNG file, without opacity where all of it is opaque. */
export async function encodePng({ data, width, height }: RgbaPicture): Promise<Uint8Array> {
  const { encode } = await import("fast-png");
  if (isOpaque(data)) return encode({ width, height, data: withoutOpacity(data), channels: 3, depth: 8 });
  return encode({ width, height, data, channels: 4, depth: 8 });
}

function isOpaque(data: Uint8ClampedArray): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

function withoutOpacity(data: Uint8ClampedArray): Uint8Array {
  const colours = new Uint8Array((data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from]!;
    colours[to + 1] = data[from + 1]!;
    colours[to + 2] = data[from + 2]!;
  }
  return colours;
}
