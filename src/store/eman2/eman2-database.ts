/**
 * A database as EMAN2 kept it until 2022: headers and values pickled in a Berkeley DB file, and beside it one flat file of
 * float32 pixels for each size of image.
 */
import { dirname, isAbsolute, join } from "node:path";
import { DataError } from "../../errors.js";
import type { StoreKey } from "../dictionary/keys.js";
import { readImage } from "../image-files/image-files.js";
import type { ImageHeader, NewImage } from "../images/image.js";
import type { Storable } from "../records/storable.js";
import { BerkeleyFile, type Pair } from "./berkeley-db.js";
import { likelierPixels } from "./byte-order.js";
import { FlatFiles } from "./flat-files.js";
import { plainValue } from "./plain-value.js";
import { unpickle } from "./unpickle.js";

/** An entry, or why it could not be read. */
export type Eman2Entry =
  | { readonly key: StoreKey; readonly value: NewImage | Storable }
  | { readonly key: string; readonly failure: Error };

/** EMAN2's own entries: the highest number, and for each size of image how many places are taken. */
const RESERVED = /^(maxrec|\d+x\d+x\d+)$/;
/** Key of the place of an image's pixels: the size, then the pickled key. */
const PLACE = /^(\d+x\d+x\d+)(?=\x80)/;

export class Eman2Database {
  readonly #file: BerkeleyFile;
  readonly #name: string;
  /** Places by size and pickled key. */
  readonly #places = new Map<string, number>();
  /** The same by size and key: versions of Python pickle a text differently. */
  readonly #placesOfKeys = new Map<string, number>();

  private constructor(file: BerkeleyFile, name: string) {
    this.#file = file;
    this.#name = name;
  }

  /** @throws FileError `CANNOT_READ_FILE`; DataError `MALFORMED_FILE` */
  static async open(path: string, name: string): Promise<Eman2Database> {
    const database = new Eman2Database(await BerkeleyFile.open(path), name);
    for (const { key, value } of database.#file.entries(name)) {
      if (PLACE.test(latin1(key))) database.#notePlace(key, value);
    }
    return database;
  }

  /** An image whose place cannot be read is told of when it is its turn. */
  #notePlace(name: Uint8Array, pickled: Uint8Array): void {
    try {
      const place = Number(unpickle(pickled));
      this.#places.set(latin1(name), place);
      const [size] = PLACE.exec(latin1(name))!;
      this.#placesOfKeys.set(size + keyName(unpickle(name.subarray(size.length))), place);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }

  async *entries(): AsyncGenerator<Eman2Entry, void, undefined> {
    await using files = new FlatFiles();
    for (const pair of this.#file.entries(this.#name)) {
      if (PLACE.test(latin1(pair.key))) continue;
      const entry = await this.#entry(pair, files);
      if (entry !== undefined) yield entry;
    }
  }

  async #entry(pair: Pair, files: FlatFiles): Promise<Eman2Entry | undefined> {
    try {
      const key = asKey(unpickle(pair.key));
      if (typeof key === "string" && RESERVED.test(key)) return undefined;
      const value = unpickle(pair.value);
      return { key, value: isHeader(value) ? await this.#image(pair.key, value, files) : plainValue(value) };
    } catch (error) {
      return { key: printable(pair.key), failure: error as Error };
    }
  }

  async #image(pickledKey: Uint8Array, fields: ReadonlyMap<Storable, Storable>, files: FlatFiles): Promise<NewImage> {
    const { data_path: elsewhere, ...header } = plainValue(fields) as Record<string, Storable>;
    const [nx, ny, nz] = ["nx", "ny", "nz"].map((name) => Number(header[name])) as [number, number, number];
    const shape = nz > 1 ? [nz, ny, nx] : ny > 1 ? [ny, nx] : [nx];
    const length = nx * ny * nz;
    if (!Number.isSafeInteger(length) || length < 1)
      throw new DataError("MALFORMED_FILE", "an image has an impossible size");
    const size = `${nx}x${ny}x${nz}`;
    if (typeof elsewhere === "string" && elsewhere.endsWith(".mrcs")) return this.#imageOfStack(elsewhere, header);
    const [path, position] =
      typeof elsewhere === "string" ? this.#elsewhere(elsewhere) : this.#place(size, pickledKey, length);
    const bytes = await files.read(path, position, length * 4);
    return { data: this.#pixels(bytes, header), shape, header: header as ImageHeader };
  }

  /** Machines that keep the higher byte first kept pixels so, too; a file may have been made for such a one on another. */
  #pixels(bytes: Uint8Array, header: ImageHeader): Float32Array {
    const pixels = new Float32Array(bytes.buffer);
    if (this.#file.littleEndian) return pixels;
    const swapped = bytes.slice();
    Buffer.from(swapped.buffer).swap32();
    return likelierPixels(new Float32Array(swapped.buffer), pixels, header);
  }

  /** What RELION's particles were taken over as: a file, and which image of it. */
  async #imageOfStack(path: string, header: ImageHeader): Promise<NewImage> {
    const { data, shape } = await readImage(this.#absolute(path), Number(header.ptcl_source_coord_id));
    return { data, shape, header };
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : join(dirname(this.#file.path), path);
  }

  #place(size: string, pickledKey: Uint8Array, length: number): [string, number] {
    const place =
      this.#places.get(size + latin1(pickledKey)) ?? this.#placesOfKeys.get(size + keyName(unpickle(pickledKey)));
    if (!Number.isSafeInteger(place) || place! < 0)
      throw new DataError("MALFORMED_FILE", `no place is noted for an image of ${size}`);
    return [join(dirname(this.#file.path), `${this.#name}_${size}`), place! * 4 * length];
  }

  /** Pixels of a virtual stack: `file*offset`. */
  #elsewhere(location: string): [string, number] {
    const [path, offset] = location.split("*") as [string, string?];
    const position = Number(offset);
    if (!Number.isSafeInteger(position) || position < 0)
      throw new DataError("MALFORMED_FILE", "an image's data_path is none");
    return [this.#absolute(path), position];
  }
}

function isHeader(value: Storable): value is ReadonlyMap<Storable, Storable> {
  return value instanceof Map && value.has("is_complex_x") && value.has("nx");
}

function asKey(key: Storable): StoreKey {
  if (typeof key === "string" || (typeof key === "number" && Number.isSafeInteger(key) && key >= 0)) return key;
  throw new DataError("UNSUPPORTED_TYPE", "its key is neither a text nor a whole number from 0");
}

/** Names a key, whichever way it was pickled. */
function keyName(key: Storable): string {
  return `${typeof key} ${String(key)}`;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

function printable(key: Uint8Array): string {
  return latin1(key).replace(/[^\x20-\x7e]/g, "");
}
