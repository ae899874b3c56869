/** A frame as a table of HTML, as pandas shows one in a notebook: the first and last rows and columns. */
import { type CellTable, holdsIntegers, isMissing, type NamedCells } from "../cells/cell-table.js";
import type { FrameCell } from "../cells/frame-cell.js";

const MOST_ROWS = 60;
const ROWS_AT_EACH_END = 5;
const MOST_COLUMNS = 20;
const COLUMNS_AT_EACH_END = 10;
const LONGEST_TEXT = 50;
const DIGITS = 6;
const GAP = "…";

export function tableHtml({ columns, index }: CellTable): string {
  const shown = ends(columns, MOST_COLUMNS, COLUMNS_AT_EACH_END);
  const rows = ends([...index.list.keys()], MOST_ROWS, ROWS_AT_EACH_END);
  const names = shown.map((column) => `<th>${column === undefined ? GAP : escaped(column.name)}</th>`);
  const lines = rows.map((row) => lineHtml(shown, row, row === undefined ? GAP : String(index.list[row])));
  return [
    '<table border="1" class="dataframe">',
    `<thead><tr style="text-align: right;"><th></th>${names.join("")}</tr></thead>`,
    `<tbody>\n${lines.join("\n")}\n</tbody>`,
    "</table>",
    `<p>${index.length} rows × ${columns.length} columns</p>`,
  ].join("\n");
}

/** All items, or those at the ends with undefined between them. */
function ends<T>(items: readonly T[], most: number, atEachEnd: number): (T | undefined)[] {
  return items.length <= most ? [...items] : [...items.slice(0, atEachEnd), undefined, ...items.slice(-atEachEnd)];
}

function lineHtml(columns: readonly (NamedCells | undefined)[], row: number | undefined, label: string): string {
  const cells = columns.map((column) => {
    return `<td>${column === undefined || row === undefined ? GAP : escaped(shownCell(column.cells.list[row]!, column))}</td>`;
  });
  return `<tr><th>${escaped(label)}</th>${cells.join("")}</tr>`;
}

function shownCell(cell: FrameCell, column: NamedCells): string {
  if (isMissing(cell)) return "NaN";
  if (typeof cell === "number" && !holdsIntegers(column)) return String(Number(cell.toPrecision(DIGITS)));
  const text = Array.isArray(cell) ? `[${cell.join(", ")}]` : String(cell);
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}${GAP}` : text;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]!);
}
