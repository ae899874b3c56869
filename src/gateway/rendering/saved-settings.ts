/** The settings that an image is shown by: saving, resetting and copying them. */
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { inGroup } from "../query-parameters.js";
import { rendererOf } from "./render-image.js";
import { RENDER_SETTINGS_OPTIONS, type SettingsToSave } from "./render-settings.js";

interface CallSignal {
  readonly signal?: AbortSignal | undefined;
}

/** Which images took settings over. */
export interface CopiedSettings {
  /** Ids of images that did. */
  readonly done: readonly number[];
  /** Ids of images that did not: their type of pixels or number of channels differs. */
  readonly refused: readonly number[];
}

const { settingsId: _, level: __, ...SAVED } = RENDER_SETTINGS_OPTIONS;
const SETTINGS_TO_SAVE_OPTIONS: OptionNames<SettingsToSave> = { ...SAVED, z: true, t: true };

/** Saves settings as this user's for an image. */
export async function saveSettings(
  connection: OmeroConnection,
  info: PixelsInfo,
  settings: SettingsToSave,
  { signal }: CallSignal = {},
): Promise<void> {
  checkOptions(settings, SETTINGS_TO_SAVE_OPTIONS, "saveDefaults");
  await using renderer = rendererOf(connection, info, settings);
  await renderer.save({ signal });
}

/** Has the server choose this user's settings for an image anew. */
export async function resetSettings(
  connection: OmeroConnection,
  { imageId, groupId }: PixelsInfo,
  { signal }: CallSignal = {},
): Promise<void> {
  const service = connection.service("::omero::api::IRenderingSettings");
  await service.resetDefaultsInSet("Image", [imageId], { signal, context: inGroup(groupId) });
}

/** Has images shown as another one is. */
export async function copySettings(
  connection: OmeroConnection,
  { id, groupId }: PixelsInfo,
  imageIds: readonly ObjectId[],
  { signal }: CallSignal = {},
): Promise<CopiedSettings> {
  const ids = imageIds.map((imageId) => toObjectId(imageId, "imageId"));
  const service = connection.service("::omero::api::IRenderingSettings");
  const answer = await service.applySettingsToSet(id, "Image", ids, { signal, context: inGroup(groupId) });
  const numbers = (done: boolean) => Array.from(answer.get(done) ?? [], (imageId) => idNumber(imageId, "Image"));
  return { done: numbers(true), refused: numbers(false) };
}
