/** Writes rows from any source as a TileDB array, the form in which OMERO Plus registers tables in place. */

import type { ColumnType } from "../columns/batch.js";
import type { OnProgress } from "../columns/table.js";
import { throwIfAborted } from "../errors.js";
import { watchingCallbacks } from "../flow/callbacks.js";
import { checkOptions, type OptionNames } from "../flow/options.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import type { Source } from "../formats/format.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { TILEDB_RULES } from "../formats/tiledb/attribute-rules.js";
import type { CreatedArray } from "../formats/tiledb/index.js";
import { checkChunkSize } from "./send-rows.js";
import { CHOICE_OPTIONS, chosenSource, type SourceChoice } from "./source-choice.js";

/** How the array is written. */
export interface CreateTileDBOptions extends SourceChoice {
  /** Rows of each fragment of the array; chosen by the columns' width unless given. Few large fragments are read fastest. */
  readonly chunkSize?: number | undefined;
  /** Replace a TileDB array of that name when the new one is whole. Default: whatever is there is an error. */
  readonly overwrite?: boolean | undefined;
  /** Stops the work; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the bytes of a CSV while it is looked through, then of the rows written. */
  readonly onProgress?: OnProgress | undefined;
  /** Told what is worth knowing but no error; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

const CREATE_OPTIONS: OptionNames<CreateTileDBOptions> = {
  chunkSize: true,
  overwrite: true,
  ...CHOICE_OPTIONS,
  signal: true,
  onProgress: true,
  onWarning: true,
};

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
 *
 * @example
 * ```ts
 * const token = await createTileDB("cells.csv", "/mnt/lab/tables/cells.tiledb");
 * ```
 */
export async function createTileDB(
  source: RowSource,
  path: string,
  options: CreateTileDBOptions = {},
): Promise<string> {
  checkOptions(options, CREATE_OPTIONS, "createTileDB");
  return watchingCallbacks(options, async (watched) => (await createArray(source, path, watched)).token);
}

/** How names of objects become ids, where there is a server to ask. */
export interface ArrayNames {
  readonly namedTypes: readonly ColumnType[];
  /** The rows with ids in place of names. */
  resolve(opened: Source): Promise<Source>;
}

export async function createArray(
  source: RowSource,
  path: string,
  options: CreateTileDBOptions,
  names?: ArrayNames,
): Promise<CreatedArray> {
  const { chunkSize, signal, onProgress, onWarning = emitWarning } = options;
  checkChunkSize(chunkSize);
  const chosen = chosenSource(options);
  throwIfAborted(signal, "createTileDB");
  const { overwrite = false } = options;
  const { TileDBSink } = await import("../formats/tiledb/index.js");
  const sink = await TileDBSink.create(path, { overwrite, onWarning, fragmentRows: chunkSize });
  const taking = { namedTypes: names?.namedTypes, rules: TILEDB_RULES, onWarning, signal, onProgress };
  const opened = await openSource(source, { ...chosen, ...taking });
  try {
    const rows = names === undefined ? opened : await names.resolve(opened);
    const { fields, rowCount } = rows;
    const batches = rows.batches(sink.batchRows(fields), { signal });
    return await sink.createArray({ fields, rowCount, batches }, { signal, onProgress });
  } finally {
    await opened.close();
    await sink.close();
  }
}
