/** Files into a store and out of it. */
import { readFile, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { ArgumentError, DataError, FileError } from "../../../errors.js";
import type { StoreDictionary, StoredImage, StoreKey } from "../../../store/index.js";

const IMAGE_FILES = new Set([
  ".hdf",
  ".h5",
  ".hdf5",
  ".mrc",
  ".mrcs",
  ".map",
  ".tif",
  ".tiff",
  ".png",
  ".jpg",
  ".jpeg",
  ".pgm",
]);

/** Resolves to the line to print. @throws StoreError `NO_SUCH_ENTRY`, and what writing the file throws */
export async function getEntry(
  dictionary: StoreDictionary,
  key: StoreKey,
  target: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { StoreError, writeImage } = await import("../../../store/index.js");
  const value = await dictionary.get(key, { signal });
  if (value === undefined)
    throw new StoreError("NO_SUCH_ENTRY", `${dictionary.name} has no entry ${JSON.stringify(key)}`);
  if (target === undefined) return JSON.stringify(jsonForm(value));
  if (isImage(value)) await writeImage(target, value, 0, { signal });
  else await writeNew(target, value instanceof Uint8Array ? value : `${JSON.stringify(jsonForm(value))}\n`);
  return `${JSON.stringify(key)} in ${target}`;
}

/** What a file became: under which key, and of an image file how many images. */
interface Put {
  readonly key: StoreKey;
  readonly images?: number;
}

/** Keeps what a file holds. */
export async function putFile(
  dictionary: StoreDictionary,
  key: StoreKey,
  source: string,
  signal: AbortSignal,
): Promise<Put> {
  if (IMAGE_FILES.has(extname(source).toLowerCase())) return putImages(dictionary, key, source, signal);
  const bytes = await readFile(source).catch((cause) => {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${source}: ${cause.message}`, { path: source, cause });
  });
  if (key === -1) throw new ArgumentError("INVALID_ARGUMENT", "Only images are added with -1; say a key");
  await dictionary.set(key, source.endsWith(".json") ? parsed(source, bytes) : new Uint8Array(bytes), { signal });
  return { key };
}

/** A file of several images takes the numbers from `key` on; all of its images are kept, or none. */
async function putImages(
  dictionary: StoreDictionary,
  key: StoreKey,
  source: string,
  signal: AbortSignal,
): Promise<Put> {
  const { imageCount, readImage } = await import("../../../store/index.js");
  const count = await imageCount(source);
  if (typeof key === "number") {
    const keys = await dictionary.setImages(key, imagesOf(source, count, signal), { signal });
    return { key: keys.at(-1) ?? key, images: count };
  }
  if (count !== 1) {
    throw new ArgumentError("INVALID_ARGUMENT", `${source} has ${count} images: give a number, or -1, as the key`);
  }
  await dictionary.setImage(key, await readImage(source, 0, { signal }), { signal });
  return { key, images: count };
}

/** So many bytes of pixels, and so many images, are read at once: each reading opens the file. */
const READ_BYTES = 16 * 1024 * 1024;
const READ_IMAGES = 64;

async function* imagesOf(source: string, count: number, signal: AbortSignal): AsyncGenerator<StoredImage> {
  const { readImages } = await import("../../../store/index.js");
  let [next, size] = [0, 1];
  while (next < count) {
    const numbers = Array.from({ length: Math.min(size, count - next) }, (_, index) => next + index);
    const images = await readImages(source, numbers, { signal });
    yield* images;
    next += images.length;
    const largest = Math.max(...images.map(({ data }) => data.byteLength));
    size = Math.min(Math.max(1, Math.floor(READ_BYTES / largest)), READ_IMAGES);
  }
}

function parsed(path: string, bytes: Uint8Array) {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${path} is no JSON: ${(cause as Error).message}`, { path, cause });
  }
}

async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { flag: "wx" }).catch((cause) => {
    throw new FileError("CANNOT_WRITE_FILE", `Cannot write ${path}: ${cause.message}`, { path, cause });
  });
}

function isImage(value: unknown): value is StoredImage {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value && "header" in value;
}

/** A value as JSON can show it: bigints as texts, maps as lists of pairs, numbers that are none as texts; an image as its header. */
function jsonForm(value: unknown): unknown {
  if (isImage(value)) return { shape: value.shape, header: jsonForm(value.header) };
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  if (value instanceof Map) return [...value].map(jsonForm);
  if (value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return [...(value as Iterable<unknown>)].map(jsonForm);
  }
  if (Array.isArray(value)) return value.map(jsonForm);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonForm(item)]));
}
