import { HIGH_HALF, LOW_HALF } from "../../columns/int64.js";

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
