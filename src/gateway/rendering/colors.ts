/** Colours as texts, `#RRGGBB` or `#RRGGBBAA`, and as OMERO keeps them. */
import { invalidArgument } from "../../errors.js";

/** Parts of a colour, each 0 to 255. */
export interface RgbaColor {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

const DIGITS = /^#?(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

/** @param text `F00`, `FF0000` or `FF000080`, with or without `#`. @throws ArgumentError `INVALID_ARGUMENT` */
export function parseColor(text: string): RgbaColor {
  if (typeof text !== "string" || !DIGITS.test(text)) {
    const message = `${JSON.stringify(text)} is no colour: give three, six or eight hexadecimal digits, as in "#FF0000"`;
    throw invalidArgument(message);
  }
  const digits = text.replace("#", "");
  const long = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const [red, green, blue, alpha = 255] = long.match(/../g)!.map((pair) => Number.parseInt(pair, 16));
  return { red: red!, green: green!, blue: blue!, alpha };
}

/** `#RRGGBB`, and the opacity where it is not whole. */
export function colorText({ red, green, blue, alpha }: RgbaColor): string {
  const parts = alpha === 255 ? [red, green, blue] : [red, green, blue, alpha];
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`.toUpperCase();
}

/** A colour as shapes have it: an int32, red in its highest byte, opacity in its lowest. */
export function packedColor({ red, green, blue, alpha }: RgbaColor): number {
  return (red << 24) | (green << 16) | (blue << 8) | alpha;
}

export function unpackedColor(packed: number): RgbaColor {
  const byte = (shift: number) => (packed >>> shift) & 0xff;
  return { red: byte(24), green: byte(16), blue: byte(8), alpha: byte(0) };
}
