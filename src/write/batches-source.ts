/** Column batches as a source: a stream whose first batch says the columns. */
import { type ColumnBatch, type ColumnField, type ColumnType, columnKind, rowNumberAt } from "../batch.js";
import { ArgumentError, DataError, throwIfAborted } from "../errors.js";
import { rebatch } from "../rebatch.js";
import type { TableCallOptions } from "../table.js";
import { elementKind } from "./column-content.js";
import { tableFields } from "./column-types.js";
import { misfit, trailingNul } from "./misfit.js";
import type { SourceOptions, TableSource } from "./table-source.js";

export function isColumnBatch(value: unknown): value is ColumnBatch {
  if (typeof value !== "object" || value === null) return false;
  const batch = value as Partial<ColumnBatch>;
  return Array.isArray(batch.fields) && Array.isArray(batch.columns) && typeof batch.rowCount === "number";
}

/** @param batches at least one, all with the same columns */
export async function openBatches(
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  options: SourceOptions,
): Promise<TableSource> {
  const iterator = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  const first = await iterator.next();
  if (first.done === true) throw new DataError("INVALID_SCHEMA", "There is no batch, so there are no columns");
  try {
    const rowCount = Array.isArray(batches) ? totalRows(batches) : undefined;
    return new BatchesSource(first.value, iterator, newFields(first.value.fields, options), rowCount);
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

/** The fields as they are, with other types of the same kind where those are asked for. */
function newFields(fields: readonly ColumnField[], options: SourceOptions): ColumnField[] {
  options.checkNames(fields.map(({ name }) => name));
  const contents = fields.map(({ name, type, size, description }) => {
    const asked = options.types.get(name) ?? type;
    checkSameKind(name, type, asked);
    return { name, kind: columnKind(type), element: elementKind(type), size, type: asked, description };
  });
  return tableFields(contents, options);
}

function checkSameKind(column: string, type: ColumnType, asked: ColumnType): void {
  if (columnKind(type) === columnKind(asked) && elementKind(type) === elementKind(asked)) return;
  const message = `columnTypes: the batches hold ${type} in column "${column}", which is not stored as ${asked}`;
  throw new ArgumentError("INVALID_ARGUMENT", message, { column });
}

function totalRows(batches: readonly ColumnBatch[]): number {
  return batches.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

class BatchesSource implements TableSource {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #first: ColumnBatch;
  readonly #rest: AsyncIterator<ColumnBatch> | Iterator<ColumnBatch>;
  #taken = false;

  constructor(
    first: ColumnBatch,
    rest: AsyncIterator<ColumnBatch> | Iterator<ColumnBatch>,
    fields: readonly ColumnField[],
    rowCount: number | undefined,
  ) {
    this.rowCount = rowCount;
    this.#first = first;
    this.#rest = rest;
    this.fields = fields;
  }

  batches(rows: number, { signal }: TableCallOptions = {}): AsyncIterable<ColumnBatch> {
    return rebatch(this.#all(signal), rows);
  }

  async close(): Promise<void> {
    if (this.#taken) return;
    this.#taken = true;
    await this.#rest.return?.();
  }

  async *#all(signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    if (this.#taken) throw new ArgumentError("INVALID_ARGUMENT", "A stream of batches can be read only once");
    this.#taken = true;
    try {
      for (let batch: ColumnBatch | undefined = this.#first; batch !== undefined; ) {
        throwIfAborted(signal, "Reading batches");
        checkFields(batch, this.#first);
        checkTexts(batch);
        yield { ...batch, fields: this.fields };
        const next = await this.#rest.next();
        batch = next.done === true ? undefined : next.value;
      }
    } finally {
      await this.#rest.return?.();
    }
  }
}

function checkFields({ fields }: ColumnBatch, first: ColumnBatch): void {
  const same =
    fields.length === first.fields.length &&
    fields.every(({ name, type, size }, index) => {
      const expected = first.fields[index]!;
      return name === expected.name && type === expected.type && size <= expected.size;
    });
  if (!same)
    throw new DataError("INVALID_SCHEMA", "The batches differ in their columns; all must have those of the first");
}

/** @throws DataError `VALUE_DOES_NOT_FIT` for a text longer than its column is wide, or one whose end would be lost. */
function checkTexts({ fields, columns, rowNumbers }: ColumnBatch): void {
  for (const [index, column] of columns.entries()) {
    if (column.kind !== "string") continue;
    const { name, size } = fields[index]!;
    const { offsets, bytes } = column;
    for (let row = 1; row < offsets.length; row++) {
      const length = offsets[row]! - offsets[row - 1]!;
      if (length > size) {
        const text = new TextDecoder().decode(bytes.subarray(offsets[row - 1], offsets[row]));
        throw misfit(name, rowNumberAt(rowNumbers, row - 1), text, `takes ${length} bytes in a column of ${size}`);
      }
      if (length > 0 && bytes[offsets[row]! - 1] === 0) throw trailingNul(name, rowNumberAt(rowNumbers, row - 1));
    }
  }
}
