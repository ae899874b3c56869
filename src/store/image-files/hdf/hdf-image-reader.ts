/** An image of an EMAN2 stack. */
import { statSync } from "node:fs";
import type { ImageHeader, NewImage } from "../../images/image.js";
import { pixelType } from "../../images/pixels.js";
import type { Storable } from "../../records/storable.js";
import { malformedImage } from "../format.js";
import { COMPLEX_FLAGS, imageAttributeValue, PREFIX } from "./hdf-attributes.js";
import { type HdfFile, IMAGES } from "./hdf-library.js";

/** What EMAN2 writes beside the attributes that people set. */
const ITS_OWN = new Set(["stored_rendermin", "stored_rendermax", "stored_renderbits", "stored_truncated", "datatype"]);

/** @throws DataError `MALFORMED_FILE` where there is none of this number, or it is damaged */
export function readStackImage(path: string, file: HdfFile, n: number): NewImage {
  const group = file.get(`${IMAGES}/${n}`);
  const dataset = file.get(`${IMAGES}/${n}/image`);
  if (group === null || dataset === null || !("value" in dataset)) {
    throw malformedImage(path, `image ${n} does not exist: the numbers of its images have a gap`);
  }
  checkDeclared(path, n, (dataset as unknown as HdfObject).metadata);
  const all = readAttributes(group as unknown as HdfObject);
  const shape = ((dataset as unknown as HdfObject).shape ?? []).map(Number);
  const stored = (dataset as unknown as { value: unknown }).value;
  if (pixelType(stored) === undefined || shape.length < 1 || shape.length > 3) {
    throw malformedImage(path, `image ${n} has no pixels that can be read`);
  }
  const data = restored(stored as NewImage["data"], all);
  const isComplex = Number(all.is_complex ?? 0) !== 0;
  const isKept = (name: string) => !ITS_OWN.has(name) && (isComplex || !COMPLEX_FLAGS.has(name));
  const header = Object.fromEntries(Object.entries(all).filter(([name]) => isKept(name)));
  return { data, shape, header };
}

/** Compressed bytes stand for no more than so many. */
const LARGEST_RATIO = 1032;

/** A file may declare more pixels than there is memory: no more are read than its bytes can stand for. */
function checkDeclared(path: string, n: number, metadata: HdfMetadata | undefined): void {
  const { shape, size = 0, chunks } = metadata ?? {};
  const bytes = (shape ?? []).reduce<number>((product, length) => product * Number(length), size);
  const most = statSync(path).size * (chunks ? LARGEST_RATIO : 1);
  if (bytes > most) throw malformedImage(path, `image ${n} has fewer bytes than its size needs`);
}

interface HdfMetadata {
  readonly shape?: readonly (number | bigint)[] | null;
  /** Bytes of an element. */
  readonly size?: number;
  readonly chunks?: readonly number[] | null;
}

interface HdfObject {
  readonly metadata?: HdfMetadata;
  readonly attrs: Record<string, { readonly value: unknown; readonly dtype: unknown }>;
  readonly shape?: readonly (number | bigint)[] | null;
}

function readAttributes({ attrs }: HdfObject): ImageHeader {
  const own = Object.entries(attrs).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(
    own.map(([name, { value, dtype }]): [string, Storable] => [
      name.slice(PREFIX.length),
      imageAttributeValue(value, dtype),
    ]),
  );
}

/** Pixels that were spread over a range of bits, between the limits the header tells. */
function restored(data: NewImage["data"], header: ImageHeader): NewImage["data"] {
  const { stored_renderbits: bits, stored_rendermin: low, stored_rendermax: high } = header;
  if (typeof bits !== "number" || bits < 1 || typeof low !== "number" || typeof high !== "number") return data;
  const step = (high - low) / (2 ** bits - 1);
  return Float32Array.from(data as Uint8Array, (value) => value * step + low);
}
