/** How pixels are shown: which channels, in what colours, with what part of their values. */

export const FAMILIES = ["linear", "polynomial", "exponential", "logarithmic"] as const;
export type FamilyName = (typeof FAMILIES)[number];
export type ModelName = "rgb" | "greyscale";

export interface ChannelSettings {
  /** Of the ChannelBinding; undefined while it is not stored. */
  id?: bigint | undefined;
  active: boolean;
  family: FamilyName;
  coefficient: number;
  noiseReduction: boolean;
  /** The values that become the darkest and the brightest. */
  inputStart: number;
  inputEnd: number;
  red: number;
  green: number;
  blue: number;
  alpha: number;
  /** Name of a table of colours; null for none. */
  lookupTable: string | null;
  /** Dark and bright exchanged. */
  isReversed: boolean;
}

export interface RenderingSettings {
  /** Of the RenderingDef; undefined while it is not stored. */
  id?: bigint | undefined;
  /** Of the QuantumDef. */
  quantizationId?: bigint | undefined;
  /** Whose they are. */
  owner?: bigint | undefined;
  defaultZ: number;
  defaultT: number;
  model: ModelName;
  cdStart: number;
  cdEnd: number;
  bitResolution: number;
  channels: ChannelSettings[];
}

/** The greatest value of a colour, and of what quantization gives. */
export const BRIGHTEST = 255;
