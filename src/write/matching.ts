/** Rows for a table that exists: their columns are matched to the table's by name and take its types. */
import { type ColumnBatch, type ColumnField, type ColumnType, rowNumberAt } from "../columns/batch.js";
import { columnKind } from "../columns/kinds/kinds.js";
import { ArgumentError, DataError } from "../errors.js";
import type { BatchStreamOptions, Source } from "../formats/format.js";
import type { TableRules } from "../formats/table-rules.js";
import { valueDoesNotFit } from "../formats/values/value-errors.js";

const CHECKED_ROWS = 10_000;

/**
 * How to open a source for a table with these fields.
 * @param partial whether the source may lack columns of the table
 */
export function typesOf(
  fields: readonly ColumnField[],
  partial: boolean,
): Pick<BatchStreamOptions, "types" | "typesOf" | "checkNames" | "knownNames" | "rules"> {
  const types = new Map<string, ColumnType>();
  for (const { name, type } of fields) {
    types.set(name.replaceAll("\\", "/"), type);
    types.set(name, type);
  }
  const check = (names: readonly string[]) => checkRowNames(names.map(storedName), fields, partial);
  return { types, typesOf: "table", checkNames: check, knownNames: [...types.keys()], rules: SETTLED };
}

/** A table that exists has columns that can be stored. */
export const SETTLED: TableRules = { columnNames: (names) => names.map(storedName), checkFields: () => {} };

function storedName(name: string): string {
  return name.replaceAll("/", "\\");
}

/** @throws ArgumentError `UNKNOWN_COLUMN` for a column that the table has not, or the rows */
export function checkRowNames(names: readonly string[], fields: readonly ColumnField[], partial: boolean): void {
  const known = new Set(fields.map(({ name }) => name));
  const extra = names.find((name) => !known.has(name));
  if (extra !== undefined) {
    throw new ArgumentError("UNKNOWN_COLUMN", `The table has no column "${extra}", which the rows have`, {
      column: extra,
    });
  }
  const missing = partial ? undefined : [...known].find((name) => !names.includes(name));
  if (missing !== undefined) {
    const message = `The rows have no column "${missing}", which the table has`;
    throw new ArgumentError("UNKNOWN_COLUMN", message, { column: missing });
  }
}

/**
 * A source as rows of the table: its columns are those of the table that it has, in the table's order.
 * @throws DataError `VALUE_DOES_NOT_FIT` for text wider, or lists of other length, than the table's column
 */
export async function matchRows(
  source: Source,
  tableFields: readonly ColumnField[],
  signal: AbortSignal | undefined,
): Promise<Source> {
  const fields = tableFields.filter(({ name }) => source.fields.some((field) => field.name === name));
  const positions = fields.map(({ name }) => source.fields.findIndex((field) => field.name === name));
  checkLists(fields, positions, source);
  const matched = new MatchedSource(source, fields, positions);
  const isTooWide = fields.some(
    ({ type, size }, index) => columnKind(type) === "string" && source.fields[positions[index]!]!.size > size,
  );
  if (isTooWide && source.rowCount !== undefined) {
    for await (const _ of matched.batches(CHECKED_ROWS, { signal }));
  }
  return matched;
}

function checkLists(fields: readonly ColumnField[], positions: readonly number[], source: Source): void {
  for (const [index, { name, type, size }] of fields.entries()) {
    const given = source.fields[positions[index]!]!.size;
    if (columnKind(type) !== "array" || given === size || source.rowCount === 0) continue;
    const message = `Column "${name}" of the table holds lists of ${size}, the rows lists of ${given}`;
    throw new DataError("VALUE_DOES_NOT_FIT", message, { column: name });
  }
}

class MatchedSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #source: Source;
  readonly #positions: readonly number[];

  constructor(source: Source, fields: readonly ColumnField[], positions: readonly number[]) {
    this.#source = source;
    this.fields = fields;
    this.#positions = positions;
    this.rowCount = source.rowCount;
  }

  async *batches(rows: number, options?: { signal?: AbortSignal | undefined }): AsyncGenerator<ColumnBatch> {
    for await (const batch of this.#source.batches(rows, options)) {
      const columns = this.#positions.map((position) => batch.columns[position]!);
      const matched = { ...batch, fields: this.fields, columns };
      checkWidths(matched);
      yield matched;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }
}

function checkWidths({ fields, columns, rowNumbers }: ColumnBatch): void {
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "string") continue;
    const { name, size } = fields[index]!;
    const { offsets, bytes } = column;
    for (let row = 1; row < offsets.length; row++) {
      const length = offsets[row]! - offsets[row - 1]!;
      if (length <= size) continue;
      const text = new TextDecoder().decode(bytes.subarray(offsets[row - 1], offsets[row]));
      const why = `takes ${length} bytes in UTF-8, and the table's column is ${size} wide`;
      throw valueDoesNotFit(name, rowNumberAt(rowNumbers, row - 1), text, why);
    }
  }
}
