/** Parts of the pixels of an image in the store. */
import { invalidArgument } from "../../errors.js";
import type { StoreKey } from "../dictionary/keys.js";
import { imageHead, missing } from "../dictionary/records.js";
import { ContentReader, readContent, removePieces, writePieces } from "../records/contents.js";
import type { Entries } from "../records/entries.js";
import type { ImageHead, StoredHead } from "../records/heads.js";
import { wholeHeader } from "./attributes.js";
import { checkImage, type NewImage, type StoredImage } from "./image.js";
import { byteView, newPixels, pixelBytes, pixelsOf } from "./pixels.js";
import { checkRegion, type ImageRegion, regionRuns } from "./region.js";
import { imageStatistics } from "./statistics.js";

/**
 * A part of an image; undefined where there is no image.
 * @throws ArgumentError `INVALID_ARGUMENT`
 */
export async function readRegion(
  entries: Entries,
  key: StoreKey,
  region: ImageRegion,
  signal: AbortSignal | undefined,
): Promise<StoredImage | undefined> {
  return entries.env.withSnapshot(async (snapshot) => {
    const record = entries.find(key, snapshot);
    if (record === undefined) return undefined;
    const { pixels, shape, content, ...head } = imageHead(key, record);
    const size = pixelBytes(pixels);
    checkRegion(region, shape, size);
    const data = newPixels(
      pixels,
      region.shape.reduce((product, length) => product * length, 1),
    );
    const reader = new ContentReader(entries.contents, content.id, { snapshot, signal });
    for (const { from, to, length } of regionRuns(region, shape)) {
      reader.copy(byteView(data).subarray(to * size, (to + length) * size), from * size);
      await reader.rest();
    }
    const header = wholeHeader({ ...head, shape: region.shape, statistics: imageStatistics(data) });
    return { data, shape: [...region.shape], header };
  });
}

/**
 * Writes pixels into an image that is there.
 * @throws StoreError `NO_SUCH_ENTRY`; ArgumentError `INVALID_ARGUMENT`
 */
export async function writeRegion(
  entries: Entries,
  key: StoreKey,
  start: readonly number[],
  image: NewImage,
): Promise<void> {
  const type = checkImage(image);
  const data = byteView(image.data).slice();
  await entries.env.write(() => {
    const record = entries.find(key);
    if (record === undefined) throw missing(entries.name, key);
    const head = imageHead(key, record);
    checkInside({ start, shape: image.shape }, head);
    if (head.pixels !== type) throw invalidArgument(`An image of ${head.pixels} takes no pixels of ${type}`);
    const whole = readContent(new ContentReader(entries.contents, head.content.id), head.content.length);
    for (const { from, to, length } of regionRuns({ start, shape: image.shape }, head.shape)) {
      const size = pixelBytes(type);
      whole.set(data.subarray(to * size, (to + length) * size), from * size);
    }
    removePieces(entries.contents, head.content.id);
    writePieces(entries.contents, head.content.id, whole);
    entries.placeHead(key, { ...head, statistics: imageStatistics(pixelsOf(type, whole)) } as StoredHead);
  });
}

function checkInside(region: ImageRegion, { shape, pixels }: Pick<ImageHead, "shape" | "pixels">): void {
  checkRegion(region, shape, pixelBytes(pixels));
  const inside = region.start.every((first, axis) => first >= 0 && first + region.shape[axis]! <= shape[axis]!);
  if (!inside)
    throw invalidArgument(
      `What is written at ${region.start.join(", ")} reaches beyond the image of ${shape.join(" x ")}`,
    );
}
