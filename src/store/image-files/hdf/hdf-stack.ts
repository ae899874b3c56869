/**
 * Stacks of images in HDF5 as EMAN2 lays them out: image `n` is the dataset `/MDF/images/n/image`, its attributes those of
 * the group around it, and `/MDF/images` says in `imageid_max` which is the last.
 */
import { constants, existsSync } from "node:fs";
import { copyFile, open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { throwIfAborted } from "../../../errors.js";
import { cannotWrite, finalPath, giveName, PART_MODE } from "../../../flow/files/target-file.js";
import type { NewImage } from "../../images/image.js";
import { type ImageFileFormat, malformedImage, noImage, type WriteImageOptions } from "../format.js";
import { readStackImage } from "./hdf-image-reader.js";
import { writeStackImage } from "./hdf-image-writer.js";
import { type Hdf, type HdfFile, hdfLibrary, IMAGES } from "./hdf-library.js";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const hdfStack: ImageFileFormat = {
  name: "HDF5",
  extensions: [".hdf", ".h5", ".hdf5"],
  recognizes: (start) => SIGNATURE.every((byte, index) => start[index] === byte),
  count: (path) => reading(path, (file) => imageCount(file)),
  read: (path, numbers, { signal }) =>
    reading(path, (file) => {
      const count = imageCount(file);
      return numbers.map((n) => {
        throwIfAborted(signal, "reading a stack");
        if (n >= count) throw noImage(path, n, count);
        return readStackImage(path, file, n);
      });
    }),
  async write(path, images, first, options) {
    const before = existsSync(path) ? await this.count(path) : 0;
    const n = first === -1 ? before : first;
    // A dataset cannot be taken out of a file: where one is replaced, all are written again.
    const kept =
      n < before
        ? await this.read(
            path,
            Array.from({ length: before }, (_, number) => number),
            {},
          )
        : [];
    const replaced = n < before ? [...kept.slice(0, n), ...images, ...kept.slice(n + images.length)] : images;
    await writeAside(path, n >= before && before > 0, (file) => addImages(file, replaced, n < before ? 0 : n, options));
    return n;
  },
};

/** The number after the last image's. @throws DataError `MALFORMED_FILE` */
function imageCount(file: HdfFile): number {
  const group = file.get(IMAGES);
  if (group === null || !("create_dataset" in group))
    throw new Error("it has no group /MDF/images, so it is no stack of EMAN2");
  return lastImage(group as InstanceType<Hdf["Group"]>) + 1;
}

/** -1 where there is none. */
function lastImage(group: InstanceType<Hdf["Group"]>): number {
  const [last] = [(group.attrs.imageid_max?.value ?? -1) as number | number[] | Int32Array].flat() as (
    | number
    | Int32Array
  )[];
  const number = Number(ArrayBuffer.isView(last) ? last[0] : last);
  if (Number.isSafeInteger(number) && number >= -1) return number;
  throw new Error("its number of images is none");
}

async function reading<T>(path: string, use: (file: HdfFile) => T): Promise<T> {
  const hdf = await hdfLibrary();
  return used(path, () => new hdf.File(path, "r"), use);
}

/** What the library throws becomes an error that names the file. */
function used<T>(path: string, opened: () => HdfFile, use: (file: HdfFile) => T): T {
  let file: HdfFile | undefined;
  try {
    file = opened();
    return use(file);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause) throw cause;
    const why = cause instanceof Error ? cause.message.split("\n")[0]! : "the HDF5 library fails";
    throw malformedImage(path, why, cause);
  } finally {
    if (file !== undefined) closeQuietly(file);
  }
}

function closeQuietly(file: HdfFile): void {
  try {
    file.close();
  } catch {
    // What is wrong with it was said already.
  }
}

function addImages(file: HdfFile, images: readonly NewImage[], first: number, options: WriteImageOptions): void {
  const group = imagesGroup(file);
  for (const [index, image] of images.entries()) {
    throwIfAborted(options.signal, "writing a stack");
    writeStackImage(group, first + index, image, options);
  }
  const before = lastImage(group);
  if (Object.hasOwn(group.attrs, "imageid_max")) group.delete_attribute("imageid_max");
  group.create_attribute("imageid_max", [Math.max(before, first + images.length - 1)], [1], "<i");
}

function imagesGroup(file: HdfFile): InstanceType<Hdf["Group"]> {
  const found = file.get(IMAGES);
  if (found !== null) return found as InstanceType<Hdf["Group"]>;
  return file.create_group("MDF").create_group("images");
}

/** The library writes into files in place, and one that is cut off in between is lost: it is given a copy, which gets the name at the end. */
async function writeAside(path: string, extend: boolean, use: (file: HdfFile) => void): Promise<void> {
  const hdf = await hdfLibrary();
  const target = await finalPath(path, true);
  const part = join(dirname(target), `.${basename(target)}.${process.pid}.${Date.now()}.part`);
  try {
    if (extend) await copyFile(target, part, constants.COPYFILE_FICLONE);
    else await (await open(part, "wx", PART_MODE)).close();
    used(path, () => new hdf.File(part, extend ? "a" : "w"), use);
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
