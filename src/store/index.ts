/** A local store: dictionaries of values, images and tables in a folder that many processes share. */
export { StoreError } from "../errors.js";
export { type GetImageOptions, StoreDictionary } from "./dictionary/dictionary.js";
export type { KeyRange, StoreKey } from "./dictionary/keys.js";
export type { NewValue } from "./dictionary/prepare.js";
export type { EntrySummary } from "./dictionary/records.js";
export type { StoreCallOptions } from "./dictionary/value-dictionary.js";
export { type ImportEman2Options, type ImportedDatabase, importEman2Database } from "./eman2/import-eman2.js";
export { eightBitPixels, type RenderLimits, type RenderOptions, renderLimits } from "./image-files/eight-bit.js";
export type { ReadImageOptions, WriteImageOptions } from "./image-files/format.js";
export { imageCount, readImage, readImages, writeImage, writeImages } from "./image-files/image-files.js";
export type { ImageHeader, NewImage, StoredImage } from "./images/image.js";
export type { Pixels, PixelType } from "./images/pixels.js";
export type { ImageRegion } from "./images/region.js";
export { type ImageStatistics, imageStatistics } from "./images/statistics.js";
export { type OpenStoreOptions, openStore } from "./open-store.js";
export type { Durability } from "./records/environment.js";
export type { ReadValue, Storable } from "./records/storable.js";
export { type DictionaryUsage, Store } from "./store.js";
