/** Makes Apache Arrow read compressed record batches; it brings no codec of its own. */
import { decodeLz4Frame } from "./lz4-frame.js";

/** Zstandard's frames begin with this (RFC 8878). */
const ZSTD_MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;
const BLOCK_HEADER = 3;
const REPEATED_BYTE = 1;
const COMPRESSED_BLOCK = 2;
/** A block takes 4 bytes at least. */
const MOST_BLOCK_BYTES = 128 << 10;
const MOST_EXPANSION = MOST_BLOCK_BYTES / 4;
const MOST_BYTES = 0x7fffffff;

let registered: Promise<void> | undefined;

export function registerDecompressors(): Promise<void> {
  registered ??= register();
  return registered;
}

async function register(): Promise<void> {
  const [{ compressionRegistry, CompressionType }, { ZSTDDecoder }] = await Promise.all([
    import("apache-arrow"),
    import("zstddec"),
  ]);
  const zstd = new ZSTDDecoder();
  await zstd.init();
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (frame) => zstd.decode(frame, contentSize(frame)) });
}

/** @throws RangeError for what is no frame, or claims more than it can hold */
function contentSize(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== ZSTD_MAGIC) throw new RangeError("no Zstandard frame");
  const descriptor = view.getUint8(4);
  const isSingle = (descriptor & SINGLE_SEGMENT) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const size = [
    () => (isSingle ? view.getUint8(at) : sizeOfBlocks(view, at)),
    () => view.getUint16(at, true) + 256,
    () => view.getUint32(at, true),
    () => Number(view.getBigUint64(at, true)),
  ][descriptor >> 6]!();
  if (size <= Math.min(MOST_BYTES, MOST_EXPANSION * frame.length)) return size;
  throw new RangeError(`a Zstandard frame of ${frame.length} bytes that claims ${size}`);
}

/** What the blocks hold at most, for frames that do not tell, as polars writes them. */
function sizeOfBlocks(view: DataView, first: number): number {
  let size = 0;
  for (let at = first, isLast = false; !isLast; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) === 1;
    const type = (header >> 1) & 3;
    const length = header >> 3;
    size += type === COMPRESSED_BLOCK ? MOST_BLOCK_BYTES : length;
    at += BLOCK_HEADER + (type === REPEATED_BYTE ? 1 : length);
  }
  return size;
}
