/** Methods of a connection that make images and show many. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { ObjectId } from "../../connect/object-id.js";
import type { Image } from "../objects/image.js";
import type { CreateImageOptions } from "../pixels/create/create-image.js";
import type { ThumbnailsOptions } from "../rendering/thumbnails.js";

/** Making images, and showing many. */
export interface ImageMethods {
  /**
   * Makes an image of planes. After a failure, of the caller's planes too, nothing of it is left. The range of values of each channel is
   * noted, so that it is shown by that.
   *
   * @throws ArgumentError `INVALID_ARGUMENT`; CallerError `SOURCE_FAILED` where the planes failed; TableError `NOT_FOUND`, `NOT_PERMITTED`
   * for the dataset or the source; `UPLOAD_FAILED` with `cause`; AbortError
   * @example
   * ```ts
   * const ramp = Uint16Array.from({ length: 64 * 48 }, (_, index) => index);
   * const image = await connection.createImage({ name: "ramp", sizeX: 64, sizeY: 48, planes: [ramp] });
   * ```
   */
  createImage(options: CreateImageOptions): Promise<Image>;
  /**
   * Thumbnails of many images as JPEGs by the images' ids, by one call for some 200 of each group. Images without pixels, and those that
   * are not there, are left out.
   *
   * @throws ArgumentError `INVALID_ARGUMENT`; AbortError; ServerError
   * @example
   * ```ts
   * const pictures = await connection.getThumbnails([101, 102, 103], { size: 64 });
   * await writeFile("101.jpg", pictures.get(101)!);
   * ```
   */
  getThumbnails(imageIds: readonly ObjectId[], options?: ThumbnailsOptions): Promise<Map<number, Uint8Array>>;
}

export const IMAGE_METHODS: ImageMethods & ThisType<OmeroConnection> = {
  async createImage(options) {
    const { createImage } = await import("../pixels/create/create-image.js");
    const { imageId, groupId } = await createImage(this, options);
    return this.getObject("Image", imageId, { group: groupId });
  },
  async getThumbnails(imageIds, options) {
    const { thumbnailsOf } = await import("../rendering/thumbnails.js");
    return thumbnailsOf(this, imageIds, options);
  },
};
