/** Where planes, rows and pixels are in a pixel file: X fastest, then Y, Z, C and T. */
import { apiUsage } from "../exceptions.js";
import type { PixelsKind } from "./pixels-kinds.js";

export interface PixelsSizes {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly c: number;
  readonly t: number;
}

/** A place in the pixels: what is left out is not checked, and is 0. */
export type PixelPlace = Partial<PixelsSizes>;

/** Edge of planes from which OMERO keeps pyramids. */
const MAXIMUM_PLANE_EDGE = 3192;
const TILE_BYTES = 1 << 20;

export class PixelsLayout {
  readonly kind: PixelsKind;
  readonly sizes: PixelsSizes;

  constructor(kind: PixelsKind, sizes: PixelsSizes) {
    this.kind = kind;
    this.sizes = sizes;
  }

  get rowSize(): number {
    return this.sizes.x * this.kind.width;
  }

  get columnSize(): number {
    return this.sizes.y * this.kind.width;
  }

  get planeSize(): number {
    return this.rowSize * this.sizes.y;
  }

  get stackSize(): number {
    return this.planeSize * this.sizes.z;
  }

  get timepointSize(): number {
    return this.stackSize * this.sizes.c;
  }

  get totalSize(): number {
    return this.timepointSize * this.sizes.t;
  }

  /**
   * Position of a row, plane, stack or timepoint, in bytes.
   * @throws IceUserException as {@link check}.
   */
  offset(place: PixelPlace): number {
    this.check(place);
    const { x = 0, y = 0, z = 0, c = 0, t = 0 } = place;
    const plane = (t * this.sizes.c + c) * this.sizes.z + z;
    return plane * this.planeSize + y * this.rowSize + x * this.kind.width;
  }

  /** @throws IceUserException ApiUsageException for a place that there is not. */
  check(place: PixelPlace): void {
    for (const axis of ["x", "y", "z", "c", "t"] as const) {
      const at = place[axis];
      if (at === undefined || (at >= 0 && at < this.sizes[axis])) continue;
      const name = axis.toUpperCase();
      throw apiUsage(`${name} '${at}' greater than size${name} '${this.sizes[axis]}'.`);
    }
  }

  /** Width and height of the tiles that clients should ask for. */
  get tileSize(): [number, number] {
    const { x, y } = this.sizes;
    return [x, Math.max(1, Math.min(y, Math.trunc(Math.trunc(TILE_BYTES / this.kind.width) / x)))];
  }

  get requiresPyramid(): boolean {
    return !this.kind.isFloat && this.sizes.x * this.sizes.y > MAXIMUM_PLANE_EDGE ** 2;
  }

  /** The plane in the middle of the stack and of time, by which pixels are judged where nothing is known of them. */
  get middle(): { z: number; t: number } {
    return { z: Math.trunc((this.sizes.z - 1) / 2), t: Math.trunc((this.sizes.t - 1) / 2) };
  }
}
