/** TIFF: a page an image, or planes of a volume as pages. */
import { existsSync } from "node:fs";
import { DataError, throwIfAborted } from "../../../errors.js";
import { grey, type ImageFileFormat, malformedImage, noImage, orderedRows, type Plane } from "../format.js";
import { readWhole, writeWhole } from "../whole-file.js";
import { isUnpacked } from "./compression.js";
import { TiffDirectories, type TiffPage } from "./directories.js";
import { hasPackedBits, hasPlainSamples, packedPixels, pageSamples } from "./samples.js";
import { tiffFile } from "./tiff-writer.js";

/** Either byte order, with offsets of 32 bits and of 64. */
const MAGICS = [
  [0x49, 0x49, 0x2a, 0],
  [0x4d, 0x4d, 0, 0x2a],
  [0x49, 0x49, 0x2b, 0],
  [0x4d, 0x4d, 0, 0x2b],
];

export const tiff: ImageFileFormat = {
  name: "TIFF",
  extensions: [".tif", ".tiff"],
  recognizes: (start) => MAGICS.some((magic) => magic.every((byte, index) => start[index] === byte)),
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
  const { width, height, data } =
    hasPlainSamples(page) || hasPackedBits(page)
      ? await plainPlane(path, bytes, n, page, littleEndian)
      : await decoded(path, bytes, n, page);
  return { data: orderedRows(data, width, origin), shape: [height, width] };
}

async function plainPlane(
  path: string,
  bytes: Uint8Array,
  n: number,
  page: TiffPage,
  littleEndian: boolean,
): Promise<Plane> {
  try {
    const samples = hasPackedBits(page)
      ? await packedPixels(bytes, page)
      : await pageSamples(bytes, page, littleEndian);
    return { width: page.width, height: page.height, data: grey(samples, page.samples) };
  } catch (cause) {
    throw malformedPage(path, n, cause);
  }
}

/** @throws DataError `UNSUPPORTED_TYPE`, `MALFORMED_FILE` */
async function decoded(path: string, bytes: Uint8Array, n: number, { compression }: TiffPage): Promise<Plane> {
  if (!isUnpacked(compression)) {
    const message = `${path} is compressed in a way that is not read (${compression}); read are LZW, Deflate and PackBits`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  const { decode } = await import("tiff");
  try {
    const [found] = decode(bytes, { pages: [n] });
    const { width, height, components, alpha, data } = found!;
    const channels = components + (alpha ? 1 : 0);
    if (data.length !== width * height * channels) throw new Error("its samples are of a kind that is not read");
    return { width, height, data: grey(data, channels) };
  } catch (cause) {
    throw malformedPage(path, n, cause);
  }
}

function malformedPage(path: string, n: number, cause: unknown): DataError {
  return malformedImage(path, `page ${n} is none that can be read (${(cause as Error).message})`, cause);
}
