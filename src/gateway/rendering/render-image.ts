/** Pictures of images. */
import type { OmeroConnection } from "../../connect/connection.js";
import { invalidArgument } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { ImageRenderer } from "./image-renderer.js";
import { encodePng, type RgbaPicture } from "./pictures.js";
import { RENDER_SETTINGS_OPTIONS, type RenderSettings, type SettingsToSave } from "./render-settings.js";
import { RENDER_VIEW_OPTIONS, type RenderView } from "./render-view.js";

/** What a picture is to be: a JPEG or PNG file, or its pixels. */
export type PictureFormat = "jpeg" | "png" | "rgba";

/** What a picture shows, how, and what it is to be. */
export interface RenderImageOptions<Format extends PictureFormat = PictureFormat> extends RenderSettings, RenderView {
  /** A JPEG or PNG file, or the pixels. Default `"jpeg"`. */
  readonly format?: Format | undefined;
  /** Quality of a JPEG, 0 to 1. Default 0.9. */
  readonly quality?: number | undefined;
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

const RENDER_IMAGE_OPTIONS: OptionNames<RenderImageOptions> = {
  ...RENDER_VIEW_OPTIONS,
  ...RENDER_SETTINGS_OPTIONS,
  format: true,
  quality: true,
  signal: true,
};
const FORMATS: readonly unknown[] = ["jpeg", "png", "rgba"] satisfies PictureFormat[];
const DEFAULT_QUALITY = 0.9;

/** The bytes of a file, or pixels. */
export type RenderedPicture<Format extends PictureFormat> = Format extends "rgba" ? RgbaPicture : Uint8Array;

/** A picture of an image; the settings that are saved for it stay as they are. */
export async function renderImage<Format extends PictureFormat = "jpeg">(
  connection: OmeroConnection,
  info: PixelsInfo,
  options: RenderImageOptions<Format> = {},
): Promise<RenderedPicture<Format>> {
  checkOptions(options, RENDER_IMAGE_OPTIONS, "render");
  const { z, t, projection, region, quality = DEFAULT_QUALITY, signal, format = "jpeg", ...settings } = options;
  const view = { z, t, projection, region };
  checkFormat(format, options);
  const renderer = rendererOf(connection, info, settings, quality);
  try {
    return (await pictureOf(renderer, view, format, signal)) as RenderedPicture<Format>;
  } finally {
    inBackground(renderer.close());
  }
}

/** @param quality of JPEGs, 0 to 1 @throws ArgumentError `INVALID_ARGUMENT` */
export function rendererOf(
  connection: OmeroConnection,
  info: PixelsInfo,
  settings: RenderSettings & SettingsToSave,
  quality = DEFAULT_QUALITY,
): ImageRenderer {
  if (quality >= 0 && quality <= 1) return new ImageRenderer(connection, info, settings, quality);
  throw invalidArgument(`quality is ${quality}: give a number from 0 to 1`);
}

async function pictureOf(
  renderer: ImageRenderer,
  view: RenderView,
  format: PictureFormat,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | RgbaPicture> {
  if (format === "jpeg") return renderer.jpeg(view, { signal });
  const picture = await renderer.rgba(view, { signal });
  return format === "rgba" ? picture : encodePng(picture);
}

function checkFormat(format: PictureFormat, { projection, region, quality }: RenderImageOptions): void {
  if (!FORMATS.includes(format))
    throw invalidArgument(`format is ${JSON.stringify(format)}; there are ${FORMATS.join(", ")}`);
  if (quality !== undefined && format !== "jpeg") throw invalidArgument("quality is for JPEGs: leave it out");
  if (format === "jpeg" && projection !== undefined && region !== undefined) {
    throw invalidArgument(
      "OMERO makes JPEGs of projections of whole planes alone: leave region out, or ask for png or rgba",
    );
  }
}
