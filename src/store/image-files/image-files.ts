/** Images in files: stacks of EMAN2 and MRC, TIFF, PNG, JPEG, PGM. */
import { open } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { ArgumentError, DataError, FileError, invalidArgument, throwIfAborted } from "../../errors.js";
import { finalPath } from "../../flow/files/target-file.js";
import { checkOptions } from "../../flow/options.js";
import { type Turn, Turns } from "../../flow/turns.js";
import { givenAttributes, wholeHeader } from "../images/attributes.js";
import { checkImage, type NewImage, type StoredImage } from "../images/image.js";
import { imageStatistics } from "../images/statistics.js";
import {
  type ImageFileFormat,
  READ_IMAGE_OPTIONS,
  type ReadImageOptions,
  WRITE_IMAGE_OPTIONS,
  type WriteImageOptions,
} from "./format.js";
import { hdfStack } from "./hdf/hdf-stack.js";
import { mrc } from "./mrc.js";
import { jpeg, pgm, png } from "./pictures.js";
import { tiff } from "./tiff/tiff.js";

const FORMATS: readonly ImageFileFormat[] = [hdfStack, mrc, tiff, png, jpeg, pgm];

/**
 * How many images a file holds: EMAN2's and MRC's stacks, and pages of a TIFF; one of any other.
 * @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`
 *
 * @example
 * ```ts
 * const count = await imageCount("stack.hdf");
 * ```
 */
export async function imageCount(path: string): Promise<number> {
  return (await formatOf(path)).count(path);
}

/**
 * Image `n` of a file, counted from 0. Colours are averaged. Its header has the statistics of its pixels.
 * @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE`, `UNSUPPORTED_TYPE`; ArgumentError `INVALID_ARGUMENT` where there is no image `n`
 *
 * @example
 * const { data, shape, header } = await readImage("particles.hdf", 5);
 */
export async function readImage(path: string, n = 0, options: ReadImageOptions = {}): Promise<StoredImage> {
  checkOptions(options, READ_IMAGE_OPTIONS, "readImage");
  const [image] = await readAll(path, [n], options);
  return image!;
}

/**
 * The images of some numbers, or all images of a file. The file is opened once.
 *
 * @example
 * ```ts
 * const [first] = await readImages("stack.hdf", [0]);
 * ```
 */
export async function readImages(
  path: string,
  numbers?: readonly number[],
  options: ReadImageOptions = {},
): Promise<StoredImage[]> {
  checkOptions(options, READ_IMAGE_OPTIONS, "readImages");
  return readAll(path, numbers, options);
}

async function readAll(
  path: string,
  numbers: readonly number[] | undefined,
  options: ReadImageOptions,
): Promise<StoredImage[]> {
  checkOrigin(options.origin);
  const chosen = numbers === undefined ? undefined : listed(numbers);
  for (const n of chosen ?? []) checkNumber(n, 0);
  throwIfAborted(options.signal, `reading ${path}`);
  const format = await formatOf(path);
  const wanted = chosen ?? Array.from({ length: await format.count(path) }, (_, n) => n);
  const images = await format.read(path, wanted, options);
  return images.map((image) => ({ ...image, header: fullHeader(image) }));
}

/**
 * Writes an image to a file, as its image `n`, or with -1 after the last. The format is that of the file's extension. A new
 * file appears when it is whole. Resolves to the number the image has in it. PNG, JPEG and PGM hold one plane of bytes: see
 * `renderMin` and `renderMax`; without them, pixels are spread from five standard deviations below the mean to five above it.
 * @throws ArgumentError `INVALID_ARGUMENT`; DataError `UNSUPPORTED_TYPE`; FileError `CANNOT_WRITE_FILE`
 *
 * @example
 * await writeImage("particles.hdf", image, -1);
 * await writeImage("particle.png", image, 0, { renderMin: 0, renderMax: 1200 });
 */
export async function writeImage(
  path: string,
  image: NewImage,
  n = 0,
  options: WriteImageOptions = {},
): Promise<number> {
  checkOptions(options, WRITE_IMAGE_OPTIONS, "writeImage");
  return writeAll(path, [image], n, options);
}

/**
 * Writes many images at once, from number `n` on, or with -1 after the last: in one go, where one by one each rewrites the file.
 *
 * @example
 * ```ts
 * await writeImages("stack.mrc", images);
 * ```
 */
export async function writeImages(
  path: string,
  images: readonly NewImage[],
  n = 0,
  options: WriteImageOptions = {},
): Promise<number> {
  checkOptions(options, WRITE_IMAGE_OPTIONS, "writeImages");
  return writeAll(path, images, n, options);
}

async function writeAll(
  path: string,
  given: Iterable<NewImage>,
  n: number,
  options: WriteImageOptions,
): Promise<number> {
  checkNumber(n, -1);
  const images = listed(given);
  checkOrigin(options.origin);
  if (images.length === 0) throw new ArgumentError("INVALID_ARGUMENT", `There is no image to write to ${path}`);
  for (const image of images) checkImage(image);
  const format = formatByName(path);
  const turn = await fileTurn(path, options.signal);
  try {
    await finalPath(path, true);
    return await format.write(path, images, n, options);
  } finally {
    turn.end();
  }
}

/** Who writes to a file in this process waits for others that do: each reads what is there before. */
const writers = new Map<string, Turns>();

async function fileTurn(path: string, signal: AbortSignal | undefined): Promise<Turn> {
  const name = resolve(path);
  const turns = writers.get(name) ?? new Turns();
  writers.set(name, turns);
  const turn = await turns.take(`writing ${path}`, signal);
  for (const [other, { isFree }] of writers) if (isFree) writers.delete(other);
  return turn;
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function checkOrigin(origin: unknown): void {
  if (origin === undefined || origin === "top" || origin === "bottom") return;
  throw invalidArgument(`The origin of an image is "top" or "bottom", not ${String(origin)}`);
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function listed<T>(items: Iterable<T>): readonly T[] {
  if (typeof items === "object" && items !== null && Symbol.iterator in items) return [...items];
  throw new ArgumentError("INVALID_ARGUMENT", `A list is needed, not ${items === null ? "null" : typeof items}`);
}

function fullHeader(image: NewImage): StoredImage["header"] {
  return wholeHeader({
    header: givenAttributes(image.header),
    shape: image.shape,
    statistics: imageStatistics(image.data),
  });
}

function checkNumber(n: number, lowest: number): void {
  if (Number.isSafeInteger(n) && n >= lowest) return;
  const all = lowest < 0 ? ", or -1 for the end" : "";
  throw new ArgumentError("INVALID_ARGUMENT", `The number of an image is whole and from 0${all}, not ${n}`);
}

/**
 * Whether a file is one of images by its name.
 *
 * @example
 * ```ts
 * if (isImageFile(path)) await writeImage(path, image);
 * ```
 */
export function isImageFile(path: string): boolean {
  return formatOfExtension(path) !== undefined;
}

function formatOfExtension(path: string): ImageFileFormat | undefined {
  const extension = extname(path).toLowerCase();
  return FORMATS.find(({ extensions }) => extensions.includes(extension));
}

/** What a file is, by how it begins. */
async function formatOf(path: string): Promise<ImageFileFormat> {
  const start = await firstBytes(path);
  const found = FORMATS.find((format) => format.recognizes(start));
  if (found !== undefined) return found;
  checkPacked(path, start);
  // Old MRC files have nothing to know them by.
  if (formatOfExtension(path) === mrc) return mrc;
  const names = FORMATS.map(({ name }) => name).join(", ");
  throw new DataError("MALFORMED_FILE", `${path} is no image file that can be read: ${names}`, { path });
}

/** How files begin that hold another, and what unpacks them. */
const PACKED: readonly (readonly [name: string, tool: string, magic: readonly number[]])[] = [
  ["gzip", "gunzip", [0x1f, 0x8b, 0x08]],
  ["bzip2", "bunzip2", [0x42, 0x5a, 0x68]],
  ["xz", "unxz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["Zstandard", "unzstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["ZIP", "unzip", [0x50, 0x4b, 0x03, 0x04]],
];

/** @throws DataError `UNSUPPORTED_TYPE` */
function checkPacked(path: string, start: Uint8Array): void {
  const found = PACKED.find(([, , magic]) => magic.every((byte, at) => start[at] === byte));
  if (found === undefined) return;
  const [name, tool] = found;
  const message = `${path} is compressed as a whole by ${name}, which is not read: unpack it first, for example with ${tool}`;
  throw new DataError("UNSUPPORTED_TYPE", message, { path });
}

async function firstBytes(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, "r");
    const bytes = new Uint8Array(1024);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } catch (cause) {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${(cause as Error).message}`, { path, cause });
  }
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function formatByName(path: string): ImageFileFormat {
  if (typeof path !== "string" || path === "")
    throw new ArgumentError("INVALID_ARGUMENT", "Say where to write: the path of a file");
  const found = formatOfExtension(path);
  if (found !== undefined) return found;
  const known = FORMATS.flatMap(({ extensions }) => extensions).join(" ");
  throw new ArgumentError(
    "INVALID_ARGUMENT",
    `The extension of ${path} names no format of images; known are ${known}`,
    { path },
  );
}
