/** Column batches as rows of JSON: an object a row, with a member for each column. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { ascii, type CellWriter, copyAll } from "../csv/write/cell-bytes.js";
import type { FileEncoder } from "../encoded-file.js";
import { jsonCells, writeJsonText } from "./json-cells.js";

/** Bytes collected before they are handed on. */
const BLOCK_BYTES = 1 << 20;

/** What stands around rows, as bytes. */
export interface JsonLayout {
  readonly beforeFirst: Uint8Array;
  readonly between: Uint8Array;
  readonly afterLast: Uint8Array;
  /** What a file without rows holds. */
  readonly none: Uint8Array;
}

const CLOSE = "}".charCodeAt(0);
const COLON = ":".charCodeAt(0);
/** Bytes that a row takes at most beside keys and cells. */
const AROUND_ROW = 16;

/** Rows one after the other, each on a line (ndjson.org). */
export const LINES: JsonLayout = {
  beforeFirst: ascii(""),
  between: ascii("\n"),
  afterLast: ascii("\n"),
  none: ascii(""),
};
/** One array, a line a row: what pandas writes with `orient="records"`. */
export const ARRAY: JsonLayout = {
  beforeFirst: ascii("[\n"),
  between: ascii(",\n"),
  afterLast: ascii("\n]\n"),
  none: ascii("[]\n"),
};

/** Writes batches into blocks of bytes, each of its own memory. */
export class JsonRows implements FileEncoder {
  readonly #layout: JsonLayout;
  readonly #keys: readonly Uint8Array[];
  #rowCount = 0;

  constructor(fields: readonly ColumnField[], layout: JsonLayout) {
    this.#layout = layout;
    this.#keys = fields.map(({ name }, index) => keyBytes(name, index === 0 ? "{" : ","));
  }

  *add({ columns, rowCount }: ColumnBatch): Generator<Uint8Array, void, undefined> {
    const cells = columns.map(jsonCells);
    const longest = cells.reduce((sum, cell, index) => sum + cell.longest + this.#keys[index]!.length, AROUND_ROW);
    for (let row = 0; row < rowCount; ) {
      const block = new Uint8Array(Math.max(BLOCK_BYTES, longest));
      let at = 0;
      for (; row < rowCount && at + longest <= block.length; row++) at = this.#writeRow(cells, row, block, at);
      yield block.subarray(0, at);
    }
  }

  end(): Uint8Array[] {
    return [this.#rowCount === 0 ? this.#layout.none : this.#layout.afterLast];
  }

  #writeRow(cells: readonly CellWriter[], row: number, block: Uint8Array, at: number): number {
    const before = this.#rowCount++ === 0 ? this.#layout.beforeFirst : this.#layout.between;
    let position = copyAll(before, block, at);
    for (let index = 0; index < cells.length; index++) {
      position = copyAll(this.#keys[index]!, block, position);
      position = cells[index]!.write(block, position, row);
    }
    block[position++] = CLOSE;
    return position;
  }
}

/** `{"name":`, or `,"name":`. */
function keyBytes(name: string, before: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  const key = new Uint8Array(4 + 6 * bytes.length);
  key[0] = before.charCodeAt(0);
  const end = writeJsonText(bytes, 0, bytes.length, key, 1);
  key[end] = COLON;
  return key.slice(0, end + 1);
}
