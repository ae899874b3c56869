import type { Image as ImageModel } from "../../connect/ice/schema/omero.js";
import type { ObjectId } from "../../connect/object-id.js";
import { TableError } from "../../errors.js";
import { ImagePixels } from "../pixels/image-pixels.js";
import { type PixelsInfo, pixelsInfo } from "../pixels/pixels-info.js";
import { type NewChannel, nameChannels } from "../rendering/channel-names.js";
import type { ImageChannel } from "../rendering/channels.js";
import { type ExportTiffOptions, omeTiffOf } from "../rendering/export-tiff.js";
import type { ImageRenderer } from "../rendering/image-renderer.js";
import {
  type PictureFormat,
  type RenderedPicture,
  type RenderImageOptions,
  rendererOf,
  renderImage,
} from "../rendering/render-image.js";
import type { RenderSettings, SettingsToSave } from "../rendering/render-settings.js";
import {
  type RenderingDefsOptions,
  renderingDefs,
  type SavedRendering,
  savedRendering,
} from "../rendering/saved-rendering.js";
import { type CopiedSettings, copySettings, resetSettings, saveSettings } from "../rendering/saved-settings.js";
import { type ThumbnailOptions, thumbnailOf } from "../rendering/thumbnails.js";
import { createRois, type FindRoisOptions, findRois, removeRois, updateRois } from "../rois/image-rois.js";
import type { RoiList } from "../rois/roi-list.js";
import { type ShapeStatistics, type ShapeStatisticsOptions, shapeStatistics } from "../rois/roi-statistics.js";
import type { ImageRoi, NewRoi } from "../rois/shapes.js";
import { DescribedObject } from "./described-object.js";
import type { LoadOptions } from "./omero-object.js";

/** What an image shows: its pixels, how they are rendered, and its regions. */
export class ImageContent extends DescribedObject<ImageModel> {
  #pixels: ImagePixels | undefined;

  /**
   * Its pixels. Nothing is read before it is asked for.
   * @throws TableError `NOT_FOUND` for an image without
   */
  get pixels(): ImagePixels {
    this.#pixels ??= new ImagePixels(this.connection, this.#info());
    return this.#pixels;
  }

  /** Its channels in their order: names, colours, windows, and whether they are shown. */
  async channels(options: LoadOptions = {}): Promise<readonly ImageChannel[]> {
    return (await this.savedRendering(options)).channels;
  }

  /** How it is shown by default. Where nobody has said, the server chooses, and keeps that. */
  savedRendering(options: LoadOptions = {}): Promise<SavedRendering> {
    return savedRendering(this.connection, this.pixels.info, options);
  }

  /**
   * All settings that are saved for it, of all users or one, the newest first.
   * @example
   * const [newest] = await image.renderingDefs({ ownerId: 5 });
   * if (newest) await image.saveDefaults(newest.settings);
   */
  renderingDefs(options: RenderingDefsOptions = {}): Promise<SavedRendering[]> {
    return renderingDefs(this.connection, this.pixels.info, options);
  }

  /** Gives its channels names and colours, in their order, for all who see it. */
  nameChannels(channels: readonly NewChannel[]): Promise<void> {
    return nameChannels(this.connection, this.pixels.info, channels);
  }

  /**
   * A picture of it: a JPEG or PNG file, or pixels. Settings that are saved stay as they are.
   * @throws ArgumentError `INVALID_ARGUMENT` for what it does not have; AbortError; ServerError
   * @example
   * const png = await image.render({ z: 3, channels: [{ index: 0, color: "#00FF00", window: [100, 800] }], format: "png" });
   */
  render<Format extends PictureFormat = "jpeg">(
    options: RenderImageOptions<Format> = {},
  ): Promise<RenderedPicture<Format>> {
    return renderImage(this.connection, this.pixels.info, options);
  }

  /**
   * An OME-TIFF of all its planes, which the server makes; its bytes as they are fetched.
   * @throws AbortError; ServerError
   * @example
   * await writeFile("cells.ome.tiff", image.exportOmeTiff());
   */
  exportOmeTiff(options: ExportTiffOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    return omeTiffOf(this.connection, this.pixels.info, options);
  }

  /** Makes many pictures by the same settings. To be closed. @param quality of JPEGs, 0 to 1; default 0.9 */
  renderer(settings: RenderSettings = {}, quality?: number): ImageRenderer {
    return rendererOf(this.connection, this.pixels.info, settings, quality);
  }

  /** A small picture of it, a JPEG, by the settings that are saved. */
  thumbnail(options: ThumbnailOptions = {}): Promise<Uint8Array> {
    return thumbnailOf(this.connection, this.pixels.info, options);
  }

  /**
   * Saves how this user wants it shown; what is not said stays as it is saved.
   * @throws ArgumentError `INVALID_ARGUMENT` for what it does not have; AbortError; ServerError
   * @example
   * await image.saveDefaults({ z: 3, channels: [{ index: 0, window: [100, 800], family: "logarithmic" }] });
   */
  saveDefaults(settings: SettingsToSave, options: LoadOptions = {}): Promise<void> {
    return saveSettings(this.connection, this.pixels.info, settings, options);
  }

  /** Has the server choose anew how it is shown to this user. */
  resetDefaults(options: LoadOptions = {}): Promise<void> {
    return resetSettings(this.connection, this.pixels.info, options);
  }

  /** Has other images shown as this one is. @param imageIds of images of the same group */
  copyDefaultsTo(imageIds: readonly ObjectId[], options: LoadOptions = {}): Promise<CopiedSettings> {
    return copySettings(this.connection, this.pixels.info, imageIds, options);
  }

  /** Its regions, all of them or those in a plane, in the order they were made. */
  rois(options: FindRoisOptions = {}): Promise<RoiList> {
    return findRois(this.connection, this.#place, options);
  }

  /**
   * Draws regions.
   * @throws ArgumentError `INVALID_ARGUMENT` for shapes that make no sense: nothing was made
   * @example
   * await image.createRois([{ name: "nucleus", shapes: [{ type: "Ellipse", x: 40, y: 30, radiusX: 12, radiusY: 9, z: 0, t: 0 }] }]);
   */
  createRois(rois: readonly NewRoi[], options: LoadOptions = {}): Promise<ImageRoi[]> {
    return createRois(this.connection, this.#place, rois, options);
  }

  /**
   * Saves regions as they are given: shapes that are left out are removed, and those without an id are new. A server is told of what
   * is removed or changed first, and then of what is new.
   * @throws ArgumentError `INVALID_ARGUMENT`; TableError `NOT_FOUND` for regions and shapes that are not there
   */
  updateRois(rois: readonly ImageRoi[], options: LoadOptions = {}): Promise<ImageRoi[]> {
    return updateRois(this.connection, this.#place, rois, options);
  }

  /** Removes regions with their shapes. */
  removeRois(roiIds: readonly ObjectId[], options: LoadOptions = {}): Promise<void> {
    return removeRois(this.connection, this.#place, roiIds, options);
  }

  /**
   * Figures of the pixels in shapes, as the server measures them: of a mask those of its rectangle, of a label or point one pixel, of
   * a path none.
   * @throws ArgumentError `INVALID_ARGUMENT` for what is not in the image; ServerError `NO_SUCH_OPERATION` by servers that do not measure,
   * `SERVER_FAILURE` for paths
   */
  roiStatistics(shapeIds: readonly ObjectId[], options: ShapeStatisticsOptions = {}): Promise<ShapeStatistics[]> {
    return shapeStatistics(this.connection, this.pixels.info, shapeIds, options);
  }

  get #place() {
    return { imageId: this.id, groupId: this.groupId ?? this.connection.groupId };
  }

  #info(): PixelsInfo {
    const pixels = this.model.pixelsSeq[0];
    if (pixels) return pixelsInfo({ ...pixels, image: this.model });
    throw new TableError("NOT_FOUND", `Image ${this.id} has no pixels`);
  }
}
