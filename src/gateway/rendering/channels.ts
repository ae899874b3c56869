/** The channels of an image: what they are called, and how they are shown. */
import type { Channel, ChannelBinding, Length, LogicalChannel } from "../../connect/ice/schema/omero.js";
import { colorText } from "./colors.js";
import type { ChannelView } from "./render-settings.js";

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
  /** Whether bright becomes dark. */
  readonly reverse: boolean;
  /** How brightness grows with the values: `linear`, `polynomial`, `exponential` or `logarithmic`. */
  readonly family: string;
  /** Its coefficient. */
  readonly coefficient: number;
  /** Whether the lowest and highest tenth of the values are shown flat. */
  readonly noiseReduction: boolean;
  /** Emission wavelength in nanometres. */
  readonly emissionWave: number | undefined;
  /** Excitation wavelength in nanometres. */
  readonly excitationWave: number | undefined;
}

const REVERSE_INTENSITY = "::omero::model::ReverseIntensityContext";

const NANOMETRES: Partial<Record<Length["unit"], number>> = {
  NANOMETER: 1,
  PICOMETER: 1e-3,
  ANGSTROM: 0.1,
  MICROMETER: 1e3,
  MILLIMETER: 1e6,
  METER: 1e9,
};

export function imageChannel(index: number, channel: Channel | null, binding: ChannelBinding | null): ImageChannel {
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
    reverse: (binding?.spatialDomainEnhancementSeq ?? []).some((map) => map?.iceId === REVERSE_INTENSITY),
    family: binding?.family?.value?.val ?? "linear",
    coefficient: binding?.coefficient?.val ?? 1,
    noiseReduction: binding?.noiseReduction?.val ?? false,
    emissionWave: emission,
    excitationWave: nanometres(excitationWave),
  };
}

/** The channel as settings name it. */
export function channelView(channel: ImageChannel): ChannelView {
  const { index, window, color, active, lut = null, reverse, noiseReduction } = channel;
  const { family, coefficient } = channel as Pick<ChannelView, "family" | "coefficient">;
  return { index, window, color, active, lut, reverse, family, coefficient, noiseReduction };
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
