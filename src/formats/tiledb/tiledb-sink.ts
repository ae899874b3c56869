/** Rows into a new TileDB array, which appears whole or not at all. */
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import { rechunk } from "../../columns/batch-operations.js";
import { typicalRowBytes } from "../../columns/chunk-size.js";
import { TargetFolder } from "../../flow/files/target-folder.js";
import type { NewFileOptions, RowStream, Sink, SinkOptions } from "../format.js";
import { writeArray } from "./array-writer.js";

/** Bytes of a fragment's rows in memory. */
const FRAGMENT_BYTES = 64 * 1024 * 1024;
/** Cells of a tile; fragments of whole tiles waste none. */
const TILE_ROWS = 10_000;
const MOST_TILES = 100;

/** What was written: the array's path, its secret token and its rows. */
export interface CreatedArray {
  readonly path: string;
  readonly token: string;
  readonly rowCount: number;
}

export interface NewArrayOptions extends NewFileOptions {
  /** Rows of each fragment; chosen by the columns' width unless given. */
  readonly fragmentRows?: number | undefined;
}

/** Where an array is to be, if it can be there. @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT` */
export function arrayTarget(path: string, { overwrite = false, onWarning }: NewFileOptions): Promise<TargetFolder> {
  return TargetFolder.open(path, { name: "TileDB array", mark: "__schema" }, overwrite, onWarning);
}

export class TileDBSink implements Sink {
  readonly #target: TargetFolder;
  readonly #fragmentRows: number | undefined;

  private constructor(target: TargetFolder, fragmentRows: number | undefined) {
    this.#target = target;
    this.#fragmentRows = fragmentRows;
  }

  /** @throws ArgumentError `FILE_EXISTS`, `INVALID_ARGUMENT` */
  static async create(path: string, options: NewArrayOptions): Promise<TileDBSink> {
    return new TileDBSink(await arrayTarget(path, options), options.fragmentRows);
  }

  /** Rows that batches for these columns best have; others are cut and joined. */
  batchRows(fields: readonly ColumnField[]): number {
    return this.#fragmentRows ?? rowsPerFragment(fields);
  }

  async write(rows: RowStream, options?: SinkOptions): Promise<number> {
    return (await this.createArray(rows, options)).rowCount;
  }

  async createArray(
    { fields, rowCount, batches, metadata }: RowStream,
    options: SinkOptions = {},
  ): Promise<CreatedArray> {
    let written = 0;
    const fragments = counted(rechunk(batches, this.batchRows(fields)), (count) => {
      written += count;
    });
    const token = await writeArray(this.#target, fields, fragments, {
      ...options,
      rowCount,
      metadata: await metadata?.(),
    });
    return { path: this.#target.path, token, rowCount: written };
  }

  async close(): Promise<void> {}
}

async function* counted(batches: AsyncIterable<ColumnBatch>, onRows: (rows: number) => void) {
  for await (const batch of batches) {
    onRows(batch.rowCount);
    yield batch;
  }
}

function rowsPerFragment(fields: readonly ColumnField[]): number {
  const tiles = Math.floor(FRAGMENT_BYTES / typicalRowBytes(fields) / TILE_ROWS);
  return TILE_ROWS * Math.min(Math.max(tiles, 1), MOST_TILES);
}
