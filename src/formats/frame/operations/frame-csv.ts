/** A frame as CSV, byte for byte what pandas' `DataFrame.to_csv` writes of the same values. */
import { ArgumentError } from "../../../errors.js";
import { LONGEST_DOUBLE, writeDouble } from "../../csv/write/double-text.js";
import { LONGEST_INTEGER, writeInteger } from "../../csv/write/integer-text.js";
import { type CellTable, holdsIntegers, isMissing, type NamedCells, type RowLabel } from "../cells/cell-table.js";
import type { Cells } from "../cells/cells.js";
import type { FrameCell } from "../cells/frame-cell.js";

/** How a frame is written. */
export interface FrameCsvOptions {
  /** Whether the index is the first column, without a name. Default true, as in pandas. */
  readonly index?: boolean | undefined;
  /** Whether names are the first line. Default true. */
  readonly header?: boolean | undefined;
  /** What stands between cells: one character of ASCII. Default a comma. */
  readonly sep?: string | undefined;
}

/** Writes the cell of a row at a position of a block, and returns the position behind it. */
interface CellWriting {
  /** Most bytes a cell takes. */
  readonly longest: number;
  write(block: Buffer, at: number, row: number): number;
}

/** Bytes that are made text together. */
const BLOCK_BYTES = 1024 * 1024;
const LINE_FEED = 10;
const MINUS = 45;
const KNOWN = ["index", "header", "sep"];

/** @throws ArgumentError `INVALID_ARGUMENT` */
export function tableCsv(table: CellTable, options: FrameCsvOptions = {}): string {
  const { index = true, header = true, sep = "," } = options;
  checkCsvOptions(options, sep);
  const named = table.columns.map(({ name }) => name);
  const cells = table.columns.map((column) => columnWriting(column, sep));
  const writings = index ? [labelWriting(table.index, sep), ...cells] : cells;
  const names = index ? ["", ...named] : named;
  const first = header ? `${names.map((name) => quoted(name, sep)).join(sep)}\n` : "";
  if (writings.length === 0) return first + "\n".repeat(table.index.length);
  const lines = new Lines(writings, sep.charCodeAt(0), table.index.length);
  return (names.length === 1 ? first.replace(/^\n$/, '""\n') : first) + lines.text();
}

function checkCsvOptions(options: FrameCsvOptions, sep: string): void {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    const message = `toCSV has no option "${unknown}"; it gives a text, which writeFile of node:fs/promises takes; there are ${KNOWN.join(", ")}`;
    throw new ArgumentError("INVALID_ARGUMENT", message);
  }
  if (!/^[\0-\x7f]$/.test(sep) || '"\n\r'.includes(sep)) {
    throw new ArgumentError(
      "INVALID_ARGUMENT",
      `toCSV: sep must be one character of ASCII; found ${JSON.stringify(sep)}`,
    );
  }
}

/** In quotes where the text holds what stands between cells or lines, or a quote. */
function quoted(text: string, sep: string): string {
  return text.includes(sep) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function columnWriting(column: NamedCells, sep: string): CellWriting {
  const cells = column.cells.list;
  if (column.type !== "string" && cells.every((cell) => typeof cell === "number")) {
    return holdsIntegers(column) && cells.every((cell) => Number.isSafeInteger(cell))
      ? integerWriting(cells)
      : doubleWriting(cells);
  }
  return textWriting(cells, (cell) => cellText(cell, column, sep));
}

function integerWriting(cells: readonly FrameCell[]): CellWriting {
  const write = (block: Buffer, at: number, row: number) => {
    const value = cells[row] as number;
    if (value < 0) block[at] = MINUS;
    return value < 0 ? writeInteger(block, at + 1, -value) : writeInteger(block, at, value);
  };
  return { longest: LONGEST_INTEGER, write };
}

function doubleWriting(cells: readonly FrameCell[]): CellWriting {
  const write = (block: Buffer, at: number, row: number) => {
    const value = cells[row] as number;
    return Number.isNaN(value) ? at : writeDouble(block, at, value);
  };
  return { longest: LONGEST_DOUBLE, write };
}

function textWriting<T>(cells: readonly T[], textOf: (cell: T) => string): CellWriting {
  let longest = 0;
  for (const cell of cells) longest = Math.max(longest, textOf(cell).length);
  return { longest: 3 * longest, write: (block, at, row) => at + block.write(textOf(cells[row]!), at) };
}

function cellText(cell: FrameCell, column: NamedCells, sep: string): string {
  if (typeof cell === "string") return quoted(cell, sep);
  if (isMissing(cell)) return "";
  if (typeof cell === "boolean") return cell ? "True" : "False";
  if (typeof cell === "number") return column.type === "int32" ? String(cell) : doubleText(cell);
  return Array.isArray(cell) ? quoted(listText(cell, column), sep) : String(cell);
}

/** As Python shows a list. */
function listText(list: readonly (number | bigint)[], column: NamedCells): string {
  const texts = list.map((value) => (typeof value === "bigint" || column.isWide ? String(value) : doubleText(value)));
  return `[${texts.join(", ")}]`;
}

const scratch = Buffer.alloc(LONGEST_DOUBLE);

function doubleText(value: number): string {
  return scratch.toString("latin1", 0, writeDouble(scratch, 0, value));
}

function labelWriting({ list }: Cells, sep: string): CellWriting {
  if (list.every((label) => Number.isSafeInteger(label))) return integerWriting(list);
  return textWriting(list as readonly RowLabel[], (label) =>
    typeof label === "number" ? doubleText(label) : quoted(label, sep),
  );
}

/** Rows as lines, block after block. */
class Lines {
  readonly #writings: readonly CellWriting[];
  readonly #separator: number;
  readonly #rowCount: number;
  readonly #longest: number;

  constructor(writings: readonly CellWriting[], separator: number, rowCount: number) {
    this.#writings = writings;
    this.#separator = separator;
    this.#rowCount = rowCount;
    this.#longest = writings.reduce((sum, { longest }) => sum + longest + 1, 2);
  }

  text(): string {
    const block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, this.#longest));
    const parts: string[] = [];
    for (let row = 0; row < this.#rowCount; ) {
      let at = 0;
      while (row < this.#rowCount && at + this.#longest <= block.length) at = this.#line(block, at, row++);
      parts.push(block.toString("utf8", 0, at));
    }
    return parts.join("");
  }

  /** A line of one empty cell has quotes, lest it look like none. */
  #line(block: Buffer, start: number, row: number): number {
    let at = start;
    for (const writing of this.#writings) {
      at = writing.write(block, at, row);
      block[at++] = this.#separator;
    }
    if (at === start + 1 && this.#writings.length === 1) at = start + block.write('""', start) + 1;
    block[at - 1] = LINE_FEED;
    return at;
  }
}
