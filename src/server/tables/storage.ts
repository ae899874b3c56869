/** Where tables are kept: in memory, in HDF5 files or TileDB arrays. The rest of the server knows tables only through this. */
import type { ColumnField } from "../../columns/batch.js";
import type { TableMetadata, WritableTable } from "../../columns/table.js";

/** A table as it is stored. */
export interface KeptTable extends WritableTable {
  /** Whether nobody may change the table, whatever the rights on its file. */
  readonly isReadOnly?: boolean;
  /** Puts these entries in place of all metadata but the reserved ones, whose names begin with `__`. */
  replaceMetadata(metadata: TableMetadata): Promise<void>;
  /** Gives the table back as it is, with nothing finished. */
  abandon(): Promise<void>;
}

/** Tables by the id of their OriginalFile. */
export interface TableStorage {
  /** Whether a table was created for this file, and not removed. */
  has(fileId: bigint): Promise<boolean>;
  /** A new empty table, its metadata `__version` and `__initialized` set. There is none yet for this file. */
  create(fileId: bigint, fields: readonly ColumnField[]): Promise<KeptTable>;
  /**
   * The table of this file; undefined if none was created.
   * @throws DataError `MALFORMED_FILE` if the file holds something else.
   */
  open(fileId: bigint): Promise<KeptTable | undefined>;
  /** Removes the table. Nothing happens if there is none. It must not be open. */
  remove(fileId: bigint): Promise<void>;
}

/** Version of the table format, in the metadata `__version` of every table. */
export const TABLE_VERSION = "2";

/** Metadata of a new table; `now` in milliseconds since 1970. */
export function initialMetadata(now = Date.now()): Map<string, bigint | number | string> {
  return new Map<string, bigint | number | string>([
    ["__version", TABLE_VERSION],
    ["__initialized", now / 1000],
  ]);
}

export function isReservedName(name: string): boolean {
  return name.startsWith("__");
}
