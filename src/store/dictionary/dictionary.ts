/** A dictionary of a store: a map of values, among them images, whose headers are read without their pixels, and tables. */
import type { ColumnBatch } from "../../columns/batch.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import {
  attributeOf,
  checkAttributeName,
  completedHeader,
  givenAttributes,
  someAttributes,
  withAttributes,
} from "../images/attributes.js";
import { hasPixels, type ImageHeader, type NewImage, type StoredImage } from "../images/image.js";
import type { ImageRegion } from "../images/region.js";
import { readRegion, writeRegion } from "../images/stored-pixels.js";
import type { Storable } from "../records/storable.js";
import { readStoredBatches, writeTable } from "./batches.js";
import { writeImageSeries } from "./image-series.js";
import { checkKey, checkNumberKey, type KeyRange, type StoreKey } from "./keys.js";
import { prepareImage, restoredImage } from "./prepare.js";
import { type EntrySummary, imageHead, missing, summary } from "./records.js";
import { type StoreCallOptions, ValueDictionary } from "./value-dictionary.js";

/** Which part of an image to read. */
export interface GetImageOptions extends StoreCallOptions {
  /** Only a part of it; what of that lies outside of the image is 0. */
  readonly region?: ImageRegion | undefined;
}

const GET_IMAGE_OPTIONS: OptionNames<GetImageOptions> = { region: true, signal: true };

/** A dictionary of a store: values, images and tables by integers or texts. */
export class StoreDictionary extends ValueDictionary {
  /** The number at which an image is appended: one more than the highest number that is a key, so that holes count. */
  get imageCount(): number {
    this.entriesOf.env.refresh();
    return this.entriesOf.nextIndex();
  }

  /**
   * Keeps an image under a key, or with -1 after the last number. Resolves to the key, when the image is kept.
   * Processes that append at once get different numbers.
   * @throws ArgumentError `INVALID_ARGUMENT`; StoreError; AbortError
   *
   * @example
   * const n = await dictionary.setImage(-1, { data: new Float32Array(4096), shape: [64, 64] });
   */
  async setImage<Key extends StoreKey>(key: Key, image: NewImage, { signal }: StoreCallOptions = {}): Promise<Key> {
    const choose = key === -1 ? () => checkKey(this.entriesOf.nextIndex()) : () => key;
    if (key !== -1) checkKey(key);
    return (await this.entriesOf.keep(choose, prepareImage(image), signal)) as Key;
  }

  /**
   * Keeps images under the numbers from `first` on, or with -1 after the last number: all of them, or none. They may come one by
   * one: some 16 MiB of pixels are in memory at a time, and nothing is seen of any before the last is there. Resolves to their keys.
   * @throws ArgumentError `INVALID_ARGUMENT`; StoreError; AbortError, and whatever `images` throws
   *
   * @example
   * const keys = await dictionary.setImages(-1, await readImages("particles.hdf"));
   */
  async setImages(
    first: number,
    images: Iterable<NewImage> | AsyncIterable<NewImage>,
    { signal }: StoreCallOptions = {},
  ): Promise<number[]> {
    if (first !== -1) checkNumberKey(first);
    return writeImageSeries(this.entriesOf, first, images, signal);
  }

  /** The image under a key; undefined where there is none. @throws ArgumentError `INVALID_ARGUMENT` where it is no image */
  async getImage(key: StoreKey, options: GetImageOptions = {}): Promise<StoredImage | undefined> {
    checkKey(key);
    checkOptions(options, GET_IMAGE_OPTIONS, "getImage");
    const { region, signal } = options;
    throwIfAborted(signal, "reading from the store");
    if (region !== undefined) return readRegion(this.entriesOf, key, region, signal);
    const loaded = await this.entriesOf.load(key, signal);
    return loaded && restoredImage(imageHead(key, loaded.record), loaded.bytes);
  }

  /**
   * The images under some keys, in their order, or those of a range of keys.
   * @throws StoreError `NO_SUCH_ENTRY` where one of the keys has none
   */
  async getImages(which: Iterable<StoreKey> | KeyRange = {}, options: StoreCallOptions = {}): Promise<StoredImage[]> {
    const images: StoredImage[] = [];
    for (const key of await this.#imageKeys(which)) {
      const image = await this.getImage(key, options);
      if (image === undefined) throw missing(this.name, key);
      images.push(image);
    }
    return images;
  }

  /**
   * Writes pixels into an image that is there, which keeps its header but for the statistics.
   * @throws StoreError `NO_SUCH_ENTRY`; ArgumentError `INVALID_ARGUMENT` where they reach beyond it or are of another type
   */
  async setRegion(key: StoreKey, start: readonly number[], image: NewImage): Promise<void> {
    await writeRegion(this.entriesOf, checkKey(key), start, image);
  }

  /** An image's attributes, without reading its pixels; undefined where there is no image. */
  async getHeader(key: StoreKey): Promise<ImageHeader | undefined> {
    const record = this.entriesOf.newest(checkKey(key));
    return record?.kind === "image" ? completedHeader(record) : undefined;
  }

  /**
   * Replaces the attributes of an image. Those that follow from its pixels (`nx`, `mean` and so on) stay what they are.
   * @throws StoreError `NO_SUCH_ENTRY`
   */
  async setHeader(key: StoreKey, header: ImageHeader | NewImage): Promise<void> {
    if (header === null || typeof header !== "object") {
      throw new ArgumentError("INVALID_ARGUMENT", "A header is an object with the attributes by name, or an image");
    }
    const given = hasPixels(header) ? header.header : (header as ImageHeader);
    const attributes = givenAttributes(given);
    await this.#changeHeader(key, () => attributes);
  }

  /** One attribute of an image; undefined where there is no such image or attribute. Of several images: by key, for those that have it. */
  async getAttribute(key: StoreKey, name: string): Promise<Storable>;
  async getAttribute(keys: readonly StoreKey[], name: string): Promise<Map<StoreKey, Storable>>;
  async getAttribute(keys: StoreKey | readonly StoreKey[], name: string) {
    checkAttributeName(name);
    if (!Array.isArray(keys)) return this.#attribute(keys as StoreKey, name);
    const found = (keys as readonly StoreKey[]).map((key) => [key, this.#attribute(key, name)] as const);
    return new Map(found.filter(([, value]) => value !== undefined));
  }

  /** Of one image: those of the attributes that it has. Of several: the same by key, for those that are there. */
  async getAttributes(key: StoreKey, names: readonly string[]): Promise<Record<string, Storable>>;
  async getAttributes(
    keys: readonly StoreKey[],
    names: readonly string[],
  ): Promise<Map<StoreKey, Record<string, Storable>>>;
  async getAttributes(keys: StoreKey | readonly StoreKey[], names: readonly string[]) {
    if (!Array.isArray(keys)) return someAttributes((await this.getHeader(keys as StoreKey)) ?? {}, names);
    const found = new Map<StoreKey, Record<string, Storable>>();
    for (const key of keys as readonly StoreKey[]) {
      const header = await this.getHeader(key);
      if (header) found.set(key, someAttributes(header, names));
    }
    return found;
  }

  /**
   * Sets one attribute of an image, without reading or writing its pixels; undefined removes it.
   * @throws StoreError `NO_SUCH_ENTRY`; ArgumentError `INVALID_ARGUMENT` for one that follows from the pixels
   */
  async setAttribute(key: StoreKey, name: string, value: Storable): Promise<void> {
    await this.setAttributes(key, { [checkAttributeName(name)]: value });
  }

  /** Sets several attributes at once. */
  async setAttributes(key: StoreKey, attributes: ImageHeader): Promise<void> {
    await this.#changeHeader(key, (header) => withAttributes(header, attributes));
  }

  /**
   * Keeps a table of column batches, which may come one by one: memory is bounded by the largest. Nothing is seen of it
   * before it is whole. `get` gives all batches, {@link batches} one after the other.
   */
  async setTable(
    key: StoreKey,
    batches: Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>,
    { signal }: StoreCallOptions = {},
  ): Promise<void> {
    await writeTable(this.entriesOf, checkKey(key), batches, signal);
  }

  /**
   * The batches of a table, as it was when the first is taken. Take them soon: the store cannot use free space meanwhile.
   * @throws StoreError `NO_SUCH_ENTRY`; ArgumentError `INVALID_ARGUMENT` where it is no table
   */
  batches(key: StoreKey, { signal }: StoreCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    return readStoredBatches(this.entriesOf, checkKey(key), signal);
  }

  /** What the entries of a range are, without reading their values. */
  async *summaries(range: KeyRange = {}): AsyncGenerator<EntrySummary, void, undefined> {
    for await (const key of this.keys(range)) {
      const record = this.entriesOf.newest(key);
      if (record !== undefined) yield summary(key, record);
    }
  }

  #attribute(key: StoreKey, name: string): Storable {
    const record = this.entriesOf.newest(checkKey(key));
    return record?.kind === "image" ? attributeOf(record, name) : undefined;
  }

  async #imageKeys(which: Iterable<StoreKey> | KeyRange): Promise<readonly StoreKey[]> {
    if (typeof which === "object" && which !== null && Symbol.iterator in which) return [...which];
    const keys: StoreKey[] = [];
    for await (const { key, kind } of this.summaries(which)) if (kind === "image") keys.push(key);
    return keys;
  }

  async #changeHeader(key: StoreKey, change: (header: ImageHeader) => ImageHeader): Promise<void> {
    checkKey(key);
    await this.entriesOf.env.write(() => {
      const record = this.entriesOf.find(key);
      if (record?.kind !== "image") throw missing(this.name, key);
      this.entriesOf.placeHead(key, { ...record, header: change(record.header) });
    });
  }
}
