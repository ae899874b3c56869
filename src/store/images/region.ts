/** A part of an image, which may reach beyond it. */
import { constants } from "node:buffer";
import { invalidArgument } from "../../errors.js";

/** Axes as in the image's shape. What is outside of the image reads as 0. */
export interface ImageRegion {
  /** First pixel along each axis; may be negative. */
  readonly start: readonly number[];
  /** Pixels along each axis. */
  readonly shape: readonly number[];
}

/** Pixels that lie beside each other both in the image and in the region. */
export interface Run {
  /** Number of the first one in the image and in the region. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function checkRegion(region: ImageRegion, image: readonly number[], pixelBytes: number): void {
  const { start, shape } = (region ?? {}) as Partial<ImageRegion>;
  const areNumbers = (list: unknown) =>
    Array.isArray(list) && list.length === image.length && list.every(Number.isSafeInteger);
  if (!areNumbers(start) || !areNumbers(shape) || !shape!.every((length) => length >= 1)) {
    throw invalidArgument(
      `A region of an image of ${image.join(" x ")} has ${image.length} whole numbers as start and as shape`,
    );
  }
  const bytes = shape!.reduce((product, length) => product * length, pixelBytes);
  if (bytes > constants.MAX_LENGTH) {
    throw invalidArgument(`A region of ${shape!.join(" x ")} is larger than an array can be: read several`);
  }
}

/** The part of a region that lies inside the image, as runs along the last axis. */
export function* regionRuns(region: ImageRegion, image: readonly number[]): Generator<Run, void, undefined> {
  const last = image.length - 1;
  const first = Math.max(region.start[last]!, 0);
  const end = Math.min(region.start[last]! + region.shape[last]!, image[last]!);
  if (end <= first) return;
  for (const [from, to] of rows(region, image, 0, 0, 0)) {
    yield {
      from: from * image[last]! + first,
      to: to * region.shape[last]! + first - region.start[last]!,
      length: end - first,
    };
  }
}

/** Numbers of each row that the region and the image share: in the image, in the region. */
function* rows(
  region: ImageRegion,
  image: readonly number[],
  axis: number,
  from: number,
  to: number,
): Generator<[number, number], void, undefined> {
  if (axis === image.length - 1) {
    yield [from, to];
    return;
  }
  const start = region.start[axis]!;
  const size = region.shape[axis]!;
  const end = Math.min(start + size, image[axis]!);
  for (let at = Math.max(start, 0); at < end; at++) {
    yield* rows(region, image, axis + 1, from * image[axis]! + at, to * size + at - start);
  }
}
