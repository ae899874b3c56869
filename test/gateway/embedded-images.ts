/** Images on the embedded server, for tests of what is done with them. */
import type { OmeroConnection } from "../../src/connect/index.js";
import { createImage } from "../../src/gateway/pixels/create/create-image.js";
import { ImagePixels } from "../../src/gateway/pixels/image-pixels.js";
import type { PixelArray } from "../../src/gateway/pixels/pixel-arrays.js";
import type { PixelsInfo } from "../../src/gateway/pixels/pixels-info.js";

export interface MadeImage {
  readonly info: PixelsInfo;
  readonly pixels: ImagePixels;
  /** In the order they were sent: time points fastest, then channels, then sections. */
  readonly planes: readonly PixelArray[];
  planeOf(z: number, c: number, t: number): PixelArray;
}

type ArrayClass = { from(values: ArrayLike<number>): PixelArray };

/** An image of three sections, two channels and two time points, whose planes all differ. */
export async function madeImage(
  connection: OmeroConnection,
  { array = Uint16Array as ArrayClass, sizeX = 16, sizeY = 12, sizeZ = 3, sizeC = 2, sizeT = 2, name = "made" } = {},
): Promise<MadeImage> {
  const planes = Array.from({ length: sizeZ * sizeC * sizeT }, (_, plane) =>
    array.from(Array.from({ length: sizeX * sizeY }, (_, index) => (plane * 7 + index) % 120)),
  );
  const info = await createImage(connection, { name, sizeX, sizeY, sizeZ, sizeC, sizeT, planes });
  const planeOf = (z: number, c: number, t: number) => planes[(z * sizeC + c) * sizeT + t]!;
  return { info, pixels: new ImagePixels(connection, info), planes, planeOf };
}
