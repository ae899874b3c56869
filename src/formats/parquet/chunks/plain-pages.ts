/** Values as Parquet's encoding PLAIN has them, page by page. */
import type { BoolColumn, DoubleColumn, LongColumn, StringColumn } from "../../../columns/batch.js";
import { littleEndianBytes } from "../../../columns/int64.js";

export interface Page {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** Bytes of a page of texts, about. */
const PAGE_BYTES = 1 << 20;

export function numberPages({ values }: LongColumn | DoubleColumn): Page[] {
  return [{ bytes: littleEndianBytes(values), rows: values.length }];
}

/** A bit a row. */
export function boolPages({ values }: BoolColumn): Page[] {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (let row = 0; row < values.length; row++) bytes[row >> 3]! |= (values[row]! & 1) << (row & 7);
  return [{ bytes, rows: values.length }];
}

export function textPages(column: StringColumn): Page[] {
  const { offsets } = column;
  const rowCount = offsets.length - 1;
  const pages: Page[] = [];
  for (let start = 0; start < rowCount; ) {
    let stop = start + 1;
    while (stop < rowCount && offsets[stop + 1]! - offsets[start]! + 4 * (stop - start + 1) <= PAGE_BYTES) stop++;
    pages.push({ bytes: textPage(column, start, stop), rows: stop - start });
    start = stop;
  }
  return pages;
}

/** Each text after its length. */
function textPage({ offsets, bytes }: StringColumn, start: number, stop: number): Uint8Array {
  const page = new Uint8Array(offsets[stop]! - offsets[start]! + 4 * (stop - start));
  const view = new DataView(page.buffer);
  let at = 0;
  for (let row = start; row < stop; row++) {
    const begin = offsets[row]!;
    const end = offsets[row + 1]!;
    view.setUint32(at, end - begin, true);
    at += 4;
    for (let byte = begin; byte < end; byte++) page[at++] = bytes[byte]!;
  }
  return page;
}
