import { HIGH_HALF, LOW_HALF } from "../../columns/int64.js";
import type { RowSpan } from "../../columns/table.js";
import { ArgumentError } from "../../errors.js";
import type { OriginalFileInfo } from "../files/original-file.js";

/** Row numbers as they are sent: exact integers, 0 or more, as int64. No object per number. */
export function toInt64Array(rows: Float64Array): BigInt64Array {
  const numbers = new BigInt64Array(rows.length);
  const halves = new Uint32Array(numbers.buffer);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    halves[2 * index + LOW_HALF] = row % 0x1_0000_0000;
    halves[2 * index + HIGH_HALF] = Math.floor(row / 0x1_0000_0000);
  }
  return numbers;
}

/** A span as far as there are rows. @throws ArgumentError `ROWS_OUT_OF_RANGE` for what is no span */
export function clampedSpan({ start, stop }: RowSpan, rowCount: number): { start: number; stop: number } {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 0 && stop >= start)) {
    throw outOfRange(`rows ${start} to ${stop}: give whole numbers, 0 <= start <= stop`);
  }
  const end = Math.min(stop, rowCount);
  return { start: Math.min(start, end), stop: end };
}

/** @throws ArgumentError `ROWS_OUT_OF_RANGE` */
export function checkStep(step: number): void {
  if (Number.isSafeInteger(step) && step >= 1) return;
  throw outOfRange(`a step of ${step}: give a whole number from 1`);
}

/** @throws ArgumentError `ROWS_OUT_OF_RANGE` for a row that the table does not have */
export function checkRowNumbers(rows: Float64Array, rowCount: number, { id }: OriginalFileInfo): void {
  for (const row of rows) {
    if (Number.isInteger(row) && row >= 0 && row < rowCount) continue;
    throw outOfRange(`row ${row} is not in table ${id}, which has ${rowCount} rows, from 0`, row);
  }
}

function outOfRange(message: string, row?: number): ArgumentError {
  return new ArgumentError("ROWS_OUT_OF_RANGE", message, { row });
}
