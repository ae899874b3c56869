/**
 * danfojs 1.2 selects by a boolean mask (`frame.query(mask)`, `iloc({ rows: mask })`) with index labels where positions
 * are meant. That goes unnoticed while the index counts 0, 1, 2, ...; with the row numbers of a selection as index it
 * fails or, worse, returns other rows. Masks are turned into positions here, before danfojs sees them.
 */
import type { Danfojs } from "./frame-base.js";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Corrects danfojs, for all frames and series of this process, unless it needs no correction. */
export function selectMasksByPosition(danfojs: Danfojs): void {
  if (masksWork(danfojs)) return;
  const { DataFrame, Series } = danfojs;
  const positions = (rows: unknown) => positionsOf(valuesOf(rows)) ?? rows;
  const inPlaces = (places: unknown) => ({
    ...(places as object),
    rows: positions((places as { rows?: unknown }).rows),
  });
  replace(DataFrame.prototype, "query", positions);
  replace(DataFrame.prototype, "iloc", inPlaces);
  replace(Series.prototype, "iloc", positions);
}

function masksWork({ DataFrame }: Danfojs): boolean {
  const frame = new DataFrame([["a"], ["b"]], { index: [1, 0], columns: ["letter"] });
  const { query } = frame as unknown as { query: (mask: boolean[]) => { values: unknown[][] } };
  return query.call(frame, [true, false]).values[0]?.[0] === "a";
}

/** The values of a Series; anything else as it is. */
function valuesOf(rows: unknown): unknown {
  return typeof rows === "object" && rows !== null && "$isSeries" in rows
    ? (rows as { values?: unknown }).values
    : rows;
}

/** Where a mask is true; undefined for what is no mask. */
function positionsOf(mask: unknown): number[] | undefined {
  if (!Array.isArray(mask) || mask.length === 0 || mask.some((value) => typeof value !== "boolean")) return undefined;
  const positions: number[] = [];
  for (const [position, value] of mask.entries()) if (value) positions.push(position);
  return positions;
}

/** Passes a method's first argument through `correct`. The method belongs to the class that frames derive from. */
function replace(prototype: object, name: string, correct: (argument: unknown) => unknown): void {
  let owner = prototype as Record<string, Method>;
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
  const original = owner[name]!;
  owner[name] = function (this: unknown, first: unknown, ...rest: unknown[]) {
    return original.call(this, correct(first), ...rest);
  };
}
