/** Images: pixels, their shape, and a header of attributes. */
import { invalidArgument } from "../../errors.js";
import { isPlainValue, type Storable } from "../records/storable.js";
import { type Pixels, type PixelType, pixelType } from "./pixels.js";

/** Attributes of an image by name: numbers, texts, lists and whatever else a store keeps. */
export type ImageHeader = { readonly [name: string]: Storable };

/**
 * An image to be kept.
 *
 * @example
 * const image = { data: new Float32Array(64 * 32), shape: [32, 64], header: { apix_x: 1.2 } }; // 32 rows of 64 pixels
 */
export interface NewImage {
  /** One element a pixel, the last axis fastest. */
  readonly data: Pixels;
  /** Pixels along each axis, the slowest first: rows and columns; planes, rows and columns; and so on to five axes. */
  readonly shape: readonly number[];
  /** Default: no attributes but those computed from the pixels. */
  readonly header?: ImageHeader | undefined;
}

/** An image as it was read: a copy, whose header has the attributes computed from the pixels, too. */
export interface StoredImage extends NewImage {
  readonly header: ImageHeader;
}

const MOST_AXES = 5;

const PARTS: ReadonlySet<string> = new Set(["data", "shape", "header"]);

/** Whether a value is meant as an image: an object of no class with pixels as `data`, a `shape`, and nothing that an image has no place for. */
export function isImage(value: unknown): value is NewImage {
  if (!hasPixels(value) || !isPlainValue(value)) return false;
  return Object.keys(value).every((name) => PARTS.has(name));
}

/** Whether an object has pixels as `data`, and a `shape`. */
export function hasPixels(value: unknown): value is NewImage {
  if (typeof value !== "object" || value === null) return false;
  const { data, shape } = value as { data?: unknown; shape?: unknown };
  return pixelType(data) !== undefined && Array.isArray(shape);
}

/**
 * The type of an image's pixels.
 * @throws ArgumentError `INVALID_ARGUMENT` where shape and pixels do not agree
 */
export function checkImage(image: NewImage): PixelType {
  if (typeof image !== "object" || image === null)
    throw invalidArgument(`An image is { data, shape, header }, not ${image}`);
  const type = pixelType(image.data);
  if (type === undefined) throw invalidArgument("An image's data is a typed array, one element a pixel");
  checkShape(image.shape);
  const count = image.shape.reduce((product, length) => product * length, 1);
  if (count !== image.data.length) {
    throw invalidArgument(
      `An image of ${image.shape.join(" x ")} has ${count} pixels, its data has ${image.data.length}`,
    );
  }
  return type;
}

function checkShape(shape: readonly number[]): void {
  const fits = Array.isArray(shape) && shape.length >= 1 && shape.length <= MOST_AXES;
  if (!fits || !shape.every((length) => Number.isSafeInteger(length) && length >= 1)) {
    const found = Array.isArray(shape) ? shape.join(" x ") : String(shape);
    throw invalidArgument(`An image's shape is one to five whole numbers from 1, the slowest axis first, not ${found}`);
  }
}
