/** What a format of image files can do. */
import { ArgumentError, DataError } from "../../errors.js";
import type { OptionNames } from "../../flow/options.js";
import type { NewImage } from "../images/image.js";
import { copiedPixels } from "../images/pixels.js";
import { RENDER_OPTIONS, type RenderOptions } from "./eight-bit.js";

/** How image files are written. */
export interface WriteImageOptions extends RenderOptions {
  /** The image's row 0 is at the top of a picture, or at the bottom as in EMAN2. Default `"top"`. */
  readonly origin?: "top" | "bottom" | undefined;
  /** Of JPEG, 1 to 100. Default: the image's attribute `jpeg_quality`, or 75. */
  readonly quality?: number | undefined;
  /** Bits a pixel, 1 to 16, in an EMAN2 stack: compressed, between the limits of rendering. Default: as they are. */
  readonly renderBits?: number | undefined;
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

export const WRITE_IMAGE_OPTIONS: OptionNames<WriteImageOptions> = {
  ...RENDER_OPTIONS,
  origin: true,
  quality: true,
  renderBits: true,
  signal: true,
};

/** How image files are read. */
export interface ReadImageOptions {
  /** Where row 0 of a picture is put. Default `"top"`. */
  readonly origin?: "top" | "bottom" | undefined;
  /** Ends the call: it throws an AbortError. */
  readonly signal?: AbortSignal | undefined;
}

export const READ_IMAGE_OPTIONS: OptionNames<ReadImageOptions> = { origin: true, signal: true };

/** A plane of pixels, the top row first. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: NewImage["data"];
}

export interface ImageFileFormat {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Whether a file begins as one of this format does. */
  recognizes(start: Uint8Array): boolean;
  count(path: string): Promise<number>;
  /** @throws DataError `MALFORMED_FILE`; ArgumentError `INVALID_ARGUMENT` where there is no image `n` */
  read(path: string, numbers: readonly number[], options: ReadImageOptions): Promise<NewImage[]>;
  /** Writes images from number `first` on, or with -1 after the last. Resolves to the number of the first. */
  write(path: string, images: readonly NewImage[], first: number, options: WriteImageOptions): Promise<number>;
}

export function malformedImage(path: string, why: string, cause?: unknown): DataError {
  return new DataError("MALFORMED_FILE", `${path} cannot be read: ${why}`, { path, cause });
}

export function noImage(path: string, n: number, count: number): ArgumentError {
  const message = `${path} has no image ${n}: it has ${count}, counted from 0`;
  return new ArgumentError("INVALID_ARGUMENT", message, { path });
}

/** @throws ArgumentError `INVALID_ARGUMENT` where a format that holds one image is asked for another, or for more */
export function onlyFirst(path: string, numbers: readonly number[]): void {
  const other = numbers.find((n) => n !== 0);
  if (other !== undefined) throw noImage(path, other, 1);
}

/** Rows and columns of an image of one plane. @throws DataError `UNSUPPORTED_TYPE` */
export function planeSize(format: string, { shape }: NewImage): { readonly width: number; readonly height: number } {
  const [width = 1, height = 1, ...planes] = [...shape].reverse();
  if (planes.some((length) => length !== 1)) {
    throw new DataError("UNSUPPORTED_TYPE", `${format} holds one plane, not an image of ${shape.join(" x ")}`);
  }
  return { width, height };
}

/** The rows of a plane in the other order, for an origin at the bottom. */
export function orderedRows<T extends NewImage["data"]>(data: T, width: number, origin: "top" | "bottom" = "top"): T {
  if (origin === "top") return data;
  const turned = copiedPixels(data) as T;
  const height = data.length / width;
  for (let row = 0; row < height; row++) {
    turned.set(data.subarray(row * width, (row + 1) * width) as never, (height - 1 - row) * width);
  }
  return turned;
}

/** The mean of red, green and blue of each pixel; a fourth channel is left out. One channel stays as it is. */
export function grey<T extends NewImage["data"]>(data: T, channels: number): T | Float32Array {
  if (channels === 1) return data;
  const colours = channels >= 3 ? 3 : 1;
  const means = new Float32Array(data.length / channels);
  for (let pixel = 0; pixel < means.length; pixel++) {
    let sum = 0;
    for (let colour = 0; colour < colours; colour++) sum += Number(data[pixel * channels + colour]);
    means[pixel] = sum / colours;
  }
  return means;
}
