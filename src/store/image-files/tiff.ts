/** TIFF: a page an image, or planes of a volume as pages. */
import { existsSync } from "node:fs";
import { throwIfAborted } from "../../errors.js";
import type { NewImage } from "../images/image.js";
import { grey, type ImageFileFormat, malformedImage, noImage, orderedRows } from "./format.js";
import { tiffFile } from "./tiff-writer.js";
import { readWhole, writeWhole } from "./whole-file.js";

const LITTLE = [0x49, 0x49, 0x2a, 0];
const BIG = [0x4d, 0x4d, 0, 0x2a];

export const tiff: ImageFileFormat = {
  name: "TIFF",
  extensions: [".tif", ".tiff"],
  recognizes: (start) => [LITTLE, BIG].some((magic) => magic.every((byte, index) => start[index] === byte)),
  async count(path) {
    return pages(path, await readWhole(path));
  },
  async read(path, numbers, { origin }) {
    const bytes = await readWhole(path);
    const count = await pages(path, bytes);
    const missing = numbers.find((n) => n >= count);
    if (missing !== undefined) throw noImage(path, missing, count);
    return Promise.all(numbers.map((n) => page(path, bytes, n, origin)));
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

async function pages(path: string, bytes: Uint8Array): Promise<number> {
  const { pageCount } = await import("tiff");
  try {
    return pageCount(bytes);
  } catch (cause) {
    throw malformedImage(path, `it is no whole TIFF (${(cause as Error).message})`, cause);
  }
}

async function page(
  path: string,
  bytes: Uint8Array,
  n: number,
  origin: "top" | "bottom" | undefined,
): Promise<NewImage> {
  const { decode } = await import("tiff");
  try {
    const [found] = decode(bytes, { pages: [n] });
    const { width, height, components, alpha, data } = found!;
    const pixels = signed(found!.sampleFormat as number | number[], data);
    return { data: orderedRows(grey(pixels, components + (alpha ? 1 : 0)), width, origin), shape: [height, width] };
  } catch (cause) {
    throw malformedImage(path, `page ${n} is none that can be read (${(cause as Error).message})`, cause);
  }
}

/** The library gives signed pixels as unsigned ones. */
function signed(format: number | number[], data: NewImage["data"]): NewImage["data"] {
  const isSigned = (Array.isArray(format) ? format[0] : format) === 2;
  if (!isSigned) return data;
  if (data instanceof Uint8Array) return new Int8Array(data.buffer, data.byteOffset, data.length);
  return data instanceof Uint16Array ? new Int16Array(data.buffer, data.byteOffset, data.length) : data;
}
