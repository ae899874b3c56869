import { invalidArgument } from "../../errors.js";
import { categoriesOf, neededColumn, numericColumn, type PlotMaker, plottedNumbers } from "./plot-kind.js";

/** Names of wells: a letter, or two, for the row, and the column's number. */
const WELL = /^\s*([A-Za-z]{1,2})\s*0*(\d{1,2})\s*$/;
/** Usual plates, rows and columns: that of so many wells is drawn that all fit in. */
const PLATES = [
  [2, 3],
  [4, 6],
  [8, 12],
  [16, 24],
  [32, 48],
] as const;

interface Well {
  row: number;
  column: number;
  count: number;
  sum: number;
}

/** The mean of `y` in each well of a plate, by the names of wells ("A1") in `x`. */
export const plate: PlotMaker = {
  columns: (options, fields) => [
    neededColumn(options, "x"),
    numericColumn(fields, neededColumn(options, "y"), options.kind),
  ],
  reducer({ x, y }) {
    const wells = new Map<string, Well>();
    let unnamed = 0;
    return {
      add([names, values], rowCount) {
        const [wellNames, numbers] = [categoriesOf(names, rowCount), plottedNumbers(values!)];
        for (let row = 0; row < rowCount; row++) {
          if (!Number.isFinite(numbers[row]!)) continue;
          const well = wellOf(wells, wellNames[row]!);
          if (well === undefined) unnamed++;
          else {
            well.count++;
            well.sum += numbers[row]!;
          }
        }
      },
      spec({ width }) {
        if (wells.size === 0) throw invalidArgument(`column "${x}" holds no names of wells, such as "A1"`);
        const all = [...wells.values()];
        const [rows, columns] = plateFor(all);
        const values = all.map(({ row, column, count, sum }) => ({
          row: rowName(row),
          column: column + 1,
          mean: sum / count,
          count,
          shown: Number((sum / count).toPrecision(3)),
        }));
        const axis = (field: string, type: string, domain: unknown[]) => ({
          field,
          type,
          title: null,
          scale: { domain, paddingInner: 0.06, paddingOuter: 0.03 },
          axis: {
            orient: field === "column" ? "top" : "left",
            labelAngle: 0,
            grid: false,
            ticks: false,
            domain: false,
          },
        });
        const step = width / columns;
        const means = values.map(({ mean }) => mean);
        const middle = Math.min(...means) + 0.6 * (Math.max(...means) - Math.min(...means));
        return {
          note: unnamed === 0 ? "" : `${unnamed.toLocaleString("en")} rows name no well`,
          height: step * rows,
          data: { values },
          encoding: {
            x: axis(
              "column",
              "ordinal",
              Array.from({ length: columns }, (_, index) => index + 1),
            ),
            y: axis(
              "row",
              "ordinal",
              Array.from({ length: rows }, (_, index) => rowName(index)),
            ),
          },
          layer: [
            {
              mark: { type: "rect", tooltip: true, cornerRadius: 3 },
              encoding: {
                color: {
                  field: "mean",
                  type: "quantitative",
                  title: `mean ${y}`,
                  scale: { scheme: "viridis", zero: false },
                },
              },
            },
            ...(step < 34
              ? []
              : [
                  {
                    mark: { type: "text", fontSize: 10 },
                    encoding: {
                      text: { field: "shown" },
                      color: { condition: { test: `datum.mean > ${middle}`, value: "black" }, value: "white" },
                    },
                  },
                ]),
          ],
        };
      },
    };
  },
};

function wellOf(wells: Map<string, Well>, name: string): Well | undefined {
  const known = wells.get(name);
  if (known !== undefined) return known;
  const [, letters, number] = WELL.exec(name) ?? [];
  if (letters === undefined || number === "0") return undefined;
  const [row, column] = [rowNumber(letters), Number(number) - 1];
  const same = [...wells.values()].find((one) => one.row === row && one.column === column);
  const well = same ?? { row, column, count: 0, sum: 0 };
  wells.set(name, well);
  return well;
}

function rowNumber(letters: string): number {
  return [...letters.toUpperCase()].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** A, B, ... Z, AA, AB, ... */
function rowName(row: number): string {
  const last = String.fromCharCode(65 + (row % 26));
  return row < 26 ? last : rowName(Math.floor(row / 26) - 1) + last;
}

function plateFor(wells: readonly Well[]): readonly [rows: number, columns: number] {
  const rows = Math.max(...wells.map(({ row }) => row)) + 1;
  const columns = Math.max(...wells.map(({ column }) => column)) + 1;
  return PLATES.find(([height, width]) => rows <= height && columns <= width) ?? [rows, columns];
}
