import type { ColumnField } from "../../columns/batch.js";
import { invalidArgument } from "../../errors.js";
import { type WellPlace, wellPlace } from "../../gateway/names/well-name.js";
import { CategoryNames } from "./categories.js";
import {
  type FindWells,
  holdsNumbers,
  joinedNotes,
  neededColumn,
  numericColumn,
  type PlotMaker,
  plottedNumbers,
} from "./plot-kind.js";

/** Usual plates, rows and columns: that of so many wells is drawn that all fit in. */
const PLATES = [
  [2, 3],
  [4, 6],
  [8, 12],
  [16, 24],
  [32, 48],
] as const;

interface Mean {
  count: number;
  sum: number;
}

interface Well extends Mean, WellPlace {}

/** Wells that rows may speak of. */
const MOST_WELLS = 100_000;

/** The mean of `y` in each well of a plate, by the names ("A1") or ids of wells in `x`. */
export const plate: PlotMaker = {
  columns: (options, fields) => [
    wellColumn(fields, neededColumn(options, "x")),
    numericColumn(fields, neededColumn(options, "y"), options.kind),
  ],
  reducer({ x, y }) {
    const names = new CategoryNames();
    const means = new Map<string, Mean>();
    let wells: Well[] = [];
    let notes: string[] = [];
    let holdsIds = false;
    return {
      add([named, values], rowCount) {
        holdsIds = named!.kind === "long";
        const [nameOf, numbers] = [names.of(named), plottedNumbers(values!)];
        for (let row = 0; row < rowCount; row++) {
          if (Number.isFinite(numbers[row]!)) addTo(means, nameOf(row), numbers[row]!);
        }
      },
      async finish(findWells) {
        const found = holdsIds ? await placesOfIds(means, findWells) : placesOfNames(means);
        ({ wells, notes } = joinedWells(means, found));
      },
      spec({ width }) {
        if (wells.length === 0)
          throw invalidArgument(
            `column "${x}" holds ${holdsIds ? "no ids of wells that this server has" : 'no names of wells, such as "A1"'}`,
          );
        const [rows, columns] = plateFor(wells);
        const values = wells.map(({ row, column, count, sum }) => ({
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
        const shown = values.map(({ mean }) => mean);
        const middle = Math.min(...shown) + 0.6 * (Math.max(...shown) - Math.min(...shown));
        return {
          note: joinedNotes(...notes),
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

/** @throws ArgumentError `INVALID_ARGUMENT` for numbers that are no ids of wells */
function wellColumn(fields: readonly ColumnField[], name: string): string {
  const field = fields.find((one) => one.name === name);
  if (field === undefined || field.type === "Well" || !holdsNumbers(field)) return name;
  throw invalidArgument(
    `column "${name}" holds ${field.type}: neither names of wells, such as "A1", nor, as type Well, their ids`,
    { column: name },
  );
}

function addTo(means: Map<string, Mean>, name: string, value: number): void {
  const known = means.get(name);
  if (known !== undefined) {
    known.count++;
    known.sum += value;
  } else if (means.size < MOST_WELLS) means.set(name, { count: 1, sum: value });
  else
    throw invalidArgument(
      `there are more than ${MOST_WELLS.toLocaleString("en")} different wells: choose rows of a plate`,
    );
}

/** Where each well is that something is named after. */
type Places = ReadonlyMap<string, WellPlace & { readonly plateId?: bigint }>;

function placesOfNames(means: ReadonlyMap<string, Mean>): Places {
  return new Map(
    [...means.keys()].flatMap((name) => {
      const place = wellPlace(name);
      return place === undefined ? [] : [[name, place] as const];
    }),
  );
}

async function placesOfIds(means: ReadonlyMap<string, Mean>, findWells: FindWells): Promise<Places> {
  const ids = [...means.keys()].map(BigInt).filter((id) => id >= 0n);
  const found = await findWells(ids);
  return new Map([...found].map(([id, place]) => [String(id), place]));
}

/** Means of the same place as one, and what is to be said of them. */
function joinedWells(means: ReadonlyMap<string, Mean>, places: Places): { wells: Well[]; notes: string[] } {
  const wells = new Map<string, Well>();
  let unnamed = 0;
  for (const [name, { count, sum }] of means) {
    const place = places.get(name);
    if (place === undefined) unnamed += count;
    else joinTo(wells, place, count, sum);
  }
  const plates = new Set([...places.values()].flatMap(({ plateId }) => (plateId === undefined ? [] : [plateId])));
  const notes = [
    plates.size > 1 ? `wells of ${plates.size} plates, each with those of its place` : "",
    unnamed === 0 ? "" : `${unnamed.toLocaleString("en")} ${unnamed === 1 ? "row names" : "rows name"} no well`,
  ];
  return { wells: [...wells.values()], notes };
}

function joinTo(wells: Map<string, Well>, { row, column }: WellPlace, count: number, sum: number): void {
  const well = wells.get(`${row} ${column}`) ?? { row, column, count: 0, sum: 0 };
  well.count += count;
  well.sum += sum;
  wells.set(`${row} ${column}`, well);
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
