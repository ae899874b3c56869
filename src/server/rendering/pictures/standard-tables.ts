/** A few tables of colours, made by formulas: scales that grow from black, and others. */
import type { LookupTable } from "./lookup-tables.js";

const LEVELS = 256;
const BRIGHTEST = 255;

type Colour = (level: number) => readonly [red: number, green: number, blue: number];

/** Three thirds of a scale: colours come one after the other. */
const thirds = (level: number): readonly [number, number, number] => [
  3 * level,
  3 * level - BRIGHTEST,
  3 * level - 2 * BRIGHTEST,
];

const SCALES: Readonly<Record<string, Colour>> = {
  "cool.lut": (level) => [level, BRIGHTEST - level, BRIGHTEST],
  "cyan_hot.lut": (level) => [2 * level - BRIGHTEST, 2 * level, 2 * level],
  "fire.lut": (level) => thirds(level),
  "grays.lut": (level) => [level, level, level],
  "grays_inverted.lut": (level) => [BRIGHTEST - level, BRIGHTEST - level, BRIGHTEST - level],
  "green_fire.lut": (level) => at(thirds(level), [1, 0, 2]),
  "ice.lut": (level) => at(thirds(level), [2, 1, 0]),
  "magenta_hot.lut": (level) => [2 * level, 2 * level - BRIGHTEST, 2 * level],
  "spectrum.lut": (level) => hue((5 * level) / BRIGHTEST),
};

/** By the names of their files. */
export function standardTables(): Map<string, LookupTable> {
  return new Map(Object.entries(SCALES).map(([name, colour]) => [name, tableOf(colour)]));
}

/** As .lut files have it: reds, greens, blues. */
export function lookupTableBytes({ red, green, blue }: LookupTable): Uint8Array {
  return Buffer.concat([red, green, blue]);
}

function tableOf(colour: Colour): LookupTable {
  const levels = Array.from({ length: LEVELS }, (_, level) => colour(level));
  const band = (index: number) => Uint8Array.from(levels, (each) => clipped(each[index]!));
  return { red: band(0), green: band(1), blue: band(2) };
}

function at(colours: readonly number[], [red, green, blue]: readonly [number, number, number]) {
  return [colours[red]!, colours[green]!, colours[blue]!] as const;
}

/** Full colours around the circle: 0 red, 2 green, 4 blue. */
function hue(position: number): readonly [number, number, number] {
  const distance = (centre: number) => Math.min(Math.abs(position - centre), 6 - Math.abs(position - centre));
  const share = (centre: number) => BRIGHTEST * (2 - distance(centre));
  return [share(0), share(2), share(4)];
}

function clipped(value: number): number {
  return Math.max(0, Math.min(BRIGHTEST, Math.round(value)));
}
