/** A table's description, a line for each column. */
import type { ColumnDescription, TableDescription } from "../../view/index.js";
import { counted, print, printColumns, visibleLine } from "../output.js";
import type { TextColumn } from "./text-table.js";

const BLOCKS = "▁▂▃▄▅▆▇█";

export function showDescription({ rowCount, columns }: TableDescription): void {
  printColumns(textColumns(columns));
  print(`${counted(rowCount, "row")}, ${counted(columns.length, "column")}`);
  if (columns.some(({ isDistinctEstimated }) => isDistinctEstimated)) print("~ estimated, 1.6 % standard error");
  if (columns.some(({ areQuartilesEstimated }) => areQuartilesEstimated))
    print("quartiles and histograms are of a sketch: their ranks are off by some thousandths");
}

function textColumns(columns: readonly ColumnDescription[]): TextColumn[] {
  const numbers = (heading: string, text: (column: ColumnDescription) => string): TextColumn => ({
    heading,
    cells: columns.map(text),
    isNumeric: true,
  });
  return [
    { heading: "column", cells: columns.map(({ name }) => visibleLine(name)) },
    { heading: "type", cells: columns.map(({ type }) => type) },
    numbers("count", ({ count }) => String(count)),
    numbers("missing", ({ missing }) => String(missing)),
    numbers("distinct", ({ distinct, isDistinctEstimated }) =>
      distinct === undefined ? "" : `${isDistinctEstimated ? "~" : ""}${distinct}`,
    ),
    numbers("min", ({ minimum }) => shortly(minimum)),
    ...[0, 1, 2].map((index) =>
      numbers(["25 %", "median", "75 %"][index]!, ({ quartiles }) => shortly(quartiles?.[index])),
    ),
    numbers("max", ({ maximum }) => shortly(maximum)),
    numbers("mean", ({ mean }) => shortly(mean)),
    numbers("deviation", ({ deviation }) => shortly(deviation)),
    { heading: "values", cells: columns.map(valuesOf) },
  ];
}

function shortly(value: bigint | number | string | undefined): string {
  if (value === undefined) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : visibleLine(String(value));
}

/** A histogram of blocks, or the commonest texts. */
function valuesOf({ histogram, commonest }: ColumnDescription): string {
  if (histogram) return sparkline(histogram);
  return (commonest ?? []).map(([text, count]) => `${visibleLine(text)} (${count})`).join(", ");
}

function sparkline(counts: readonly number[]): string {
  const most = Math.max(...counts);
  return counts.map((count) => (count === 0 ? " " : BLOCKS[Math.ceil((count / most) * BLOCKS.length) - 1])).join("");
}
