/** The sizes in which a server keeps the planes of a large image. */
import type { PyramidService } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";

/** A size in which an image is kept. */
export interface ResolutionLevel {
  /** Its number, as OMERO counts: 0 is the smallest, the last one the whole image. */
  readonly level: number;
  /** Pixels in a row. */
  readonly sizeX: number;
  /** Rows of a plane. */
  readonly sizeY: number;
}

/** All levels of the image that a store or engine is at, the largest first. */
export async function levelsOf(
  service: Pick<PyramidService, "getResolutionDescriptions">,
  signal: AbortSignal | undefined,
): Promise<readonly ResolutionLevel[]> {
  const sizes = await service.getResolutionDescriptions({ signal });
  return sizes.map((size, index) => {
    if (size && size.sizeX >= 1 && size.sizeY >= 1) {
      return { level: sizes.length - 1 - index, sizeX: size.sizeX, sizeY: size.sizeY };
    }
    throw new ServerError("SERVER_FAILURE", `the server does not say the size of level ${sizes.length - 1 - index}`);
  });
}
