/** The one shape in which all sources of rows come: final columns, and batches of them. */
import type { ColumnBatch, ColumnField } from "../columns/batch.js";
import type { OnProgress, TableCallOptions } from "../columns/table.js";
import type { CsvOptions } from "./csv/index.js";
import type { FieldOptions } from "./values/column-types.js";

export interface TableSource {
  /** The columns a table for this source has: names, types and sizes are final. */
  readonly fields: readonly ColumnField[];
  /** Undefined where it is known only when all rows were read. */
  readonly rowCount: number | undefined;
  /** All rows in batches of `rows`, the last one of fewer. A source that is not a stream of batches gives them anew each time. */
  batches(rows: number, options?: TableCallOptions): AsyncIterable<ColumnBatch>;
  /** Releases what the source holds, temporary files among it. Safe to call twice. */
  close(): Promise<void>;
}

export interface SourceOptions extends FieldOptions {
  /** Refuses a source by the names of its columns, as soon as they are known. */
  readonly checkNames: (names: readonly string[]) => void;
  readonly csv: CsvOptions;
  readonly signal: AbortSignal | undefined;
  /** Told of the first reading of a CSV. */
  readonly onProgress: OnProgress | undefined;
  /**
   * Whether the rows are taken more slowly than they are read, as by a server: a CSV is then read again for them meanwhile,
   * rather than kept. Default false.
   */
  readonly takenSlowly?: boolean | undefined;
}
