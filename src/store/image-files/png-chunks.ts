/** The chunks of a PNG that its pixels need, checked before they are unpacked. */
import { promisify } from "node:util";
import { inflate } from "node:zlib";

/** Chunks that pixels are made of; all others are left out. */
const NEEDED = new Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
const SIGNATURE_BYTES = 8;
const HEADER_BYTES = 13;
const CHANNELS = new Map([
  [0, 1], // grey
  [2, 3], // colours
  [3, 1], // a palette
  [4, 2], // grey and alpha
  [6, 4], // colours and alpha
]);
/** Deflate makes a byte of no more than so many. */
const LARGEST_RATIO = 1032;

interface Chunk {
  readonly type: string;
  readonly whole: Uint8Array;
  readonly data: Uint8Array;
}

/** A PNG of no more than its pixels, and these before the filters of its rows are undone. */
export interface PngContent {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly interlaced: boolean;
  readonly unpacked: Uint8Array;
  /** Red, green and blue of each colour. */
  readonly palette?: Uint8Array | undefined;
}

/** What it unpacks to is looked at first: a few bytes may stand for more than there is memory. @throws Error */
export async function pngContent(bytes: Uint8Array): Promise<PngContent> {
  const chunks = [...chunksOf(bytes)].filter(({ type }) => NEEDED.has(type));
  const packed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const header = headerOf(chunks[0]);
  if (header.unpackedBytes > packed.length * LARGEST_RATIO) throw new Error("it has fewer bytes than its size needs");
  const unpacked = await promisify(inflate)(packed, { maxOutputLength: Math.max(header.unpackedBytes, 1) });
  const whole = Buffer.concat([bytes.subarray(0, SIGNATURE_BYTES), ...chunks.map((chunk) => chunk.whole)]);
  return { ...header, bytes: whole, unpacked, palette: chunks.find(({ type }) => type === "PLTE")?.data };
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw new Error("a part of it is cut off");
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    yield { type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) };
    if (type === "IEND") return;
    at = end;
  }
  throw new Error("it has no end");
}

/** `unpackedBytes`: what the pixels unpack to at most, rows of whole bytes, each with its filter's, in up to seven passes. */
function headerOf(header: Chunk | undefined) {
  if (header?.type !== "IHDR" || header.data.length !== HEADER_BYTES)
    throw new Error("it does not begin with its header");
  const view = new DataView(header.data.buffer, header.data.byteOffset, HEADER_BYTES);
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)];
  const channels = CHANNELS.get(view.getUint8(9));
  if (width === 0 || height === 0 || channels === undefined) throw new Error("its size or type is impossible");
  const interlaced = view.getUint8(12) !== 0;
  const unpackedBytes = height * (interlaced ? 2 : 1) * (Math.ceil((width * channels * depth) / 8) + 7);
  return { width, height, depth, interlaced, unpackedBytes };
}
