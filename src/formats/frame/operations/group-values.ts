/** Aggregates that need the values of each group together, and those that give a value a row. */
import { comparable } from "../cells/cell-codes.js";
import { holdsIntegers, isMissing, type NamedCells } from "../cells/cell-table.js";
import { Cells } from "../cells/cells.js";
import type { FrameCell } from "../cells/frame-cell.js";
import { numbersOf } from "../cells/numbers.js";
import type { Aggregated } from "./aggregates.js";
import type { RowGroups } from "./group-rows.js";
import { quantileOf } from "./statistics.js";

/** The middle values; NaN where there is none. */
export function medianValue(column: NamedCells, { rows, starts, count }: RowGroups): Aggregated {
  const numbers = numbersOf(column);
  const medians: number[] = [];
  for (let group = 0; group < count; group++) {
    const values = new Float64Array(starts[group + 1]! - starts[group]!);
    for (let at = 0; at < values.length; at++) values[at] = numbers[rows[starts[group]! + at]!]!;
    medians.push(quantileOf(values, 0.5));
  }
  return { cells: Cells.of(medians), type: "float32" };
}

/** How many different values there are. */
export function countDifferent({ cells: { list } }: NamedCells, { rows, starts, count }: RowGroups): Aggregated {
  const counts: number[] = [];
  for (let group = 0; group < count; group++) {
    const different = new Set<unknown>();
    for (const row of rows.subarray(starts[group], starts[group + 1])) {
      if (!isMissing(list[row])) different.add(comparable(list[row]));
    }
    counts.push(different.size);
  }
  return { cells: Cells.of(counts), type: "int32" };
}

/** The value that is there most often; of several, the first. */
export function mostFrequent(
  { cells: { list }, type, isWide }: NamedCells,
  { rows, starts, count }: RowGroups,
): Aggregated {
  const modes: FrameCell[] = [];
  for (let group = 0; group < count; group++) {
    const counts = new Map<FrameCell, number>();
    let mode: FrameCell = Number.NaN;
    for (const row of rows.subarray(starts[group], starts[group + 1])) {
      const cell = list[row]!;
      if (isMissing(cell)) continue;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
      if (counts.get(cell)! > (counts.get(mode) ?? 0)) mode = cell;
    }
    modes.push(mode);
  }
  return { cells: Cells.of(modes), type, isWide };
}

/** Values that go on from row to row within a group; a missing value stays missing and is passed over. */
export function accumulated(combine: (sum: number, value: number) => number) {
  return (column: NamedCells, { rows, starts, count }: RowGroups): Aggregated => {
    const numbers = numbersOf(column);
    const results: number[] = [];
    for (let group = 0; group < count; group++) {
      let sum = Number.NaN;
      for (const row of rows.subarray(starts[group], starts[group + 1])) {
        const value = numbers[row]!;
        if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : combine(sum, value);
        results.push(Number.isNaN(value) ? Number.NaN : sum);
      }
    }
    const isNarrow = holdsIntegers(column) && results.every((value) => (value | 0) === value);
    return { cells: Cells.of(results), type: isNarrow ? "int32" : "float32" };
  };
}
