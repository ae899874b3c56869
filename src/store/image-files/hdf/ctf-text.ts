/**
 * Contrast transfer functions as stacks of EMAN2 hold them: a text of numbers, "E" before those of EMAN2 and "O" before those
 * of EMAN1. From its databases they come as instances of their classes, made from a list.
 */
import type { Storable } from "../../records/storable.js";

/** The text; undefined for what is no contrast transfer function. */
export function ctfText(value: Storable): string | undefined {
  const { class: name, arguments: given } = (value ?? {}) as { class?: unknown; arguments?: unknown };
  const [list] = Array.isArray(given) ? (given as unknown[]) : [];
  if (typeof name !== "string" || !isNumbers(list)) return undefined;
  if (/(^|\.)EMAN2Ctf$/.test(name)) return eman2Text(list);
  return /(^|\.)EMAN1Ctf$/.test(name) && list.length === 11 ? eman1Text(list) : undefined;
}

function isNumbers(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((item) => typeof item === "number");
}

/** Nine numbers; how many follow for the background, and these; the same for the signal-to-noise ratio. */
function eman2Text(list: readonly number[]): string | undefined {
  const background = counted(list, 9);
  const ratio = background && counted(list, 10 + background.length);
  if (!background || !ratio || list.length !== 11 + background.length + ratio.length) return undefined;
  const lists = [background, ratio].map((items) => [items.length, ...items.map((item) => short(item, 3))].join(","));
  return `E${[...list.slice(0, 9).map((item) => short(item, 10)), ...lists].join(" ")}`;
}

function counted(list: readonly number[], at: number): readonly number[] | undefined {
  const count = list[at];
  return Number.isInteger(count) && count! >= 0 && at + count! < list.length
    ? list.slice(at + 1, at + 1 + count!)
    : undefined;
}

/** In the units of EMAN1. */
function eman1Text(list: readonly number[]): string {
  const [defocus, bfactor, amplitude, ampcont, ...others] = list as [number, number, number, number];
  const numbers = [-defocus, bfactor / 4, amplitude, ampcont / 100, ...(others as number[])];
  return `O${numbers.map((item) => short(item, 10)).join(" ")}`;
}

/** So many digits, without noughts at the end. */
function short(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
