/** Shapes of SVG, as text, and axes. */

export const INK = "#222";

export interface TextOptions {
  readonly anchor?: "start" | "middle" | "end";
  readonly fill?: string;
  readonly bold?: boolean;
  readonly size?: number;
}

export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { anchor = "start", fill = INK, bold = false, size } = options;
  const extra = `${bold ? ' font-weight="bold"' : ""}${size === undefined ? "" : ` font-size="${size}"`}`;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}"${extra}>${escaped(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}" stroke-width="${width}"/>`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(1, width))}" height="${height}" fill="${fill}"/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The place of a value in the picture. */
export type Axis = (value: number) => number;

export function logAxis(least: number, most: number, from: number, to: number): Axis {
  const span = Math.log(most / least);
  return (value) => from + (Math.log(Math.max(value, least) / least) / span) * (to - from);
}

export function linearAxis(most: number, from: number, to: number): Axis {
  return (value) => from + (value / most) * (to - from);
}

/** Round numbers at most `most`, up to about eight. */
export function roundTicks(most: number): number[] {
  const rough = most / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

/** Decades from which on only powers of ten have room. */
const WIDE = 3.4;

/** Round numbers from `least` to `most` for a logarithmic axis: 1, 2, 5 and so on. */
export function logTicks(least: number, most: number): number[] {
  const powers = powersOfTen(least / 10, most);
  const ticks = Math.log10(most / least) > WIDE ? powers : powers.flatMap((power) => [power, 2 * power, 5 * power]);
  return ticks.filter((tick) => tick >= least && tick <= most);
}

export function powersOfTen(least: number, most: number): number[] {
  const first = Math.ceil(Math.log10(least) - 1e-9);
  const count = Math.max(0, Math.floor(Math.log10(most) + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, index) => Number(`1e${first + index}`));
}
