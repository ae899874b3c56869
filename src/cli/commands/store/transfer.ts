/** Files into a store. */
import { access, readFile } from "node:fs/promises";
import { ArgumentError, DataError, FileError } from "../../../errors.js";
import { parseExactJson } from "../../../formats/json/exact-json.js";
import type { Storable, StoreDictionary, StoredImage, StoreKey } from "../../../store/index.js";
import { allBatches } from "../../local-rows.js";
import { sourceAt } from "../../naming/source.js";
import { openedRows } from "./rows.js";

/** What a file became: under which key; of an image file how many images, of a table how many rows. */
interface Put {
  readonly key: StoreKey;
  readonly images?: number;
  readonly rows?: number;
}

/** Keeps the rows of a file as a table. */
export async function putTable(
  dictionary: StoreDictionary,
  key: StoreKey,
  source: string,
  signal: AbortSignal,
): Promise<Put> {
  if (key === -1) throw onlyImages();
  let rows = 0;
  await openedRows(await sourceAt(source), signal, async (opened) => {
    const counted = async function* () {
      for await (const batch of allBatches(opened, signal)) {
        rows += batch.rowCount;
        yield batch;
      }
    };
    await dictionary.setTable(key, counted(), { signal });
  });
  return { key, rows };
}

/** Keeps what a file holds. */
export async function putFile(
  dictionary: StoreDictionary,
  key: StoreKey,
  source: string,
  signal: AbortSignal,
): Promise<Put> {
  const { isImageFile } = await import("../../../store/index.js");
  if (isImageFile(source)) return putImages(dictionary, key, source, signal);
  const bytes = await readFile(source).catch((cause) => {
    throw cannotRead(source, cause);
  });
  if (key === -1) throw onlyImages();
  await dictionary.set(key, source.endsWith(".json") ? parsed(source, bytes) : new Uint8Array(bytes), { signal });
  return { key };
}

/** Looked at before a store is made for it. @throws FileError `CANNOT_READ_FILE` */
export async function checkThere(source: string): Promise<void> {
  if (source === "-") return;
  await access(source).catch((cause) => {
    throw cannotRead(source, cause);
  });
}

function cannotRead(path: string, cause: Error): FileError {
  return new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${cause.message}`, { path, cause });
}

function onlyImages(): ArgumentError {
  return new ArgumentError("INVALID_ARGUMENT", "Only images are added with -1; say a key");
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
    const advice = count === 0 ? "there is none to keep" : "give a number, or -1, as the key";
    throw new ArgumentError("INVALID_ARGUMENT", `${source} has ${count} images: ${advice}`);
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
    return parseExactJson(Buffer.from(bytes).toString(), exactInteger) as NonNullable<Storable>;
  } catch (cause) {
    throw new DataError("MALFORMED_FILE", `${path} is no JSON: ${(cause as Error).message}`, { path, cause });
  }
}

function exactInteger(digits: string): number | bigint {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}
