/** An image of an EMAN2 stack. */
import { DataError } from "../../../errors.js";
import type { ImageHeader, NewImage } from "../../images/image.js";
import { pixelType } from "../../images/pixels.js";
import type { Storable } from "../../records/storable.js";
import { malformedImage } from "../format.js";
import { type HdfAttributeObject, headerValue } from "./hdf-attribute-values.js";
import { COMPLEX_FLAGS, PREFIX } from "./hdf-attributes.js";
import { type HdfFile, IMAGES, type OpenStack } from "./hdf-library.js";
import { isOldStack, oldShape } from "./old-stack.js";

/** What EMAN2 writes of how the pixels are kept. */
const OF_STORAGE = new Set([
  "stored_rendermin",
  "stored_rendermax",
  "stored_renderbits",
  "stored_truncated",
  "datatype",
]);

/** Pixels as they are in the file, and what belongs to them. */
export interface StackImage {
  readonly data: NewImage["data"];
  readonly shape: readonly number[];
  readonly attributes: Readonly<Record<string, HdfAttributeObject>>;
  readonly chunks: readonly number[] | null;
}

/** @throws DataError `MALFORMED_FILE` where there is none of this number, or it is damaged; `UNSUPPORTED_TYPE` */
export function readStackImage(stack: OpenStack, n: number): NewImage {
  const { data, shape, attributes } = storedStackImage(stack, n);
  const all = headerOf(attributes);
  const isComplex = Number(all.is_complex ?? 0) !== 0;
  const isKept = (name: string) => !OF_STORAGE.has(name) && (isComplex || !COMPLEX_FLAGS.has(name));
  const header = Object.fromEntries(Object.entries(all).filter(([name]) => isKept(name)));
  if (isOldStack(stack.file)) return { data, shape: oldShape(shape, header), header };
  return { data: restored(data, all), shape, header };
}

/** @throws DataError as {@link readStackImage} */
export function storedStackImage({ path, file, size }: OpenStack, n: number): StackImage {
  const old = isOldStack(file);
  const dataset = file.get(old ? `/${n}` : `${IMAGES}/${n}/image`) as unknown as HdfDataset | null;
  const group = old ? dataset : (file.get(`${IMAGES}/${n}`) as unknown as HdfAttributes | null);
  if (group === null || dataset === null || !("metadata" in dataset)) {
    throw malformedImage(path, `image ${n} does not exist: the numbers of its images have a gap`);
  }
  checkDeclared(path, n, dataset.metadata, size);
  const shape = (dataset.metadata.shape ?? []).map(Number);
  const data = dataset.value;
  if (pixelType(data) === undefined || shape.length < 1 || shape.length > 3 || (data as Uint8Array).length === 0) {
    throw malformedImage(path, `image ${n} has no pixels that can be read`);
  }
  const { chunks = null } = dataset.metadata;
  return { data: data as NewImage["data"], shape, attributes: group.attrs, chunks };
}

/** Whether there is an image of a number. */
export function hasStackImage(file: HdfFile, n: number): boolean {
  return file.get(`${IMAGES}/${n}`) !== null;
}

/** Compressed bytes stand for no more than so many. */
const LARGEST_RATIO = 1032;
/** So many are read in any case: pixels that were never written have no bytes. */
const HARMLESS_BYTES = 2 ** 26;
const FLOAT = 1;

/** A file may declare more pixels than there is memory: no more are read than its bytes can stand for. */
function checkDeclared(path: string, n: number, metadata: HdfMetadata, fileSize: number): void {
  const { shape, size = 0, chunks, type } = metadata;
  if (type === FLOAT && size !== 4 && size !== 8) {
    throw new DataError("UNSUPPORTED_TYPE", `${path} has pixels of float${size * 8}, which are not read`, { path });
  }
  const bytes = (shape ?? []).reduce<number>((product, length) => product * Number(length), size);
  const most = Math.max(fileSize * (chunks ? LARGEST_RATIO : 1), HARMLESS_BYTES);
  if (bytes > most) throw malformedImage(path, `image ${n} has fewer bytes than its size needs`);
}

interface HdfMetadata {
  readonly type?: number;
  readonly shape?: readonly (number | bigint)[] | null;
  /** Bytes of an element. */
  readonly size?: number;
  readonly chunks?: readonly number[] | null;
}

interface HdfAttributes {
  readonly attrs: Readonly<Record<string, HdfAttributeObject>>;
}

interface HdfDataset extends HdfAttributes {
  readonly metadata: HdfMetadata;
  readonly value: unknown;
}

/** Names without EMAN2's prefix. Other programs' attributes have none. */
function headerOf(attributes: StackImage["attributes"]): ImageHeader {
  const values = Object.entries(attributes).map(([name, attribute]) => [name, headerValue(attribute)] as const);
  const known = values.filter((entry): entry is [string, Storable] => entry[1] !== undefined);
  const isOwn = ([name]: readonly [string, Storable]) => name.startsWith(PREFIX);
  const others = known.filter((entry) => !isOwn(entry));
  return Object.fromEntries([
    ...others,
    ...known.filter(isOwn).map(([name, value]) => [name.slice(PREFIX.length), value]),
  ]);
}

/** Pixels that were spread over a range of bits, between the limits the header tells. */
function restored(data: NewImage["data"], header: ImageHeader): NewImage["data"] {
  const { stored_renderbits: bits, stored_rendermin: low, stored_rendermax: high } = header;
  if (typeof bits !== "number" || bits < 1 || typeof low !== "number" || typeof high !== "number") return data;
  const step = (high - low) / (2 ** bits - 1);
  const pixels = new Float32Array(data.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = Number(data[at]) * step + low;
  return pixels;
}
