/** TIFF: a page an image, or planes of a volume as pages. */
import { existsSync } from "node:fs";
import { DataError, throwIfAborted } from "../../../errors.js";
import type { NewImage } from "../../images/image.js";
import { grey, type ImageFileFormat, malformedImage, noImage, orderedRows, type Plane } from "../format.js";
import { readWhole, writeWhole } from "../whole-file.js";
import { isUnpacked } from "./compression.js";
import { TiffDirectories, type TiffPage } from "./directories.js";
import { hasPackedBits, hasPlainSamples, packedPixels, pageSamples } from "./samples.js";
import { tiffFile, tiffPages, writeOffset } from "./tiff-writer.js";

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
  async read(path, numbers, { origin, signal }) {
    const bytes = await readWhole(path);
    const found = directories(path, bytes);
    const { length } = found.pages;
    const missing = numbers.find((n) => n >= length);
    if (missing !== undefined) throw noImage(path, missing, length);
    const images: NewImage[] = [];
    for (const n of numbers) {
      throwIfAborted(signal, "reading a TIFF");
      images.push(await image(path, bytes, n, found, origin));
    }
    return images;
  },
  async write(path, images, first, { origin, signal }) {
    const before = existsSync(path) ? await readWhole(path) : undefined;
    const { length } = before === undefined ? [] : directories(path, before).pages;
    const n = first === -1 ? length : first;
    if (n > length) throw noImage(path, n, length);
    throwIfAborted(signal, "writing a TIFF");
    const added = images.map((image) => ({ ...image, data: orderedRows(image.data, image.shape.at(-1)!, origin) }));
    await writeWhole(path, before === undefined ? tiffFile(added) : withPages(before, added, n));
    return n;
  },
};

/** A file, which is changed, with pages from number `n` on. All others stay as they are, with whatever belongs to them. */
function withPages(bytes: Uint8Array, images: readonly NewImage[], n: number): Uint8Array[] {
  const found = new TiffDirectories(bytes);
  const padding = new Uint8Array(bytes.length % 2);
  const following = found.pages[n + images.length]?.directory ?? 0;
  const { parts, first } = tiffPages(images, found, bytes.length + padding.length, following);
  const link = found.pages[n]?.linkAt ?? found.end;
  writeOffset(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), link, first, found);
  return [bytes, padding, ...parts];
}

function directories(path: string, bytes: Uint8Array): TiffDirectories {
  try {
    return new TiffDirectories(bytes);
  } catch (cause) {
    throw malformedImage(path, `it is no whole TIFF (${(cause as Error).message})`, cause);
  }
}

async function image(
  path: string,
  bytes: Uint8Array,
  n: number,
  { pages, littleEndian }: TiffDirectories,
  origin: "top" | "bottom" | undefined,
) {
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
async function decoded(path: string, bytes: Uint8Array, n: number, page: TiffPage): Promise<Plane> {
  const { compression, photometric, fillOrder } = page;
  if (!isUnpacked(compression)) {
    const message = `${path} is compressed in a way that is not read (${compression}); read are LZW, Deflate and PackBits`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  if (photometric > PALETTE) {
    const kind = OTHER_COLOURS.get(photometric) ?? `kind ${photometric}`;
    const message = `${path} has pixels of ${kind} on page ${n}; read are grey, red, green and blue, and palettes`;
    throw new DataError("UNSUPPORTED_TYPE", message, { path });
  }
  if (fillOrder !== 1) {
    throw new DataError("UNSUPPORTED_TYPE", `${path} has its bits in an order that is not read for such pixels`, {
      path,
    });
  }
  const { decode } = await import("tiff");
  try {
    const [found] = decode(bytes, { pages: [n] });
    const { width, height, components, alpha, data, palette } = found!;
    if (palette) return { width, height, data: shades(data, palette) };
    const channels = components + (alpha ? 1 : 0);
    if (data.length !== width * height * channels) throw new Error("its samples are of a kind that is not read");
    return { width, height, data: grey(data, channels) };
  } catch (cause) {
    throw malformedPage(path, n, cause);
  }
}

const PALETTE = 3;
const OTHER_COLOURS = new Map([
  [4, "a mask"],
  [5, "CMYK"],
  [6, "YCbCr"],
  [8, "CIELAB"],
]);

/** Means of the colours, which a palette has as 16 bits, from 0 to 255. */
function shades(data: ArrayLike<number>, palette: readonly (readonly [number, number, number])[]): Float32Array {
  const means = palette.map((colour) => colour.reduce((sum, value) => sum + (value >> 8), 0) / 3);
  return Float32Array.from(data, (index) => means[index] ?? 0);
}

function malformedPage(path: string, n: number, cause: unknown): DataError {
  return malformedImage(path, `page ${n} is none that can be read (${(cause as Error).message})`, cause);
}
