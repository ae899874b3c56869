/** Cells of which many are equal, as places in a list of values: texts, and true and false. */
import type { FrameCell } from "./frame-cell.js";
import { newCells } from "./new-cells.js";

export interface CodedCells {
  /** One place in `values` a cell. */
  readonly codes: Uint16Array;
  /** Different values, some of which may be at no place. */
  readonly values: readonly FrameCell[];
}

const MOST_VALUES = 65_535;
/** So many cells are looked at before it is asked whether enough of them are equal. */
const LOOKED_AT = 4096;
const LEAST_A_VALUE = 4;

/** Undefined where there are other cells than texts, true, false and NaN, or too few equal ones. */
export function codedCells(list: readonly FrameCell[]): CodedCells | undefined {
  const codeOf = new Map<FrameCell, number>();
  const codes = new Uint16Array(list.length);
  for (let row = 0; row < list.length; row++) {
    const cell = list[row]!;
    let code = codeOf.get(cell);
    if (code === undefined) {
      if (!isCodable(cell) || !isWorthwhile(codeOf.size, row)) return undefined;
      code = codeOf.size;
      codeOf.set(cell, code);
    }
    codes[row] = code;
  }
  return { codes, values: [...codeOf.keys()] };
}

function isCodable(cell: FrameCell): boolean {
  return typeof cell === "string" || typeof cell === "boolean" || Number.isNaN(cell);
}

function isWorthwhile(valueCount: number, row: number): boolean {
  return valueCount < MOST_VALUES && (row < LOOKED_AT || valueCount * LEAST_A_VALUE < row);
}

export function listOfCodes({ codes, values }: CodedCells): FrameCell[] {
  const list = newCells<FrameCell>(codes.length, values[0]);
  for (let row = 0; row < codes.length; row++) list[row] = values[codes[row]!]!;
  return list;
}

/** Cells at `rows`; NaN at -1. Undefined where there is no room for one more value. */
export function takeCoded({ codes, values }: CodedCells, rows: Int32Array): CodedCells | undefined {
  const known = values.findIndex((value) => Number.isNaN(value));
  const missing = known < 0 ? values.length : known;
  if (missing === MOST_VALUES) return undefined;
  const taken = new Uint16Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    taken[at] = row < 0 ? missing : codes[row]!;
  }
  return { codes: taken, values: known < 0 ? [...values, Number.NaN] : values };
}

/** The cells of all parts, one after the other; undefined where they have too many values. */
export function joinCoded(parts: readonly CodedCells[]): CodedCells | undefined {
  const values = [...new Set(parts.flatMap((part) => part.values))];
  if (values.length > MOST_VALUES) return undefined;
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = new Uint16Array(parts.reduce((sum, part) => sum + part.codes.length, 0));
  let start = 0;
  for (const part of parts) {
    const joined = codes.subarray(start, start + part.codes.length);
    recode(
      part.codes,
      Uint16Array.from(part.values, (value) => codeOf.get(value)!),
      joined,
    );
    start += part.codes.length;
  }
  return { codes, values };
}

function recode(codes: Uint16Array, newCodes: Uint16Array, to: Uint16Array): void {
  if (newCodes.every((code, old) => code === old)) to.set(codes);
  else for (let row = 0; row < codes.length; row++) to[row] = newCodes[codes[row]!]!;
}
