/** Column batches as rows of JSON: an object a row, with a member for each column. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { type JsonCells, jsonCells, writeJsonText } from "./json-cells.js";

/** Bytes collected before they are handed on. */
const BLOCK_BYTES = 1 << 20;

/** What stands around rows. */
export interface JsonLayout {
  readonly beforeFirst: string;
  readonly between: string;
  readonly afterLast: string;
  /** What a file without rows holds. */
  readonly none: string;
}

/** Rows one after the other, each on a line (ndjson.org). */
export const LINES: JsonLayout = { beforeFirst: "", between: "\n", afterLast: "\n", none: "" };
/** One array, a line a row: what pandas writes with `orient="records"`. */
export const ARRAY: JsonLayout = { beforeFirst: "[\n", between: ",\n", afterLast: "\n]\n", none: "[]\n" };

/** Writes batches into blocks of bytes, each of its own memory. */
export class JsonRows {
  readonly #layout: JsonLayout;
  readonly #keys: readonly Uint8Array[];
  #rowCount = 0;

  constructor(fields: readonly ColumnField[], layout: JsonLayout) {
    this.#layout = layout;
    this.#keys = fields.map(({ name }, index) => keyBytes(name, index === 0 ? "{" : ","));
  }

  *blocks({ columns, rowCount }: ColumnBatch): Generator<Uint8Array, void, undefined> {
    const cells = columns.map(jsonCells);
    const longest = cells.reduce((sum, cell, index) => sum + cell.longest + this.#keys[index]!.length, 16);
    for (let row = 0; row < rowCount; ) {
      const block = new Uint8Array(Math.max(BLOCK_BYTES, longest));
      let at = 0;
      for (; row < rowCount && at + longest <= block.length; row++) at = this.#writeRow(cells, row, block, at);
      yield block.subarray(0, at);
    }
  }

  end(): Uint8Array {
    return encode(this.#rowCount === 0 ? this.#layout.none : this.#layout.afterLast);
  }

  #writeRow(cells: readonly JsonCells[], row: number, block: Uint8Array, at: number): number {
    const before = this.#rowCount++ === 0 ? this.#layout.beforeFirst : this.#layout.between;
    let position = copy(encode(before), block, at);
    for (let index = 0; index < cells.length; index++) {
      position = copy(this.#keys[index]!, block, position);
      position = cells[index]!.write(block, position, row);
    }
    block[position++] = "}".charCodeAt(0);
    return position;
  }
}

/** `{"name":`, or `,"name":`. */
function keyBytes(name: string, before: string): Uint8Array {
  const bytes = encode(name);
  const key = new Uint8Array(4 + 6 * bytes.length);
  key[0] = before.charCodeAt(0);
  const end = writeJsonText(bytes, 0, bytes.length, key, 1);
  key[end] = ":".charCodeAt(0);
  return key.slice(0, end + 1);
}

const encoder = new TextEncoder();
function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

function copy(bytes: Uint8Array, block: Uint8Array, at: number): number {
  for (let index = 0; index < bytes.length; index++) block[at + index] = bytes[index]!;
  return at + bytes.length;
}
