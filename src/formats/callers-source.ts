/** A source of rows that a caller gave: what its stream, iterator or getters throw becomes an error of this package. */
import type { ColumnBatch, ColumnField, ColumnType } from "../columns/batch.js";
import type { TableCallOptions, TableMetadata } from "../columns/table.js";
import { abortError, CallerError, OmeroError } from "../errors.js";
import type { Source } from "./format.js";

export class CallersSource implements Source {
  readonly fields: readonly ColumnField[];
  readonly rowCount: number | undefined;
  readonly metadata?: TableMetadata;
  readonly declared?: ReadonlyMap<string, ColumnType> | undefined;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
    this.fields = source.fields;
    this.rowCount = source.rowCount;
    if (source.metadata !== undefined) this.metadata = source.metadata;
    this.declared = source.declared;
  }

  async *batches(rows: number, options: TableCallOptions = {}): AsyncGenerator<ColumnBatch, void, undefined> {
    try {
      yield* this.#source.batches(rows, options);
    } catch (error) {
      throw sourceFailure(error, options.signal);
    }
  }

  async close(): Promise<void> {
    try {
      await this.#source.close();
    } catch (error) {
      throw sourceFailure(error, undefined);
    }
  }
}

/** The error for one that came from a caller's source, unless it is an error of this package. */
export function sourceFailure(error: unknown, signal: AbortSignal | undefined): OmeroError {
  if (error instanceof OmeroError) return error;
  if (signal?.aborted) return abortError(signal, "Reading the source of rows");
  const why = error instanceof Error ? error.message : String(error);
  return new CallerError("SOURCE_FAILED", `The source of rows failed: ${why}`, { cause: error });
}
