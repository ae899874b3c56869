/** The channels of an image: what they are called, and how they are shown. */
import type { OmeroConnection } from "../../connect/connection.js";
import type { Channel, ChannelBinding, Length, LogicalChannel, RenderingDef } from "../../connect/ice/schema/omero.js";
import { ServerError } from "../../errors.js";
import { inBackground } from "../../flow/failures.js";
import type { PixelsInfo } from "../pixels/pixels-info.js";
import { inGroup } from "../query-parameters.js";
import { colorText } from "./colors.js";
import { rendererOf } from "./render-image.js";

/** A channel of an image. */
export interface ImageChannel {
  /** From 0. */
  readonly index: number;
  /** Its name; without one its emission wavelength in nanometres, else its index. */
  readonly label: string;
  /** Its name, if it has one. */
  readonly name: string | undefined;
  /** `#RRGGBB`, or with opacity `#RRGGBBAA`. */
  readonly color: string;
  /** Whether it is shown. */
  readonly active: boolean;
  /** The values shown darkest and brightest. */
  readonly window: readonly [start: number, end: number];
  /** Least and greatest value, where the server knows them. */
  readonly range: readonly [minimum: number, maximum: number] | undefined;
  /** Name of its lookup table, if it has one. */
  readonly lut: string | undefined;
  /** Emission wavelength in nanometres. */
  readonly emissionWave: number | undefined;
  /** Excitation wavelength in nanometres. */
  readonly excitationWave: number | undefined;
}

/** How an image is shown by default. */
export interface SavedRendering {
  /** `rgb` or `greyscale`. */
  readonly model: string;
  /** Section, from 0. */
  readonly z: number;
  /** Time point, from 0. */
  readonly t: number;
  /** In the image's order. */
  readonly channels: readonly ImageChannel[];
}

const NANOMETRES: Partial<Record<Length["unit"], number>> = {
  NANOMETER: 1,
  PICOMETER: 1e-3,
  ANGSTROM: 0.1,
  MICROMETER: 1e3,
  MILLIMETER: 1e6,
  METER: 1e9,
};

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
  if (!description) throw new ServerError("SERVER_FAILURE", `the server does not describe Pixels ${info.id}`);
  const settings = saved ?? (await makeSettings(connection, info, signal));
  return {
    model: settings.model?.value?.val ?? "rgb",
    z: settings.defaultZ?.val ?? 0,
    t: settings.defaultT?.val ?? 0,
    channels: description.channelsSeq.map((channel, index) =>
      imageChannel(index, channel, settings.waveRenderingSeq[index] ?? null),
    ),
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

function imageChannel(index: number, channel: Channel | null, binding: ChannelBinding | null): ImageChannel {
  const { name, emissionWave, excitationWave } = channel?.logicalChannel ?? ({} as Partial<LogicalChannel>);
  const emission = nanometres(emissionWave);
  const text = name?.val || undefined;
  const { globalMin, globalMax } = channel?.statsInfo ?? {};
  return {
    index,
    label: text ?? String(emission ?? index),
    name: text,
    color: colorText(colorOf(binding)),
    active: binding?.active?.val ?? false,
    window: [binding?.inputStart?.val ?? 0, binding?.inputEnd?.val ?? 0],
    range: globalMin && globalMax ? [globalMin.val, globalMax.val] : undefined,
    lut: binding?.lookupTable?.val || undefined,
    emissionWave: emission,
    excitationWave: nanometres(excitationWave),
  };
}

function colorOf(binding: ChannelBinding | null) {
  const { red, green, blue, alpha } = binding ?? {};
  return { red: red?.val ?? 0, green: green?.val ?? 0, blue: blue?.val ?? 0, alpha: alpha?.val ?? 255 };
}

function nanometres(length: Length | null | undefined): number | undefined {
  if (!length) return undefined;
  const factor = NANOMETRES[length.unit];
  return factor === undefined ? undefined : length.value * factor;
}
