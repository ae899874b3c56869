/**
 * Stacks of images in HDF5 as EMAN2 lays them out: image `n` is the dataset `/MDF/images/n/image`, its attributes those of
 * the group around it, and `/MDF/images` says in `imageid_max` which is the last.
 */
import { constants, existsSync } from "node:fs";
import { copyFile, open, rm, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../../../errors.js";
import { cannotWrite, finalPath, giveName, PART_MODE, partPathOf } from "../../../flow/files/target-file.js";
import type { NewImage } from "../../images/image.js";
import { type ImageFileFormat, malformedImage, noImage, type WriteImageOptions } from "../format.js";
import type { HdfAttributeObject } from "./hdf-attribute-values.js";
import { copiedAttribute, copyStackImage } from "./hdf-image-copy.js";
import { hasStackImage, readStackImage } from "./hdf-image-reader.js";
import { putAttribute, writeStackImage } from "./hdf-image-writer.js";
import { type Hdf, type HdfFile, type HdfGroup, hdfLibrary, IMAGES, type OpenStack } from "./hdf-library.js";
import { isOldStack, oldImageCount } from "./old-stack.js";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const LAST = "imageid_max";

export const hdfStack: ImageFileFormat = {
  name: "HDF5",
  extensions: [".hdf", ".h5", ".hdf5"],
  recognizes: (start) => SIGNATURE.every((byte, index) => start[index] === byte),
  count: (path) => reading(path, imageCount),
  read: (path, numbers, { signal }) =>
    reading(path, async (stack) => {
      const count = imageCount(stack);
      const images: NewImage[] = [];
      for (const n of numbers) {
        await pause(signal, "reading a stack");
        if (n >= count) throw noImage(path, n, count);
        images.push(readStackImage(stack, n));
      }
      return images;
    }),
  async write(path, images, first, options) {
    const before = existsSync(path) ? await appendable(path) : { count: 0, numbers: new Set<number>() };
    const n = first === -1 ? before.count : first;
    const written = images.map((_, index) => n + index);
    const isReplacing = written.some((number) => before.numbers.has(number));
    if (isReplacing) await replaceImages(path, images, n, options);
    else await writeAside(path, before.count > 0, (file) => addImages(file, images, n, options));
    return n;
  },
};

/** Others have their turn between two images. @throws AbortError */
async function pause(signal: AbortSignal | undefined, label: string): Promise<void> {
  await setImmediate();
  throwIfAborted(signal, label);
}

/** The number after the last image's. @throws Error */
function imageCount({ file, size }: OpenStack): number {
  if (isOldStack(file)) return oldImageCount(file);
  const count = lastImage(existingGroup(file)) + 1;
  if (count <= Math.max(size, LIKELY_IMAGES)) return count;
  throw new Error(`it says that its last image is ${count - 1}, which it has no bytes for`);
}

/** Numbers may have gaps: a small file may say that it has so many. */
const LIKELY_IMAGES = 1_000_000;

/** @throws Error where a file is no stack */
function existingGroup(file: HdfFile): HdfGroup {
  const group = file.get(IMAGES);
  if (group !== null && "create_dataset" in group) return group as HdfGroup;
  throw new Error("it has no group /MDF/images, so it is no stack of EMAN2");
}

/** -1 where there is none. */
function lastImage(group: HdfGroup): number {
  const stated = group.attrs[LAST]?.value as number | Int32Array | undefined;
  if (stated === undefined) return Math.max(-1, ...imageNumbers(group));
  const number = Number(ArrayBuffer.isView(stated) ? stated[0] : stated);
  if (Number.isSafeInteger(number) && number >= -1) return number;
  throw new Error("its number of images is none");
}

/** Those that are there: the numbers of a stack may have gaps. */
function imageNumbers(group: HdfGroup): number[] {
  return group
    .keys()
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What is in a file to which images are to be added. @throws DataError `MALFORMED_FILE` */
function appendable(path: string): Promise<{ readonly count: number; readonly numbers: ReadonlySet<number> }> {
  return reading(path, (stack) => {
    const { file } = stack;
    if (isOldStack(file)) throw new Error("it is a stack of EMAN1, which is only read; write to a new file");
    return { count: imageCount(stack), numbers: new Set(imageNumbers(existingGroup(file))) };
  });
}

async function reading<T>(path: string, use: (stack: OpenStack) => T | Promise<T>): Promise<T> {
  const hdf = await hdfLibrary();
  const { size } = await stat(path);
  const failed = (why: string, cause: unknown) => malformedImage(path, why, cause);
  return used(
    () => new hdf.File(path, "r"),
    (file) => use({ path, file, size }),
    failed,
  );
}

/** What the library throws becomes an error that names the file. */
async function used<T>(
  opened: () => HdfFile,
  use: (file: HdfFile) => T | Promise<T>,
  failed: (why: string, cause: unknown) => Error,
): Promise<T> {
  let file: HdfFile | undefined;
  try {
    file = opened();
    return await use(file);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw cause;
    throw failed(reasonOf(cause), cause);
  } finally {
    if (file !== undefined) closeQuietly(file);
  }
}

/** The library tells what failed, and what failed within that, a line each: the last is the reason. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "the HDF5 library fails";
  if (cause.message.startsWith("Aborted(")) return "HDF5 finds it damaged";
  const reasons = [...cause.message.matchAll(/^ *#\d+: .*\(\): (.*)$/gm)];
  const [, reason = cause.message.split("\n")[0]!] = reasons.at(-1) ?? [];
  return reasons.length > 0 ? `HDF5 finds it damaged (${reason})` : reason;
}

function closeQuietly(file: HdfFile): void {
  try {
    file.close();
  } catch {
    // What is wrong with it was said already.
  }
}

async function addImages(
  file: HdfFile,
  images: readonly NewImage[],
  first: number,
  { signal, ...options }: WriteImageOptions,
): Promise<void> {
  const group = imagesGroup(file);
  for (const [index, image] of images.entries()) {
    await pause(signal, "writing a stack");
    writeStackImage(group, first + index, image, options);
  }
  noteLast(group, Math.max(lastImage(group), first + images.length - 1));
}

function noteLast(group: HdfGroup, last: number): void {
  if (Object.hasOwn(group.attrs, LAST)) group.delete_attribute(LAST);
  group.create_attribute(LAST, [last], [1], "<i");
}

/** A dataset cannot be taken out of a file: all that stay are carried over to another, as they are. */
async function replaceImages(
  path: string,
  images: readonly NewImage[],
  first: number,
  options: WriteImageOptions,
): Promise<void> {
  await reading(path, (stack) =>
    writeAside(path, false, async (file) => {
      const [from, group] = [existingGroup(stack.file), imagesGroup(file)];
      for (const n of imageNumbers(from)) {
        await pause(options.signal, "writing a stack");
        if ((n < first || n >= first + images.length) && hasStackImage(stack.file, n)) copyStackImage(stack, group, n);
      }
      for (const [name, attribute] of Object.entries(from.attrs)) {
        const copied = copiedAttribute(path, name, attribute as unknown as HdfAttributeObject);
        if (name !== LAST) putAttribute(group, copied);
      }
      noteLast(group, lastImage(from));
      await addImages(file, images, first, options);
    }),
  );
}

function imagesGroup(file: HdfFile): HdfGroup {
  const found = file.get(IMAGES);
  if (found !== null) return found as HdfGroup;
  return file.create_group("MDF").create_group("images");
}

/** The library writes into files in place, and one that is cut off in between is lost: it is given a copy, which gets the name at the end. */
async function writeAside(path: string, extend: boolean, use: (file: HdfFile) => Promise<void>): Promise<void> {
  const hdf: Hdf = await hdfLibrary();
  const target = await finalPath(path, true);
  const part = partPathOf(target);
  try {
    if (extend) await copyFile(target, part, constants.COPYFILE_FICLONE);
    else await (await open(part, "wx", PART_MODE)).close();
    const failed = (why: string, cause: unknown) => cannotWrite(path, new Error(why, { cause }));
    await used(() => new hdf.File(part, extend ? "a" : "w"), use, failed);
    await synced(part);
    await giveName(part, target, true);
  } catch (error) {
    throw error instanceof Error && "syscall" in error ? cannotWrite(path, error) : error;
  } finally {
    await rm(part, { force: true });
  }
}

async function synced(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}
