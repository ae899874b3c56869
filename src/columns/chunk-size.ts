/**
 * The chunk-size optimizer: how many rows to ask for, or to send, in one call.
 *
 * Three limits and one optimum meet here. A message must stay below the limit that client, router and server share;
 * all chunks alive at once must fit a memory budget; nothing is gained beyond the rows there are. Within that, a call
 * has a fixed cost and a cost for each row: few large chunks spend less on the fixed cost, many small ones overlap
 * transfer with the work at both ends.
 */

import type { ColumnField, ColumnType } from "./batch.js";
import { elementBytes } from "./kinds/array.js";

/** What one call of a kind costs: `perCall + rows * perRow` milliseconds. */
export interface CallCost {
  readonly perCall: number;
  readonly perRow: number;
}

/** `Ice.MessageSizeMax` of OMERO servers as installed since 5.2.2: 250,000 KiB. A server does not tell its own. */
export const USUAL_MESSAGE_LIMIT = 250_000 * 1024;
/** The least that is known of OMERO servers: before 5.2.2, and where an old configuration was kept. */
export const LEAST_MESSAGE_LIMIT = 64 * 1024 * 1024;
/** Messages of chosen chunks stay below this: nothing is gained by larger ones. */
export const CHOSEN_MESSAGE_LIMIT = 32 * 1024 * 1024;
/** Bytes that all chunks of one transfer may take together. */
export const DEFAULT_MEMORY_BUDGET = 96 * 1024 * 1024;

export interface ChunkLimits {
  /** Largest message in bytes; default {@link CHOSEN_MESSAGE_LIMIT}. */
  readonly messageLimit?: number | undefined;
  /** Bytes for all chunks alive at once; default {@link DEFAULT_MEMORY_BUDGET}. */
  readonly memoryBudget?: number | undefined;
  /** Chunks alive at once: in flight, waiting and in the consumer's hands; default 4. */
  readonly chunksAlive?: number | undefined;
  /** Bytes a row really takes, where known; default {@link typicalRowBytes}. */
  readonly rowBytes?: number | undefined;
  /** Bytes of a mask's bitmap; the header does not say. Default {@link ASSUMED_MASK_BYTES}. */
  readonly maskBytes?: number | undefined;
}

export interface ChunkSize {
  /** Rows a call, at least 1. */
  readonly rows: number;
  /** What kept it from being larger. */
  readonly boundBy: "cost" | "message" | "memory" | "rows";
}

/** A bitmap of 256 x 256 pixels is 8 KiB; allow for the double. */
const ASSUMED_MASK_BYTES = 16 * 1024;

/** Part of the message limit that column data may fill; the rest is for headers, names and row numbers. */
const USABLE_SHARE = 0.85;
const ROW_NUMBER_BYTES = 8;
/** Message bytes and the columns decoded from them exist side by side for a while. */
const COPIES_WHILE_DECODING = 2;
const TYPICAL_TEXT_BYTES = 32;

/** The most bytes a row of these columns takes in an Ice message (encoding 1.0). */
export function wireRowBytes(fields: readonly ColumnField[], maskBytes = ASSUMED_MASK_BYTES): number {
  return fields.reduce((sum, { type, size }) => sum + wireCellBytes(type, size, maskBytes), ROW_NUMBER_BYTES);
}

function wireCellBytes(type: ColumnType, size: number, maskBytes: number): number {
  switch (type) {
    case "Bool":
      return 1;
    case "String":
      return sizePrefix(size) + size;
    case "FloatArray":
    case "DoubleArray":
    case "LongArray":
      return sizePrefix(size) + size * elementBytes(type)!;
    case "Mask":
      return 8 + 2 * 4 + 4 * 8 + sizePrefix(maskBytes) + maskBytes;
    default:
      return 8;
  }
}

/** An Ice size is one byte below 255, else five. */
function sizePrefix(size: number): number {
  return size < 255 ? 1 : 5;
}

/** Bytes a row can be expected to take before any was seen: text rarely fills a wide column. */
export function typicalRowBytes(fields: readonly ColumnField[], maskBytes = ASSUMED_MASK_BYTES): number {
  const excess = fields.reduce(
    (sum, { type, size }) => sum + (type === "String" && size > TYPICAL_TEXT_BYTES ? size - TYPICAL_TEXT_BYTES : 0),
    0,
  );
  return wireRowBytes(fields, maskBytes) - 0.75 * excess;
}

/** Bytes of a row in the table's file: every call reads whole rows, whichever columns it wants. */
export function recordBytes(fields: readonly ColumnField[]): number {
  return fields.reduce((sum, { type, size }) => sum + recordCellBytes(type, size), 0);
}

function recordCellBytes(type: ColumnType, size: number): number {
  if (type === "Bool") return 1;
  if (type === "String") return size;
  if (type === "Mask") return 48;
  return (elementBytes(type) ?? 8) * Math.max(size, 1);
}

/** Most rows that surely fit one message, at least 1. */
export function messageRows(fields: readonly ColumnField[], limits: ChunkLimits = {}): number {
  const usable = (limits.messageLimit ?? CHOSEN_MESSAGE_LIMIT) * USABLE_SHARE;
  return Math.max(1, Math.floor(usable / wireRowBytes(fields, limits.maskBytes)));
}

/** Most rows a chunk may have for all chunks to fit the memory budget, at least 1. */
export function memoryRows(fields: readonly ColumnField[], limits: ChunkLimits = {}): number {
  const budget = limits.memoryBudget ?? DEFAULT_MEMORY_BUDGET;
  const rowBytes = limits.rowBytes ?? typicalRowBytes(fields, limits.maskBytes);
  return Math.max(1, Math.floor(budget / ((limits.chunksAlive ?? 4) * COPIES_WHILE_DECODING * rowBytes)));
}

/**
 * Rows a call for which a transfer of `rows` rows takes least time. `rows / n` calls cost their fixed part; the last
 * chunk overlaps nothing and about half its cost is waited for: `rows / n * perCall + n * perRow / 2` is least at the
 * square root below.
 */
export function cheapestRows(rows: number, cost: CallCost): number {
  return Math.max(1, Math.ceil(Math.sqrt((2 * rows * cost.perCall) / cost.perRow)));
}

/**
 * Rows a call for `rows` rows of `fields`.
 * @param cost what the calls cost; see {@link readCost}, {@link sliceCost} and {@link addDataCost}.
 */
export function chunkSize(
  fields: readonly ColumnField[],
  rows: number,
  cost: CallCost,
  limits: ChunkLimits = {},
): ChunkSize {
  const candidates: ChunkSize[] = [
    { rows: Math.max(1, rows), boundBy: "rows" },
    { rows: cheapestRows(rows, cost), boundBy: "cost" },
    { rows: memoryRows(fields, limits), boundBy: "memory" },
    { rows: messageRows(fields, limits), boundBy: "message" },
  ];
  return candidates.reduce((least, candidate) => (candidate.rows < least.rows ? candidate : least));
}

// Milliseconds of the real service, measured through a router on a quiet two-core machine. They are where a transfer
// starts from; a reader then follows what it measures itself.
const ROUND_TRIP = 1;
const READ_PER_COLUMN = 5.5;
const SLICE_PER_COLUMN = 0.1;
const ADD_PER_COLUMN = 0.3;
const CELL_TRANSFER = 1.4e-4;
const CELL_BY_NUMBER = 5.5e-4;
/** Rows up to this width are read from memory caches; each byte beyond costs the time below, for each column. */
const CHEAP_RECORD_BYTES = 80;
const READ_WIDE_BYTE = 1.05e-6;
const SLICE_WIDE_BYTE = 0.6e-6;

/** Cost of `Table.read` of `columnCount` columns from rows of `rowWidth` bytes ({@link recordBytes}). */
export function readCost(columnCount: number, rowWidth: number): CallCost {
  const wide = Math.max(0, rowWidth - CHEAP_RECORD_BYTES) * READ_WIDE_BYTE;
  return { perCall: ROUND_TRIP + READ_PER_COLUMN * columnCount, perRow: columnCount * (CELL_TRANSFER + wide) };
}

/** Cost of `Table.slice` of `columnCount` columns from rows of `rowWidth` bytes ({@link recordBytes}). */
export function sliceCost(columnCount: number, rowWidth: number): CallCost {
  const wide = Math.max(0, rowWidth - CHEAP_RECORD_BYTES) * SLICE_WIDE_BYTE;
  return {
    perCall: ROUND_TRIP + SLICE_PER_COLUMN * columnCount,
    perRow: columnCount * (CELL_TRANSFER + CELL_BY_NUMBER + wide),
  };
}

// The same for a table's file on this machine: rows in a row are read and taken apart at once, rows by number cost a
// reading of the file each unless they are close to each other.
const FILE_CALL = 0.3;
const FILE_BYTE = 4e-7;
const FILE_CELL = 1e-5;
const FILE_PLACE = 0.03;

/** Cost of reading `columnCount` columns from rows of `rowWidth` bytes in a table's file. */
export function fileReadCost(columnCount: number, rowWidth: number): CallCost {
  return { perCall: FILE_CALL, perRow: rowWidth * FILE_BYTE + columnCount * FILE_CELL };
}

/** Cost of reading rows by number from a table's file. */
export function fileSliceCost(columnCount: number, rowWidth: number): CallCost {
  return { perCall: FILE_CALL, perRow: FILE_PLACE + fileReadCost(columnCount, rowWidth).perRow };
}

/** Cost of `Table.addData` of `columnCount` columns. */
export function addDataCost(columnCount: number): CallCost {
  return { perCall: ROUND_TRIP + ADD_PER_COLUMN * columnCount, perRow: columnCount * 2 * CELL_TRANSFER };
}
