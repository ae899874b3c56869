/**
 * MRC2014, the format of electron microscopy: a header of 1,024 bytes, then planes of pixels. A file of planes that are
 * images of their own is a stack; any other holds one volume.
 */
import { type FileHandle, open } from "node:fs/promises";
import { ArgumentError, DataError, FileError, throwIfAborted } from "../../errors.js";
import { fillFromFile } from "../../flow/files/fill-from-file.js";
import { writeAll } from "../../flow/files/write-all.js";
import type { NewImage } from "../images/image.js";
import { byteView } from "../images/pixels.js";
import { type ImageFileFormat, malformedImage, noImage } from "./format.js";
import {
  HEADER_BYTES,
  type MrcHeader,
  mrcHeader,
  mrcMode,
  mrcPixels,
  parseMrcHeader,
  UNKNOWN_STATISTICS,
  writeStatistics,
} from "./mrc-header.js";
import { writeWhole } from "./whole-file.js";

export const mrc: ImageFileFormat = {
  name: "MRC",
  extensions: [".mrc", ".mrcs", ".map", ".st", ".ali", ".rec"],
  recognizes: (start) => Buffer.from(start.subarray(208, 212)).toString("latin1").startsWith("MAP"),
  async count(path) {
    await using file = await openedMrc(path, "r");
    return file.header.images;
  },
  async read(path, numbers, { signal }) {
    await using file = await openedMrc(path, "r");
    const images: NewImage[] = [];
    for (const n of numbers) {
      throwIfAborted(signal, "reading an MRC file");
      if (n >= file.header.images) throw noImage(path, n, file.header.images);
      images.push(await readOne(file, path, n));
    }
    return images;
  },
  async write(path, images, first, { signal }) {
    throwIfAborted(signal, "writing an MRC file");
    const isNew = await open(path, "r").then(
      (file) => file.close().then(() => false),
      () => true,
    );
    if (!isNew && (first !== 0 || (await this.count(path)) > images.length)) return writeInto(path, images, first);
    if (first > 0) throw noImage(path, first, 0);
    const stack = isStack(path, images);
    checkEqual(path, images);
    const header = mrcHeader(images, stack);
    await writeWhole(path, [header, ...images.map((image) => pixelsAsStored(image))]);
    return 0;
  },
};

interface OpenMrc extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly header: MrcHeader;
}

async function openedMrc(path: string, flags: "r" | "r+"): Promise<OpenMrc> {
  const handle = await open(path, flags).catch((cause) => {
    throw new FileError("CANNOT_READ_FILE", `Cannot read ${path}: ${cause.message}`, { path, cause });
  });
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(HEADER_BYTES);
    const { bytesRead } = await handle.read(bytes, 0, HEADER_BYTES, 0);
    const header = parseMrcHeader(path, bytes.subarray(0, bytesRead), size);
    return { handle, header, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readOne({ handle, header }: OpenMrc, path: string, n: number): Promise<NewImage> {
  const stored = new Uint8Array(header.imageBytes);
  const start = header.dataStart + n * header.imageBytes;
  const found = await fillFromFile(handle, stored, start);
  if (found < stored.length) throw malformedImage(path, `it ends before the end of image ${n}`);
  return { data: mrcPixels(header, stored), shape: header.shape, header: header.attributes };
}

/** Pixels first and the header at the end: what is cut off in between leaves the file as it was, but for the pixels replaced. */
async function writeInto(path: string, images: readonly NewImage[], first: number): Promise<number> {
  await using file = await openedMrc(path, "r+");
  const { handle, header } = file;
  const n = first === -1 ? header.images : first;
  if (n > header.images) throw noImage(path, n, header.images);
  checkFits(path, header, images);
  for (const [index, image] of images.entries()) {
    await writeAll(handle, pixelsAsStored(image), header.dataStart + (n + index) * header.imageBytes);
  }
  await handle.sync();
  await writeAll(handle, await changedHeader(handle, header, Math.max(header.images, n + images.length)), 0);
  await handle.sync();
  return n;
}

/** With another number of images, and no statistics: those there may be are of other pixels. */
async function changedHeader(handle: FileHandle, { shape, attributes }: MrcHeader, images: number): Promise<Buffer> {
  const bytes = Buffer.alloc(HEADER_BYTES);
  await handle.read(bytes, 0, HEADER_BYTES, 0);
  const planes = shape.length < 3 ? 1 : shape[0]!;
  const nz = images * planes;
  if (nz > MOST_PLANES) throw new DataError("LIMIT_EXCEEDED", `An MRC file has at most ${MOST_PLANES} planes`);
  if (bytes.readInt32LE(8) !== nz) {
    bytes.writeInt32LE(nz, 8);
    bytes.writeInt32LE(planes, 36); // mz
    bytes.writeFloatLE(planes * Number(attributes.apix_z), 48); // cella.z
  }
  writeStatistics(bytes, UNKNOWN_STATISTICS);
  return bytes;
}

const MOST_PLANES = 2 ** 31 - 1;

function isStack(path: string, images: readonly NewImage[]): boolean {
  return images.length > 1 || /\.mrcs$/i.test(path);
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function checkEqual(path: string, images: readonly NewImage[]): void {
  const [first] = images as [NewImage];
  const key = (image: NewImage) => `${image.shape.join(" x ")} of mode ${mrcMode(image)}`;
  const other = images.find((image) => key(image) !== key(first));
  if (other === undefined) return;
  const message = `All images of an MRC stack are alike: ${path} has ${key(first)}, and was to take ${key(other)}`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { path });
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
function checkFits(path: string, header: MrcHeader, images: readonly NewImage[]): void {
  const refuse = (message: string) => new ArgumentError("INVALID_ARGUMENT", message, { path });
  if (!header.isStack) throw refuse(`${path} holds one volume, to which no image can be added`);
  checkEqual(path, images);
  const [image] = images as [NewImage];
  const isAlike = mrcMode(image) === header.mode && (header.mode !== 0 || header.type === "int8");
  if (!isAlike || planesOf(image.shape) !== planesOf(header.shape)) {
    const held = `${header.shape.join(" x ")} of mode ${header.mode}`;
    const given = `${image.shape.join(" x ")} of mode ${mrcMode(image)}`;
    throw refuse(`All images of an MRC stack are alike: ${path} has ${held}, and was to take ${given}`);
  }
  if (header.swapped) throw refuse(`${path} was written in the other byte order; write a new file`);
}

/** Planes, rows and columns. */
function planesOf(shape: readonly number[]): string {
  return [...Array<number>(Math.max(3 - shape.length, 0)).fill(1), ...shape].join(" x ");
}

/** MRC has no unsigned bytes: they are kept as 16 bits. */
function pixelsAsStored({ data }: NewImage): Uint8Array {
  return byteView(data instanceof Uint8Array ? new Uint16Array(data) : data);
}
