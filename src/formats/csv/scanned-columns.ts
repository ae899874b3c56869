/** The columns a scan fills, and how it treats records that do not fit them. */
import type { ColumnType } from "../../columns/batch.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import { ArgumentError } from "../../errors.js";
import type { CsvOptions } from "./opening/dialect.js";
import { CellColumn, type CellColumnOptions, DOUBLE_CELLS, STRING_CELLS } from "./scan/cell-column.js";
import { CELL_KINDS, type CsvKind } from "./scan/column-kind.js";
import { RowRepairs } from "./scan/row-repairs.js";

export type CsvKinds = ReadonlyMap<string, CsvKind>;

export interface ScannedColumn {
  readonly column: CellColumn;
  readonly wanted: boolean;
}

export interface ColumnChoice {
  readonly kinds?: CsvKinds | ((names: readonly string[], nameless: readonly boolean[]) => CsvKinds) | undefined;
  readonly columnNames?: readonly string[] | undefined;
  readonly isId?: ((name: string) => boolean) | undefined;
}

interface Heading {
  readonly names: readonly string[];
  readonly nameless: readonly boolean[];
  readonly declared: ReadonlyMap<string, ColumnType>;
}

/**
 * A column for each name; those not wanted are text that is not stored.
 * @throws ArgumentError `UNKNOWN_COLUMN` for a kind or choice of a column that is not there
 */
export function scannedColumns(
  { names, nameless, declared }: Heading,
  chunkRows: number,
  choice: ColumnChoice,
): ScannedColumn[] {
  const { columnNames, isId = () => false } = choice;
  const kinds = typeof choice.kinds === "function" ? choice.kinds(names, nameless) : choice.kinds;
  for (const name of [...(kinds?.keys() ?? []), ...(columnNames ?? [])]) {
    if (!names.includes(name)) throw unknownColumn(name, names);
  }
  const chosen = columnNames === undefined ? undefined : new Set(columnNames);
  return names.map((name) => {
    const kind = kinds?.get(name);
    const type = declared.get(name);
    if (chosen !== undefined && !chosen.has(name))
      return newColumn(name, false, { chunkRows, kind: STRING_CELLS, fixed: true });
    const ids = isId(name) || (type !== undefined && isIdType(type));
    if (kind !== undefined) return newColumn(name, true, { chunkRows, kind: CELL_KINDS[kind], fixed: true, ids });
    return declaredColumn(newColumn(name, true, { chunkRows, ids }), type);
  });
}

function newColumn(name: string, wanted: boolean, options: CellColumnOptions): ScannedColumn {
  return { column: new CellColumn(name, options), wanted };
}

/** Begins as its declared type, and gives way to cells that are not of it. */
function declaredColumn(scanned: ScannedColumn, type: ColumnType | undefined): ScannedColumn {
  if (type === "String") scanned.column.kind = STRING_CELLS;
  if (type === "Double") {
    scanned.column.kind = DOUBLE_CELLS;
    scanned.column.sawFraction = true;
  }
  return scanned;
}

function isIdType(type: ColumnType): boolean {
  return columnKind(type) === "long" && type !== "Long";
}

function unknownColumn(name: string, names: readonly string[]): ArgumentError {
  const shown = names.slice(0, 20).map((known) => `"${known}"`);
  const rest = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  const message = `The CSV has no column "${name}"; it has ${shown.join(", ")}${rest}`;
  return new ArgumentError("UNKNOWN_COLUMN", message, { column: name });
}

export function newRepairs({ strict = false, fillShortRows = !strict, comment }: CsvOptions): RowRepairs {
  return new RowRepairs({
    fillShort: fillShortRows,
    dropEmpty: !strict,
    skipComments: !strict && comment === undefined,
  });
}
