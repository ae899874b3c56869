/** The cells of a sheet as the text of a CSV file. */
import type { SheetCell, SheetRows } from "./workbook.js";

const ROWS_A_PIECE = 1000;
const SPECIAL = /[",\r\n]/;

/** In pieces of some rows. Rows have as many cells as the widest one, but those before it, as titles, only what they hold. */
export async function* sheetText(rows: SheetRows): AsyncGenerator<string, void, undefined> {
  const widths = rows.map((row) => row.findLastIndex((cell) => cell !== null) + 1);
  const width = widths.reduce((widest, one) => Math.max(widest, one), 0);
  const first = widths.indexOf(width);
  for (let start = 0; start < rows.length; start += ROWS_A_PIECE) {
    const piece = rows.slice(start, start + ROWS_A_PIECE);
    yield piece.map((row, index) => line(row, start + index < first ? widths[start + index]! : width)).join("");
  }
}

function line(row: readonly SheetCell[], width: number): string {
  return `${Array.from({ length: width }, (_, index) => cellText(row[index])).join(",")}\n`;
}

function cellText(cell: SheetCell | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return dateText(cell);
  if (typeof cell === "boolean") return cell ? "True" : "False";
  const text = String(cell);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** "2024-05-01", or "2024-05-01T09:30:00" where there is a time of day. Excel knows no time zones. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString().replace(/\.000Z$|Z$/, "");
  return text.replace(/T00:00:00$/, "");
}
