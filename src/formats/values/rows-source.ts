/** Rows as objects, one property a column: a list, which is read again, or a stream, which is spooled. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import type { TableCallOptions } from "../../columns/table.js";
import { ArgumentError, throwIfAborted } from "../../errors.js";
import { Spool } from "../../flow/files/spool.js";
import type { BatchStreamOptions, Source } from "../format.js";
import { tableFields } from "./column-types.js";
import { valueColumn } from "./value-columns.js";
import { shownValue } from "./value-errors.js";
import { ValueProfile } from "./value-profile.js";

export type RowObject = Readonly<Record<string, unknown>>;

const ROWS_A_CHUNK = 4096;

/** Some rows turned to columns; a column that none of them has is missing. */
interface RowChunk {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, unknown[]>;
}

/** @throws DataError for values no column can hold; ArgumentError `INVALID_ARGUMENT` for what is no row. */
export async function openRows(
  rows: Iterable<RowObject> | AsyncIterable<RowObject>,
  options: BatchStreamOptions,
): Promise<Source> {
  const profiles = new RowProfiles(options);
  if (Array.isArray(rows)) {
    const chunks = () => chunksOf(rows, options.signal);
    for await (const chunk of chunks()) profiles.add(chunk);
    return new RowsSource(profiles, chunks, async () => {});
  }
  const spool = new Spool<RowChunk>();
  try {
    for await (const chunk of chunksOf(rows, options.signal)) {
      profiles.add(chunk);
      await spool.append(chunk);
    }
    return new RowsSource(
      profiles,
      () => spool.items(),
      () => spool.close(),
    );
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function* chunksOf(
  rows: Iterable<RowObject> | AsyncIterable<RowObject>,
  signal: AbortSignal | undefined,
): AsyncGenerator<RowChunk, void, undefined> {
  let waiting: RowObject[] = [];
  let first = 0;
  const turn = () => {
    throwIfAborted(signal, "Reading rows");
    const chunk = toColumns(waiting, first);
    first += waiting.length;
    waiting = [];
    return chunk;
  };
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length === ROWS_A_CHUNK) yield turn();
  }
  if (waiting.length > 0) yield turn();
}

function toColumns(rows: readonly RowObject[], first: number): RowChunk {
  const columns = new Map<string, unknown[]>();
  for (const [index, row] of rows.entries()) {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      const message = `Row ${first + index} is ${shownValue(row)}; rows are objects with a property for each column`;
      throw new ArgumentError("INVALID_ARGUMENT", message, { row: first + index });
    }
    for (const name of Object.keys(row)) {
      let values = columns.get(name);
      if (values === undefined) {
        values = new Array(rows.length).fill(undefined);
        columns.set(name, values);
      }
      values[index] = row[name];
    }
  }
  return { rowCount: rows.length, columns };
}

/** Profiles of all columns that any row has, in the order they first appear. */
class RowProfiles {
  rowCount = 0;
  readonly #options: BatchStreamOptions;
  readonly #profiles = new Map<string, ValueProfile>();

  constructor(options: BatchStreamOptions) {
    this.#options = options;
  }

  get names(): string[] {
    return [...this.#profiles.keys()];
  }

  add({ rowCount, columns }: RowChunk): void {
    for (const name of columns.keys()) {
      if (!this.#profiles.has(name)) this.#begin(name);
    }
    for (const [name, profile] of this.#profiles) {
      const values = columns.get(name);
      if (values === undefined) profile.add(undefined, this.rowCount);
      else profile.addValues(values, this.rowCount);
    }
    this.rowCount += rowCount;
  }

  fields(): ColumnField[] {
    this.#options.checkNames(this.names);
    const contents = [...this.#profiles.values()].map((profile) => profile.conclude(this.rowCount));
    return tableFields(contents, this.#options);
  }

  /** Rows before the first with this column are missing in it. */
  #begin(name: string): void {
    const profile = new ValueProfile(name, this.#options.types.get(name), this.#options.typesOf);
    this.#profiles.set(name, profile);
    if (this.rowCount > 0) profile.add(undefined, 0);
  }
}

class RowsSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number;
  readonly close: () => Promise<void>;
  readonly #names: readonly string[];
  readonly #chunks: () => AsyncIterable<RowChunk>;

  constructor(profiles: RowProfiles, chunks: () => AsyncIterable<RowChunk>, close: () => Promise<void>) {
    this.fields = profiles.fields();
    this.rowCount = profiles.rowCount;
    this.#names = profiles.names;
    this.#chunks = chunks;
    this.close = close;
  }

  batches(rows: number, { signal }: TableCallOptions = {}): AsyncIterable<ColumnBatch> {
    return rechunk(this.#convert(signal), rows);
  }

  async *#convert(signal: AbortSignal | undefined): AsyncGenerator<ColumnBatch, void, undefined> {
    for await (const { rowCount, columns } of this.#chunks()) {
      throwIfAborted(signal, "Reading rows");
      const absent = new Array(rowCount).fill(undefined);
      const data = this.fields.map((field, index) =>
        valueColumn(columns.get(this.#names[index]!) ?? absent, 0, rowCount, field),
      );
      yield { fields: this.fields, columns: data, rowCount, rowNumbers: { start: 0, step: 1 } };
    }
  }
}
