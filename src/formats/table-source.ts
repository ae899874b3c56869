/** The rows of a table that is open, as a source. */
import type { ColumnBatch, ColumnField } from "../columns/batch.js";
import type { ReadableTable, TableCallOptions } from "../columns/table.js";
import { retypedFields } from "./batches/batches-source.js";
import type { BatchStreamOptions, Source } from "./format.js";

/** Takes over the table: it is closed with the source, and where its columns are refused. */
export async function sourceOfFile(opening: Promise<ReadableTable>, options: BatchStreamOptions): Promise<Source> {
  const table = await opening;
  try {
    return new TableSource(table, retypedFields(table.fields, options));
  } catch (error) {
    await table.close();
    throw error;
  }
}

class TableSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly #table: ReadableTable;

  constructor(table: ReadableTable, fields: readonly ColumnField[]) {
    this.#table = table;
    this.fields = fields;
  }

  get rowCount(): number {
    return this.#table.rowCount;
  }

  async *batches(rows: number, options: TableCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    const columns = this.fields.map((_, index) => index);
    for (let start = 0; start < this.rowCount; start += rows) {
      const batch = await this.#table.read(columns, start, Math.min(start + rows, this.rowCount), options);
      yield { ...batch, fields: this.fields };
    }
  }

  close(): Promise<void> {
    return this.#table.close();
  }
}
