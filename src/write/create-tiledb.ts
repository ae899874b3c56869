/** Writes rows from any source as a TileDB array, the form in which OMERO Plus registers tables in place. */
import type { ColumnBatch, ColumnField } from "../columns/batch.js";
import { typicalRowBytes } from "../columns/chunk-size.js";
import type { OnProgress } from "../columns/table.js";
import { throwIfAborted } from "../errors.js";
import type { CsvOptions } from "../formats/csv/index.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { ArrayTarget, TILEDB_RULES, writeArray } from "../formats/tiledb/index.js";
import {
  type ColumnTypes,
  checkColumnTypes,
  checkTypedColumns,
  emitWarning,
  type OnWarning,
} from "../formats/values/column-types.js";
import { checkChunkSize } from "./send-rows.js";

export interface CreateTileDBOptions {
  /** Rows of each fragment of the array; chosen by the columns' width unless given. Few large fragments are read fastest. */
  readonly chunkSize?: number | undefined;
  /** Replace a TileDB array of that name when the new one is whole. Default: whatever is there is an error. */
  readonly overwrite?: boolean | undefined;
  /** Types by column, in place of those that follow from the data. */
  readonly columnTypes?: ColumnTypes | undefined;
  /** How a CSV is written, where that is not to be found out. */
  readonly csv?: CsvOptions | undefined;
  /** Stops the work; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of a CSV while it is looked through, then of the rows written. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

/**
 * Writes rows as a new TileDB array, a folder at `path`, and gives the secret token that {@link registerTable} asks for.
 * Sources and types are those of {@link uploadTable}; names of columns are kept as they are.
 *
 * The array is the one that omero2pandas makes with TileDB (`tiledb.from_pandas` and the metadata `__version`,
 * `__initialized`, `SecretToken`): a sparse array of row numbers from 0 with an attribute for each column. Ids and Long
 * are int64, Double float64, String UTF-8 text, Bool bool, array columns attributes of several values.
 *
 * The array appears under its name when it is whole and on the disk; after a failure there is none, or the one that was
 * to be replaced. A process that is killed leaves the folder it wrote, `.NAME.HEX.part` beside `path`, and if it was about
 * to replace an array it may leave that as `.NAME.HEX.part.replaced`. They are never touched, as another process may be
 * writing; the next call for the same `path` warns of them.
 *
 * @throws ArgumentError `FILE_EXISTS` for what is at `path`, before the source is read; `INVALID_ARGUMENT`
 * @throws DataError with `column`, `row`: values no column can hold; `UNSUPPORTED_TYPE` for masks
 * @throws FileError `CANNOT_READ_FILE`, `CANNOT_WRITE_FILE`; AbortError
 */
export async function createTileDB(
  source: RowSource,
  path: string,
  options: CreateTileDBOptions = {},
): Promise<string> {
  return (await createArray(source, path, options)).token;
}

/** What {@link createTileDB} makes: where it is, its secret token and its rows. */
export interface CreatedArray {
  readonly path: string;
  readonly token: string;
  readonly rowCount: number;
}

export async function createArray(
  source: RowSource,
  path: string,
  options: CreateTileDBOptions,
): Promise<CreatedArray> {
  const { chunkSize, csv = {}, signal, onProgress, onWarning = emitWarning } = options;
  checkChunkSize(chunkSize);
  const types = checkColumnTypes(options.columnTypes);
  throwIfAborted(signal, "createTileDB");
  const target = await ArrayTarget.open(path, options.overwrite ?? false, onWarning);
  const checkNames = (names: readonly string[]) => checkTypedColumns(types, names);
  const opened = await openSource(source, {
    types,
    checkNames,
    rules: TILEDB_RULES,
    csv,
    onWarning,
    signal,
    onProgress,
  });
  try {
    const { fields, rowCount } = opened;
    let written = 0;
    const batches = counted(opened.batches(chunkSize ?? rowsPerFragment(fields), { signal }), (rows) => {
      written += rows;
    });
    const token = await writeArray(target, fields, batches, { rowCount, signal, onProgress });
    return { path: target.path, token, rowCount: written };
  } finally {
    await opened.close();
  }
}

async function* counted(batches: AsyncIterable<ColumnBatch>, onRows: (rows: number) => void) {
  for await (const batch of batches) {
    onRows(batch.rowCount);
    yield batch;
  }
}

/** Bytes of a fragment's rows in memory. */
const FRAGMENT_BYTES = 64 * 1024 * 1024;
/** Cells of a tile; fragments of whole tiles waste none. */
const TILE_ROWS = 10_000;
const MOST_TILES = 100;

function rowsPerFragment(fields: readonly ColumnField[]): number {
  const tiles = Math.floor(FRAGMENT_BYTES / typicalRowBytes(fields) / TILE_ROWS);
  return TILE_ROWS * Math.min(Math.max(tiles, 1), MOST_TILES);
}
