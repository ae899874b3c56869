/** Formats that hold one plane of bytes: PNG, JPEG and PGM. */
import { ArgumentError } from "../../errors.js";
import { numericAttribute } from "../images/attributes.js";
import type { NewImage } from "../images/image.js";
import { pictureBytes } from "./eight-bit.js";
import {
  grey,
  type ImageFileFormat,
  malformedImage,
  noImage,
  onlyFirst,
  orderedRows,
  type Plane,
  planeSize,
  type ReadImageOptions,
  type WriteImageOptions,
} from "./format.js";
import { encodeJpeg } from "./jpeg/jpeg-encoder.js";
import { spreadBits } from "./packed-bits.js";
import { decodePgm, encodePgm } from "./pgm.js";
import { pngContent } from "./png-chunks.js";
import { interlacedPlane } from "./png-interlaced.js";
import { readWhole, writeWhole } from "./whole-file.js";

interface Codec {
  readonly name: string;
  readonly extensions: readonly string[];
  recognizes(start: Uint8Array): boolean;
  decode(bytes: Uint8Array): Plane | Promise<Plane>;
  encode(plane: Plane & { readonly data: Uint8Array }, quality: number): Uint8Array | Promise<Uint8Array>;
}

function pictureFormat(codec: Codec): ImageFileFormat {
  return {
    ...codec,
    async count(path) {
      await readWhole(path);
      return 1;
    },
    async read(path, numbers, options) {
      onlyFirst(path, numbers);
      const image = await readPicture(codec, path, options);
      return numbers.map(() => image);
    },
    async write(path, images, first, options) {
      if (first > 0 || images.length !== 1) throw noImage(path, Math.max(first, 1), 1);
      await writePicture(codec, path, images[0]!, options);
      return 0;
    },
  };
}

async function readPicture(codec: Codec, path: string, { origin }: ReadImageOptions): Promise<NewImage> {
  const bytes = await readWhole(path);
  let plane: Plane;
  try {
    plane = await codec.decode(bytes);
  } catch (cause) {
    throw malformedImage(path, `it is no whole ${codec.name} (${(cause as Error).message})`, cause);
  }
  return { data: orderedRows(plane.data, plane.width, origin), shape: [plane.height, plane.width] };
}

async function writePicture(codec: Codec, path: string, image: NewImage, options: WriteImageOptions): Promise<void> {
  const size = planeSize(codec.name, image);
  const quality = jpegQuality(image, options);
  const data = orderedRows(pictureBytes(image, options), size.width, options.origin);
  await writeWhole(path, [await codec.encode({ ...size, data }, quality)]);
}

function jpegQuality({ header = {} }: NewImage, options: WriteImageOptions): number {
  const quality = options.quality ?? (numericAttribute(header, "jpeg_quality") || 75);
  if (Number.isInteger(quality) && quality >= 1 && quality <= 100) return quality;
  throw new ArgumentError("INVALID_ARGUMENT", `The quality of a JPEG is a whole number from 1 to 100, not ${quality}`);
}

const starts = (magic: readonly number[]) => (start: Uint8Array) => magic.every((byte, index) => start[index] === byte);

export const png = pictureFormat({
  name: "PNG",
  extensions: [".png"],
  recognizes: starts([0x89, 0x50, 0x4e, 0x47]),
  async decode(bytes) {
    const { convertIndexedToRgb, decode } = await import("fast-png");
    const content = await pngContent(bytes);
    if (content.interlaced && [1, 2, 4].includes(content.depth)) return interlacedPlane(content);
    const picture = decode(content.bytes, { checkCrc: true });
    const { width, height, depth, palette } = picture;
    if (palette)
      return { width, height, data: grey(convertIndexedToRgb(picture) as Uint8Array, palette[0]?.length ?? 3) };
    const data = depth < 8 ? spreadBits(picture.data, width * picture.channels, height, depth) : picture.data;
    return { width, height, data: grey(data as Uint8Array | Uint16Array, picture.channels) };
  },
  async encode({ width, height, data }) {
    const { encode } = await import("fast-png");
    return encode({ width, height, data, depth: 8, channels: 1 });
  },
});

export const jpeg = pictureFormat({
  name: "JPEG",
  extensions: [".jpg", ".jpeg"],
  recognizes: starts([0xff, 0xd8, 0xff]),
  async decode(bytes) {
    const { default: jpegJs } = await import("jpeg-js");
    const { width, height, data } = jpegJs.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      ...(hasPlainColours(bytes) ? { colorTransform: false } : {}),
      maxResolutionInMP: MOST_MEGAPIXELS + (bytes.length * PIXELS_A_BYTE) / 1e6,
      maxMemoryUsageInMB: MOST_MEGABYTES + (bytes.length * PIXELS_A_BYTE * BYTES_A_PIXEL) / 2 ** 20,
    });
    const means = grey(data, 3);
    return { width, height, data: Uint8Array.from(means, Math.round) };
  },
  async encode({ width, height, data }, quality) {
    const write = (memory: Uint8Array, row: number, rows: number) => {
      for (let pixel = row * width, at = 0; at < 3 * rows * width; pixel++, at += 3) {
        memory[at] = memory[at + 1] = memory[at + 2] = data[pixel]!;
      }
    };
    return encodeJpeg({ width, height, write }, quality);
  },
});

/** JPEGs of so many pixels a byte are read whatever their size; each pixel takes so many bytes while it is read. */
const [PIXELS_A_BYTE, BYTES_A_PIXEL] = [16, 24];
/** What is read in any case. */
const [MOST_MEGAPIXELS, MOST_MEGABYTES] = [100, 512];

/** Whether red, green and blue are kept as they are: a marker of Adobe's says that nothing is to be done to them. */
function hasPlainColours(bytes: Uint8Array): boolean {
  const marker = Buffer.from([0xff, 0xee, 0, 14]);
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(marker);
  const isAdobe = at > 0 && Buffer.from(bytes.subarray(at + 4, at + 9)).toString("latin1") === "Adobe";
  return isAdobe && bytes[at + 15] === 0;
}

export const pgm = pictureFormat({
  name: "PGM",
  extensions: [".pgm"],
  recognizes: (start) => start[0] === 0x50 && (start[1] === 0x32 || start[1] === 0x35),
  decode: decodePgm,
  encode: encodePgm,
});
