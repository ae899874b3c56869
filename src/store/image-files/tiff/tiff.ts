/** TIFF: a page an image, or planes of a volume as pages. */
import { existsSync } from "node:fs";
import { DataError, throwIfAborted } from "../../../errors.js";
import type { NewImage } from "../../images/image.js";
import { grey, type ImageFileFormat, malformedImage, noImage, orderedRows, type Plane } from "../format.js";
import { readWhole, writeWhole } from "../whole-file.js";
import { TiffDirectories, type TiffPage } from "./directories.js";
import { tiffFile } from "./tiff-writer.js";

const LITTLE = [0x49, 0x49, 0x2a, 0];
const BIG = [0x4d, 0x4d, 0, 0x2a];
const SIGNED = 2;

export const tiff: ImageFileFormat = {
  name: "TIFF",
  extensions: [".tif", ".tiff"],
  recognizes: (start) => [LITTLE, BIG].some((magic) => magic.every((byte, index) => start[index] === byte)),
  async count(path) {
    return directories(path, await readWhole(path)).pages.length;
  },
  async read(path, numbers, { origin }) {
    const bytes = await readWhole(path);
    const { length } = directories(path, bytes).pages;
    const missing = numbers.find((n) => n >= length);
    if (missing !== undefined) throw noImage(path, missing, length);
    return Promise.all(numbers.map((n) => image(path, bytes, n, origin)));
  },
  async write(path, images, first, { origin, signal }) {
    const before = existsSync(path) ? await this.read(path, await allOf(path), {}) : [];
    const n = first === -1 ? before.length : first;
    if (n > before.length) throw noImage(path, n, before.length);
    throwIfAborted(signal, "writing a TIFF");
    const added = images.map((image) => ({ ...image, data: orderedRows(image.data, image.shape.at(-1)!, origin) }));
    await writeWhole(path, tiffFile([...before.slice(0, n), ...added, ...before.slice(n + added.length)]));
    return n;
  },
};

async function allOf(path: string): Promise<number[]> {
  return Array.from({ length: await tiff.count(path) }, (_, n) => n);
}

function directories(path: string, bytes: Uint8Array): TiffDirectories {
  try {
    return new TiffDirectories(bytes);
  } catch (cause) {
    throw malformedImage(path, `it is no whole TIFF (${(cause as Error).message})`, cause);
  }
}

async function image(path: string, bytes: Uint8Array, n: number, origin: "top" | "bottom" | undefined) {
  const { pages, littleEndian } = directories(path, bytes);
  const page = pages[n]!;
  const { width, height, data } = hasWideIntegers(page)
    ? wideIntegers(path, bytes, page, littleEndian)
    : await decoded(path, bytes, n);
  return { data: orderedRows(data, width, origin), shape: [height, width] };
}

async function decoded(path: string, bytes: Uint8Array, n: number): Promise<Plane> {
  const { decode } = await import("tiff");
  try {
    const [found] = decode(bytes, { pages: [n] });
    const { width, height, components, alpha, data } = found!;
    const pixels = signed(found!.sampleFormat as number | number[], data);
    return { width, height, data: grey(pixels, components + (alpha ? 1 : 0)) };
  } catch (cause) {
    throw malformedImage(path, `page ${n} is none that can be read (${(cause as Error).message})`, cause);
  }
}

/** The library gives signed pixels as unsigned ones. */
function signed(format: number | number[], data: NewImage["data"]): NewImage["data"] {
  const isSigned = (Array.isArray(format) ? format[0] : format) === SIGNED;
  if (!isSigned) return data;
  if (data instanceof Uint8Array) return new Int8Array(data.buffer, data.byteOffset, data.length);
  return data instanceof Uint16Array ? new Int16Array(data.buffer, data.byteOffset, data.length) : data;
}

/** Integers of 32 bits, which the library does not read. */
function hasWideIntegers({ bits, format }: TiffPage): boolean {
  return bits === 32 && format <= SIGNED;
}

/** @throws DataError `UNSUPPORTED_TYPE` where they are compressed, in tiles or in colours; `MALFORMED_FILE` */
function wideIntegers(path: string, bytes: Uint8Array, page: TiffPage, littleEndian: boolean): Plane {
  const { width, height, compression, samples, tiled, offsets, lengths, format } = page;
  if (compression !== 1 || samples !== 1 || tiled) {
    const message = `${path} has 32-bit integers that are compressed, in tiles or in colours, which cannot be read`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  const stored = Buffer.concat(
    lengths.map((length, strip) => bytes.subarray(offsets[strip]!, offsets[strip]! + length)),
  );
  if (stored.length < width * height * 4) throw malformedImage(path, "it ends before its last pixel");
  if (!littleEndian) stored.subarray(0, width * height * 4).swap32();
  const data = new Uint8Array(width * height * 4);
  data.set(stored.subarray(0, data.length));
  return { width, height, data: format === SIGNED ? new Int32Array(data.buffer) : new Uint32Array(data.buffer) };
}
