/** Column batches as a source: a stream whose first batch says the columns. */
import { type ColumnBatch, type ColumnField, type ColumnType, rowNumberAt } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import { elementKind } from "../../columns/kinds/array.js";
import { columnKind } from "../../columns/kinds/kinds.js";
import type { TableCallOptions } from "../../columns/table.js";
import { ArgumentError, DataError, throwIfAborted } from "../../errors.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { tableFields } from "../values/column-types.js";
import { trailingNul, valueDoesNotFit } from "../values/value-errors.js";

export function isColumnBatch(value: unknown): value is ColumnBatch {
  if (typeof value !== "object" || value === null) return false;
  const batch = value as Partial<ColumnBatch>;
  return Array.isArray(batch.fields) && Array.isArray(batch.columns) && typeof batch.rowCount === "number";
}

/** @param batches at least one, all with the same columns. A list can be read again, a stream once. */
export async function openBatches(
  batches: AsyncIterable<ColumnBatch> | Iterable<ColumnBatch>,
  options: BatchStreamOptions,
): Promise<Source> {
  if (Array.isArray(batches)) return openList(batches, options);
  const iterator = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  const first = await iterator.next();
  if (first.done === true) throw new DataError("INVALID_SCHEMA", "There is no batch, so there are no columns");
  try {
    return new BatchesSource(retypedFields(first.value.fields, options), undefined, once(first.value, iterator));
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

function openList(batches: readonly ColumnBatch[], options: BatchStreamOptions): Source {
  const [first] = batches;
  if (first === undefined) throw new DataError("INVALID_SCHEMA", "There is no batch, so there are no columns");
  const fields = retypedFields(first.fields, options);
  for (const batch of batches) checkBatch(batch, first);
  const rowCount = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
  return new BatchesSource(fields, rowCount, { open: () => batches, close: async () => {} });
}

interface Batches {
  open(): Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>;
  close(): Promise<void>;
}

/** A stream of which the first batch is known. */
function once(first: ColumnBatch, rest: AsyncIterator<ColumnBatch> | Iterator<ColumnBatch>): Batches {
  let taken = false;
  async function* all() {
    try {
      for (let batch: ColumnBatch | undefined = first; batch !== undefined; ) {
        checkBatch(batch, first);
        yield batch;
        const next = await rest.next();
        batch = next.done === true ? undefined : next.value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return {
    open() {
      if (taken) throw new ArgumentError("INVALID_ARGUMENT", "A stream of batches can be read only once");
      taken = true;
      return all();
    },
    async close() {
      if (!taken) await rest.return?.();
      taken = true;
    },
  };
}

/** The fields as they are, with other types of the same kind where those are asked for. */
export function retypedFields(fields: readonly ColumnField[], options: BatchStreamOptions): ColumnField[] {
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

class BatchesSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly #batches: Batches;

  constructor(fields: readonly ColumnField[], rowCount: number | undefined, batches: Batches) {
    this.fields = fields;
    this.rowCount = rowCount;
    this.#batches = batches;
  }

  batches(rows: number, { signal }: TableCallOptions = {}): AsyncIterable<ColumnBatch> {
    return rechunk(this.#all(signal), rows);
  }

  close(): Promise<void> {
    return this.#batches.close();
  }

  async *#all(signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const batch of this.#batches.open()) {
      throwIfAborted(signal, "Reading batches");
      yield { ...batch, fields: this.fields };
    }
  }
}

function checkBatch(batch: ColumnBatch, first: ColumnBatch): void {
  checkFields(batch, first);
  checkTexts(batch);
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
        throw valueDoesNotFit(
          name,
          rowNumberAt(rowNumbers, row - 1),
          text,
          `takes ${length} bytes in a column of ${size}`,
        );
      }
      if (length > 0 && bytes[offsets[row]! - 1] === 0) throw trailingNul(name, rowNumberAt(rowNumbers, row - 1));
    }
  }
}
