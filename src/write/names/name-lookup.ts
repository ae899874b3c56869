/** Looks up the objects that the rows of a batch tell. */
import type { ColumnBatch, ColumnData, DoubleColumn, LongColumn, StringColumn } from "../../columns/batch.js";
import { columnValues } from "../../columns/column-values.js";
import { NAMED_TYPES, type NamedType, type Within } from "../../gateway/names/hierarchy.js";
import type { NameFault, NameIndex } from "../../gateway/names/name-index.js";
import { wellName, wellPlace, wellRow } from "../../gateway/names/well-name.js";
import type { ColumnRole, WellPlaceRole } from "./column-roles.js";

/** What tells an object in each row, and where it is looked for. */
export interface Lookup {
  readonly role: ColumnRole | WellPlaceRole;
  /** Name of the column, for messages. */
  readonly column: string;
  readonly index: NameIndex;
}

/** Told of each cell whose object is not found. */
export type OnFault = (lookup: Lookup, name: string, fault: NameFault, row: number) => void;

/** OMERO's id of no object. */
export const NO_OBJECT = -1n;

/** In the order in which objects lie in each other, so that a row's plate is known when its well is looked for. */
export function inOrder(lookups: readonly Lookup[]): Lookup[] {
  return [...lookups].sort((a, b) => NAMED_TYPES.indexOf(a.role.type) - NAMED_TYPES.indexOf(b.role.type));
}

/** The ids of each lookup's objects, row by row; -1 where there is no name, or nothing of it. */
export function lookUp(batch: ColumnBatch, ordered: readonly Lookup[], onFault: OnFault): Map<Lookup, BigInt64Array> {
  const found = new Map<Lookup, BigInt64Array>();
  for (const lookup of ordered) {
    const cells = cellsOf(batch, lookup);
    const ids = new BigInt64Array(batch.rowCount).fill(NO_OBJECT);
    const around = [...found];
    for (let row = 0; row < batch.rowCount; row++) {
      const cell = cells(row);
      if (cell === "" || cell === NO_OBJECT) continue;
      const id = idOf(cell, lookup, withinOf(around, row));
      if (typeof id === "bigint") ids[row] = id;
      else onFault(lookup, String(cell), id, row);
    }
    found.set(lookup, ids);
  }
  return found;
}

function withinOf(around: readonly [Lookup, BigInt64Array][], row: number): Within {
  const within: { [Type in NamedType]?: bigint } = {};
  for (const [{ role }, ids] of around) {
    if (ids[row] !== NO_OBJECT) within[role.type] = ids[row]!;
  }
  return within;
}

function idOf(cell: string | bigint, { role, index }: Lookup, within: Within): bigint | NameFault {
  if (typeof cell === "bigint") {
    if (index.has(cell)) return cell;
    // Bar codes of plates are numbers.
    return role.type === "Plate" ? index.find(String(cell), within) : "unknown";
  }
  if (role.type !== "Well") return index.find(cell, within);
  const place = wellPlace(cell);
  return place === undefined ? "unknown" : index.find(wellName(place), within);
}

type Cells = (row: number) => string | bigint;

function cellsOf({ columns }: ColumnBatch, { role }: Lookup): Cells {
  if (role.given === "place") return wellCells(columns[role.row]!, columns[role.column]!);
  const column = columns[role.position] as StringColumn | LongColumn;
  if (column.kind === "long") return (row) => column.values[row]!;
  const texts = columnValues(column) as string[];
  return (row) => texts[row]!;
}

/** "b3" for row 2 or B and column 3; "" where one of them is missing. */
function wellCells(rows: ColumnData, columns: ColumnData): Cells {
  const [rowTexts, columnTexts] = [textCells(rows), textCells(columns)];
  return (row) => {
    const [rowText, columnText] = [rowTexts(row), columnTexts(row)];
    if (rowText === "" || columnText === "") return "";
    const place = { row: wellRow(rowText), column: wellRow(columnText) };
    return place.row === undefined || place.column === undefined
      ? `row ${rowText}, column ${columnText}`
      : wellName({ row: place.row, column: place.column });
  };
}

function textCells(column: ColumnData): (row: number) => string {
  if (column.kind === "string") {
    const texts = columnValues(column) as string[];
    return (row) => texts[row]!;
  }
  if (column.kind === "long") return (row) => String(column.values[row]!);
  const { values } = column as DoubleColumn;
  return (row) => {
    const value = values[row]!;
    return Number.isNaN(value) ? "" : String(value);
  };
}
