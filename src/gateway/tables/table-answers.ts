/** What a table service answers, compared with what it was asked for. */
import type { ColumnField } from "../../columns/batch.js";
import { isSized } from "../../columns/kinds/kinds.js";
import { WireError } from "../../errors.js";

/** @throws WireError `MALFORMED_MESSAGE` for what is no number of rows */
export function rowCountOf(rows: bigint): number {
  const count = Number(rows);
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new WireError("MALFORMED_MESSAGE", `the server says that a table has ${rows} rows`);
}

/** @throws WireError `MALFORMED_MESSAGE` unless hits ascend within the rows that were searched */
export function checkedHits(hits: Float64Array, start: number, stop: number): Float64Array {
  let least = start;
  for (const hit of hits) {
    if (hit < least || hit >= stop) {
      const text = `row ${hit} was given for rows ${start} to ${stop} that were searched, out of range or order`;
      throw new WireError("MALFORMED_MESSAGE", text);
    }
    least = hit + 1;
  }
  return hits;
}

/** @throws WireError `MALFORMED_MESSAGE` where an answer has other columns than it was asked for */
export function checkAnswer(found: readonly ColumnField[], asked: readonly ColumnField[], fileId: number): void {
  const index = asked.findIndex((field, position) => describe(field) !== describe(found[position]));
  if (index < 0 && found.length === asked.length) return;
  const at = index < 0 ? asked.length : index;
  const text = `table ${fileId} answered with ${describe(found[at])} where ${describe(asked[at])} was asked for`;
  throw new WireError("MALFORMED_MESSAGE", text, { fileId });
}

function describe(field: ColumnField | undefined): string {
  if (field === undefined) return "no column";
  const { name, type, size } = field;
  return isSized(type) ? `${type} "${name}" of size ${size}` : `${type} "${name}"`;
}
