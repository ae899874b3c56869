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
  // One white space ends it, or one comment: what follows may look like either, and is pixels.
  const match = /^P([25])((?:(?:\s|#[^\n\r]*[\n\r])+\d+){3})(?:#[^\n\r]*[\n\r]|\s)/.exec(text);
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
  const pixels = bytes.slice(end, end + width * height * 2);
  Buffer.from(pixels.buffer).swap16(); // the higher byte comes first
  return new Uint16Array(pixels.buffer);
}

function plainPixels(bytes: Uint8Array, { width, height, largest, end }: PgmHeader): Uint8Array | Uint16Array {
  if (bytes.length - end < width * height * 2 - 1) throw new Error("it ends before its last pixel");
  const pixels = largest > 255 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  let found = 0;
  for (const value of plainNumbers(bytes, end)) {
    if (value > largest) throw new Error(`it has a pixel of ${value}, and says that none is over ${largest}`);
    pixels[found++] = value;
    if (found === pixels.length) return pixels;
  }
  throw new Error("it ends before its last pixel");
}

/** Whole numbers of digits, between white space and comments. @throws Error */
function* plainNumbers(bytes: Uint8Array, start: number): Generator<number, void, undefined> {
  let number = -1;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      number = Math.max(number, 0) * 10 + byte - 0x30;
      continue;
    }
    if (byte === HASH) at = lineEnd(bytes, at);
    else if (!WHITE.includes(byte)) throw new Error("it has a pixel that is no whole number");
    if (number >= 0) yield number;
    number = -1;
  }
  if (number >= 0) yield number;
}

const HASH = 0x23;
const WHITE = [0x20, 0x0a, 0x0d, 0x09, 0x0b, 0x0c];

function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}
