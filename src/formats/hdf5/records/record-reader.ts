import type { ColumnData, MaskColumn } from "../../../columns/batch.js";
import { firstNotUtf8 } from "../../../columns/texts.js";
import { DataError, throwIfAborted } from "../../../errors.js";
import { mapInOrder, steps } from "../../../flow/map-in-order.js";
import type { TableFile } from "../table-file.js";
import { type BlockBuffers, rowsInBlock } from "./block-buffers.js";
import { RecordGatherer } from "./record-gatherer.js";
import type { ColumnPlace } from "./record-layout.js";

/** Rows to be picked that are closer than this are read together with what is between them. */
const GAP_BYTES = 16 << 10;

/** Columns of rows `start ..< stop`. */
export async function readRows(
  file: TableFile,
  buffers: BlockBuffers,
  places: readonly ColumnPlace[],
  start: number,
  stop: number,
  signal: AbortSignal | undefined,
): Promise<ColumnData[]> {
  const { size } = file.record;
  const gatherer = new RecordGatherer(places, size, stop - start);
  const rowsAtOnce = wholeChunks(file);
  let turn: 0 | 1 = 0;
  const read = async (row: number, ending: AbortSignal) => {
    const records = buffers.take(turn, Math.min(rowsAtOnce, stop - row) * size);
    turn = turn === 0 ? 1 : 0;
    await file.readRecords(records, row, ending);
    return records;
  };
  const blocks = mapInOrder(steps(start, stop, rowsAtOnce), read, { signal, label: "reading the table's file" });
  for await (const records of blocks) gatherer.add(records);
  const masks = (count: number) => file.readMasks(start, count);
  const columns = gatherer.finish();
  checkTexts(places, columns, (row) => start + row);
  return withMaskBits(file, places, columns, stop - start, masks);
}

/** Rows of a block: whole chunks where they fit. */
function wholeChunks({ record, chunkRows }: TableFile): number {
  const rows = rowsInBlock(record.size);
  return rows > chunkRows ? rows - (rows % chunkRows) : rows;
}

/** Columns of the rows listed, in their order. */
export async function pickRows(
  file: TableFile,
  places: readonly ColumnPlace[],
  rows: Float64Array,
  signal: AbortSignal | undefined,
): Promise<ColumnData[]> {
  const { size } = file.record;
  const gatherer = new RecordGatherer(places, size, rows.length);
  const rowsAtOnce = rowsInBlock(size);
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    throwIfAborted(signal, "reading the table's file");
    gatherer.add(await pickRecords(file, rows.subarray(start, start + rowsAtOnce), signal));
  }
  const masks = (count: number) => pickMasks(file, rows.subarray(0, count));
  const columns = gatherer.finish();
  checkTexts(places, columns, (row) => rows[row]!);
  return withMaskBits(file, places, columns, rows.length, masks);
}

/** Text is stored as bytes of whatever encoding; OMERO.tables writes and reads UTF-8. */
function checkTexts(
  places: readonly ColumnPlace[],
  columns: readonly ColumnData[],
  rowNumber: (row: number) => number,
): void {
  for (const [index, column] of columns.entries()) {
    const foreign = column.kind === "string" ? firstNotUtf8(column) : -1;
    if (foreign < 0) continue;
    const { name } = places[index]!.field;
    const row = rowNumber(foreign);
    throw new DataError("MALFORMED_FILE", `column "${name}", row ${row}: the text is not UTF-8`, { column: name, row });
  }
}

async function pickRecords(file: TableFile, rows: Float64Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { size } = file.record;
  const picked = new Uint8Array(rows.length * size);
  for (const { first, last, order } of spans(rows, size)) {
    const span = new Uint8Array((last - first + 1) * size);
    await file.readRecords(span, first, signal);
    for (const index of order) {
      const at = (rows[index]! - first) * size;
      picked.set(span.subarray(at, at + size), index * size);
    }
  }
  return picked;
}

interface Span {
  readonly first: number;
  readonly last: number;
  /** Positions in the list of rows that lie in this span. */
  readonly order: Uint32Array;
}

/** Stretches of a table that hold the rows listed. */
function* spans(rows: Float64Array, recordSize: number): Generator<Span> {
  const order = Uint32Array.from(rows, (_, index) => index);
  if (!isAscending(rows)) order.sort((a, b) => rows[a]! - rows[b]!);
  const gap = Math.floor(GAP_BYTES / recordSize) + 1;
  const longest = rowsInBlock(recordSize);
  for (let start = 0; start < order.length; ) {
    const first = rows[order[start]!]!;
    let last = first;
    let end = start + 1;
    for (; end < order.length; end++) {
      const row = rows[order[end]!]!;
      if (row - last > gap || row - first >= longest) break;
      last = row;
    }
    yield { first, last, order: order.subarray(start, end) };
    start = end;
  }
}

function isAscending(rows: Float64Array): boolean {
  for (let index = 1; index < rows.length; index++) if (rows[index]! < rows[index - 1]!) return false;
  return true;
}

type MaskBits = Pick<MaskColumn, "offsets" | "bytes">;

async function pickMasks(file: TableFile, rows: Float64Array): Promise<MaskBits> {
  const offsets = new Int32Array(rows.length + 1);
  const parts: Uint8Array[] = [];
  for (const [index, row] of rows.entries()) {
    const { bytes } = await file.readMasks(row, 1);
    parts.push(bytes);
    offsets[index + 1] = offsets[index]! + bytes.length;
  }
  const bytes = new Uint8Array(offsets.at(-1)!);
  for (const [index, part] of parts.entries()) bytes.set(part, offsets[index]);
  return { offsets, bytes };
}

/** Adds the bits to Mask columns. */
async function withMaskBits(
  file: TableFile,
  places: readonly ColumnPlace[],
  columns: ColumnData[],
  rowCount: number,
  read: (count: number) => Promise<MaskBits>,
): Promise<ColumnData[]> {
  const index = places.findIndex(({ field }) => field.type === "Mask");
  if (index < 0 || rowCount === 0) return columns;
  const { name } = places[index]!.field;
  if (file.columnTypes.filter((type) => type === "::omero::grid::MaskColumn").length > 1) {
    const message = `column "${name}" cannot be read: the file holds the bits of several Mask columns in one list, mixed`;
    throw new DataError("UNSUPPORTED_TYPE", message, { column: name });
  }
  if (file.maskCount < file.rowCount) {
    const message = `column "${name}" has ${file.rowCount} rows, but the bits of ${file.maskCount} masks are there`;
    throw new DataError("MALFORMED_FILE", message, { column: name });
  }
  const bits = await read(rowCount);
  return columns.map((column) => (column.kind === "mask" ? { ...column, ...bits } : column));
}
