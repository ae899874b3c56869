/** The settings that are saved for an image, of one user and of all. */
import { idNumber } from "../../columns/int64.js";
import type { OmeroConnection } from "../../connect/connection.js";
import type { Pixels, RenderingDef } from "../../connect/ice/schema/omero.js";
import { type ObjectId, toObjectId } from "../../connect/object-id.js";
import { ServerError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import { checkOptions, type OptionNames } from "../../flow/options.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { inGroup } from "../query-parameters.js";
import { channelView, type ImageChannel, imageChannel } from "./channels.js";
import { rendererOf } from "./render-image.js";
import type { SettingsToSave } from "./render-settings.js";

/** How an image is shown by default. */
export interface SavedRendering {
  /** Id of the settings. */
  readonly id: number;
  /** User whose settings they are. */
  readonly ownerId: number | undefined;
  /** `rgb` or `greyscale`. */
  readonly model: string;
  /** Section, from 0. */
  readonly z: number;
  /** Time point, from 0. */
  readonly t: number;
  /** What the darkest and the brightest value become, within 0 to 255. */
  readonly codomain: readonly [start: number, end: number];
  /** Brightest of the levels that values are mapped to. */
  readonly bitResolution: number;
  /** In the image's order. */
  readonly channels: readonly ImageChannel[];
  /** All of it as `render`, `renderer` and `saveDefaults` take it. */
  readonly settings: SettingsToSave;
}

/** Whose settings of an image. */
export interface RenderingDefsOptions {
  /** User whose they are. Default: all users. */
  readonly ownerId?: ObjectId | undefined;
  /** Stops the call: it throws an AbortError at once. */
  readonly signal?: AbortSignal | undefined;
}

const RENDERING_DEFS_OPTIONS: OptionNames<RenderingDefsOptions> = { ownerId: true, signal: true };

interface CallSignal {
  readonly signal?: AbortSignal | undefined;
}

/** The settings that are saved for an image. Where there are none, the server makes them. */
export async function savedRendering(
  connection: OmeroConnection,
  info: PixelsInfo,
  { signal }: CallSignal = {},
): Promise<SavedRendering> {
  const pixels = connection.service("::omero::api::IPixels");
  const call = { signal, context: inGroup(info.groupId) };
  const [description, saved] = await Promise.all([
    pixels.retrievePixDescription(info.id, call),
    pixels.retrieveRndSettings(info.id, call),
  ]);
  const settings = saved ?? (await makeSettings(connection, info, signal));
  return renderingOf(settings, described(description, info));
}

/** All settings that are saved for an image, the newest first. */
export async function renderingDefs(
  connection: OmeroConnection,
  info: PixelsInfo,
  options: RenderingDefsOptions = {},
): Promise<SavedRendering[]> {
  checkOptions(options, RENDERING_DEFS_OPTIONS, "renderingDefs");
  const { ownerId, signal } = options;
  const owner = ownerId === undefined ? -1 : toObjectId(ownerId, "ownerId");
  const pixels = connection.service("::omero::api::IPixels");
  const call = { signal, context: inGroup(info.groupId) };
  const [description, all] = await Promise.all([
    pixels.retrievePixDescription(info.id, call),
    pixels.retrieveAllRndSettings(info.id, owner, call),
  ]);
  const whole = described(description, info);
  return all.flatMap((settings) => (settings ? [renderingOf(settings as RenderingDef, whole)] : []));
}

function described(description: Pixels | null, { id }: PixelsInfo): Pixels {
  if (description) return description;
  throw new ServerError("SERVER_FAILURE", `the server does not describe Pixels ${id}`);
}

function renderingOf(settings: RenderingDef, { channelsSeq }: Pixels): SavedRendering {
  const { cdStart, cdEnd, bitResolution } = settings.quantization ?? {};
  const owner = settings.details?.owner?.id?.val;
  const shown = {
    model: settings.model?.value?.val ?? "rgb",
    z: settings.defaultZ?.val ?? 0,
    t: settings.defaultT?.val ?? 0,
    codomain: [cdStart?.val ?? 0, cdEnd?.val ?? 255] as const,
    bitResolution: bitResolution?.val ?? 255,
  };
  const channels = channelsSeq.map((channel, index) =>
    imageChannel(index, channel, settings.waveRenderingSeq[index] ?? null),
  );
  return {
    id: idNumber(settings.id!.val, "RenderingDef"),
    ownerId: owner === undefined ? undefined : idNumber(owner, "user"),
    ...shown,
    channels,
    settings: { ...(shown as SettingsToSave), channels: channels.map(channelView) },
  };
}

async function makeSettings(
  connection: OmeroConnection,
  info: PixelsInfo,
  signal: AbortSignal | undefined,
): Promise<RenderingDef> {
  const renderer = rendererOf(connection, info, {});
  try {
    await renderer.open({ signal });
  } finally {
    inBackground(renderer.close());
  }
  const pixels = connection.service("::omero::api::IPixels");
  const made = await pixels.retrieveRndSettings(info.id, { signal, context: inGroup(info.groupId) });
  if (made) return made;
  throw new ServerError("SERVER_FAILURE", `the server keeps no settings to show Pixels ${info.id} by`);
}
