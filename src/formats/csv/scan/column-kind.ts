/** What the cells of a whole CSV column make of it. */
import type { ColumnKind } from "../../../columns/batch.js";
import { DataError } from "../../../errors.js";
import {
  BOOL_CELLS,
  type CellColumn,
  type CellKind,
  type CellPlace,
  DOUBLE_CELLS,
  LONG_CELLS,
  NONE,
  STRING_CELLS,
} from "./cell-column.js";

/** Kinds a CSV column can have. */
export type CsvKind = Extract<ColumnKind, "bool" | "long" | "double" | "string">;

/** A column of a CSV file, after all of it was read. */
export interface CsvColumn {
  readonly name: string;
  readonly kind: CsvKind;
  /** Longest cell in bytes of UTF-8. */
  readonly width: number;
  /** A kind with no place for missing values had to give way: integers became "double", booleans "string". */
  readonly gaps: "integers" | "booleans" | undefined;
  /** Integers padded with zeros to one width, which are kept as text. */
  readonly padded: boolean;
  /** How many ids were written as floating-point numbers, and how many were missing and became -1. */
  readonly wholeIds: number;
  readonly missingIds: number;
  /** The first text in a column that held only numbers before it. */
  readonly firstText: CellPlace | undefined;
  /** First row whose text ends in a NUL character. */
  readonly trailingNulRow: number | undefined;
}

export const CELL_KINDS: Readonly<Record<CsvKind, CellKind>> = {
  bool: BOOL_CELLS,
  long: LONG_CELLS,
  double: DOUBLE_CELLS,
  string: STRING_CELLS,
};

/**
 * The column as its whole content shows it. A column without a single value is "double", as with pandas; one of a file
 * without rows is "string".
 * @throws DataError `UNSAFE_INTEGER` for integers beyond 64 bits, or beyond 2^53 in a column with gaps.
 */
export function concludeColumn(column: CellColumn, rowCount: number): CsvColumn {
  const { name, width, trailingNulRow, firstText } = column;
  if (isPadded(column)) column.keepAsText();
  if (!column.fixed && column.kind === DOUBLE_CELLS && !column.sawFraction) refuseWideIntegers(column);
  if (column.kind === NONE && column.sawSpacedMissing) column.kind = STRING_CELLS;
  const kind = finalKind(column.kind, rowCount);
  const { wholeIds, missingIds } = kind === "long" ? column : { wholeIds: 0, missingIds: 0 };
  const { padded } = column;
  return { name, kind, width, gaps: gapsOf(column), padded, wholeIds, missingIds, firstText, trailingNulRow };
}

/** Whether the cells so far are digits that keep one width by zeros before them, as of bar codes. */
export function isPadded(column: CellColumn): boolean {
  const { fixed, ids, kind, sawLeadingZero, sawFraction, sawUnpadded, shortest, width } = column;
  const integers = kind === LONG_CELLS || (kind === DOUBLE_CELLS && !sawFraction);
  return !fixed && !ids && integers && sawLeadingZero && !sawUnpadded && shortest === width;
}

function gapsOf(column: CellColumn): CsvColumn["gaps"] {
  if (column.fixed || !column.sawMissing) return undefined;
  if (column.kind === DOUBLE_CELLS && column.sawInteger && !column.sawFraction) return "integers";
  return column.kind === STRING_CELLS && column.onlyBools ? "booleans" : undefined;
}

const FINAL_KINDS: Readonly<Record<Exclude<CellKind, typeof NONE>, CsvKind>> = {
  [BOOL_CELLS]: "bool",
  [LONG_CELLS]: "long",
  [DOUBLE_CELLS]: "double",
  [STRING_CELLS]: "string",
};

function finalKind(kind: CellKind, rowCount: number): CsvKind {
  if (kind === NONE) return rowCount === 0 ? "string" : "double";
  return FINAL_KINDS[kind];
}

function refuseWideIntegers({ name, beyondInt64, unsafeInteger, sawMissing }: CellColumn): void {
  const place = beyondInt64 ?? (sawMissing ? unsafeInteger : undefined);
  if (place === undefined) return;
  const why =
    place === beyondInt64
      ? "exceeds 64 bits"
      : "exceeds 2^53, and the column has missing values, for which its integers must become floating-point numbers";
  throw new DataError(
    "UNSAFE_INTEGER",
    `CSV line ${place.line}, column "${name}", row ${place.row}: ${place.text} ${why}. Read the column as String, or as Double if rounding is meant.`,
    { column: name, row: place.row, line: place.line },
  );
}
