/** Columns of JavaScript values in memory: an object of arrays, or the columns of a danfojs DataFrame. */
import type { ColumnBatch, ColumnField, ColumnType } from "../../columns/batch.js";
import type { TableCallOptions } from "../../columns/table.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { checkChosenColumns } from "./chosen-columns.js";
import type { ColumnContent } from "./column-content.js";
import { tableFields } from "./column-types.js";
import { type Values, valueColumn } from "./value-columns.js";
import { type TypedValues, ValueProfile } from "./value-profile.js";

export interface NamedValues {
  readonly name: string;
  readonly values: Values;
  /** What the frame says of the column, where its values alone do not tell. */
  readonly hint?: "text" | "float" | undefined;
}

/** @throws ArgumentError `INVALID_ARGUMENT` for columns of unequal length; DataError for values no column can hold. */
export function openColumns(given: readonly NamedValues[], options: BatchStreamOptions): Source {
  const { columnNames } = options;
  checkChosenColumns(
    columnNames,
    given.map(({ name }) => name),
  );
  const columns = columnNames === undefined ? given : given.filter(({ name }) => columnNames.includes(name));
  const rowCount = columns[0]?.values.length ?? 0;
  for (const { name, values } of columns) checkLength(name, values, columns[0]!);
  options.checkNames(columns.map(({ name }) => name));
  const contents = columns.map((column) => contentOf(column, options));
  return new ColumnsSource(columns, tableFields(contents, options), rowCount);
}

function checkLength(name: string, values: unknown, first: NamedValues): void {
  const isList = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (!isList) {
    throw new ArgumentError("INVALID_ARGUMENT", `Column "${name}" is neither an array nor a typed array`, {
      column: name,
    });
  }
  const { length } = values as Values;
  if (length === first.values.length) return;
  const message = `Column "${name}" has ${length} rows, column "${first.name}" has ${first.values.length}; give columns of equal length`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { column: name });
}

function contentOf({ name, values, hint }: NamedValues, options: BatchStreamOptions): ColumnContent {
  const { types, typesOf, signal } = options;
  throwIfAborted(signal, "Reading columns");
  const type = types.get(name);
  const profile = profileOf(name, values, type, typesOf);
  if (type !== undefined) return profile.conclude(values.length);
  if (hint === "text" && profile.isMixed) return profileOf(name, values, "String").conclude(values.length);
  const content = profile.conclude(values.length);
  if (hint !== "float" || !(content.kind === "long" || content.gaps === "integers")) return content;
  return { name, kind: "double" };
}

/** The type asked for, and whose it is. */
type Typing = [type: ColumnType | undefined, typesOf?: BatchStreamOptions["typesOf"]];

function profileOf(name: string, values: Values, ...typing: Typing): ValueProfile {
  const profile = new ValueProfile(name, ...typing);
  if (ArrayBuffer.isView(values)) profile.addTyped(values as unknown as TypedValues, 0);
  else profile.addValues(values, 0);
  return profile;
}

class ColumnsSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly #columns: readonly NamedValues[];

  constructor(columns: readonly NamedValues[], fields: readonly ColumnField[], rowCount: number) {
    this.#columns = columns;
    this.fields = fields;
    this.rowCount = rowCount;
  }

  async *batches(rows: number, { signal }: TableCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    for (let start = 0; start < this.rowCount; start += rows) {
      throwIfAborted(signal, "Reading columns");
      const stop = Math.min(this.rowCount, start + rows);
      const columns = this.fields.map((field, index) => valueColumn(this.#columns[index]!.values, start, stop, field));
      yield { fields: this.fields, columns, rowCount: stop - start, rowNumbers: { start, step: 1 } };
    }
  }

  async close(): Promise<void> {}
}
