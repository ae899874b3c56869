/** Random rows. */
import { ArgumentError } from "../../../errors.js";
import { rowsUpTo } from "../cells/numbers.js";

/** `count` of the rows, each at most once, in random order; the same for the same seed. @throws ArgumentError `INVALID_ARGUMENT` */
export function sampledRows(rowCount: number, count: number, seed: number): Int32Array {
  if (!Number.isInteger(count) || count < 1 || count > rowCount) {
    throw new ArgumentError("INVALID_ARGUMENT", `sample: give a number of rows from 1 to ${rowCount}; found ${count}`);
  }
  const random = randomNumbers(seed);
  const rows = rowsUpTo(rowCount);
  for (let at = 0; at < count; at++) {
    const other = at + Math.floor(random() * (rowCount - at));
    [rows[at], rows[other]] = [rows[other]!, rows[at]!];
  }
  return rows.slice(0, count);
}

/** Numbers from 0 to 1 (xorshift32, Marsaglia 2003). */
function randomNumbers(seed: number): () => number {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
