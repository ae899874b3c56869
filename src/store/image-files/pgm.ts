/** PGM, plain (P2) and raw (P5): a header of three numbers, then one number a pixel. */
import type { Plane } from "./format.js";

interface PgmHeader {
  readonly raw: boolean;
  readonly width: number;
  readonly height: number;
  readonly largest: number;
  /** Where the pixels begin. */
  readonly end: number;
}

export function encodePgm({ width, height, data }: Plane & { readonly data: Uint8Array }): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}

/** Values as they are: uint8, or uint16 where they may be over 255. @throws Error */
export function decodePgm(bytes: Uint8Array): Plane {
  const header = readHeader(bytes);
  const { width, height, raw } = header;
  return { width, height, data: raw ? rawPixels(bytes, header) : plainPixels(bytes, header) };
}

function readHeader(bytes: Uint8Array): PgmHeader {
  // Whoever states more than four numbers and their comments states no picture.
  const text = Buffer.from(bytes.subarray(0, 4096)).toString("latin1");
  const match = /^P([25])((?:(?:\s|#[^\n\r]*[\n\r])+\d+){3})(?:\s*#[^\n\r]*[\n\r]|\s)/.exec(text);
  if (!match) throw new Error("its header has no width, height and largest value");
  const [width, height, largest] = match[2]!.replace(/#.*/g, " ").trim().split(/\s+/).map(Number) as [
    number,
    number,
    number,
  ];
  if (width < 1 || height < 1 || largest < 1 || largest > 65_535) throw new Error("its header has impossible numbers");
  return { raw: match[1] === "5", width, height, largest, end: match[0].length };
}

function rawPixels(bytes: Uint8Array, { width, height, largest, end }: PgmHeader): Uint8Array | Uint16Array {
  const size = largest > 255 ? 2 : 1;
  if (bytes.length - end < width * height * size) throw new Error("it ends before its last pixel");
  if (size === 1) return bytes.slice(end, end + width * height);
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  return Uint16Array.from({ length: width * height }, (_, index) => view.getUint16(index * 2));
}

function plainPixels(bytes: Uint8Array, { width, height, largest, end }: PgmHeader): Uint8Array | Uint16Array {
  const text = Buffer.from(bytes.subarray(end)).toString("latin1").replace(/#.*/g, " ");
  const values = (text.match(/\d+/g) ?? []).map(Number);
  if (values.length < width * height) throw new Error("it ends before its last pixel");
  const pixels = values.slice(0, width * height);
  return largest > 255 ? Uint16Array.from(pixels) : Uint8Array.from(pixels);
}
