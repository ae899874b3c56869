import type { Hdf5MetadataValue } from "./attribute-values.js";
import type { ByteSequences } from "./structure/global-heap.js";
import type { CompoundType } from "./structure/objects/datatype.js";

/**
 * One OMERO.tables file: raw records, the bits of masks, metadata. Calls on one object must not overlap. Rows are not
 * checked: callers stay within what is there.
 */
export interface TableFile {
  readonly record: CompoundType;
  /** For example `::omero::grid::LongColumn`, one a column. */
  readonly columnTypes: readonly string[];
  readonly columnDescriptions: readonly string[];
  readonly rowCount: number;
  /** Rows that lie next to each other: reading multiples of it is quickest. */
  readonly chunkRows: number;
  /** Rows of masks that are there. */
  readonly maskCount: number;

  /** Fills `target` with whole records from `firstRow` on. */
  readRecords(target: Uint8Array, firstRow: number, signal?: AbortSignal): Promise<void>;
  /** Writes whole records from `firstRow` on; what lies beyond the last row is added. */
  writeRecords(records: Uint8Array, firstRow: number): Promise<void>;
  /** Forgets rows and masks added since the last {@link commit}, down to this many. */
  dropRows(rowCount: number): Promise<void>;
  readMasks(firstRow: number, count: number): Promise<ByteSequences>;
  writeMasks(masks: ByteSequences, firstRow: number): Promise<void>;
  /** User attributes; those of PyTables itself are left out. */
  readMetadata(): Promise<Map<string, Hdf5MetadataValue>>;
  setMetadata(key: string, value: Hdf5MetadataValue): Promise<void>;
  removeMetadata(key: string): Promise<void>;
  /** Makes what was written part of the file, for every reader; on the disk too if `durable`. */
  commit(durable: boolean): Promise<void>;
  /** Gives the file back as it is: what was not committed is lost. */
  close(): Promise<void>;
}

/** HDF5 counts the members of a record in 16 bits. */
export const MAX_COLUMNS = 0xffff;

const SYSTEM_ATTRIBUTES: ReadonlySet<string> = new Set([
  "CLASS",
  "VERSION",
  "TITLE",
  "NROWS",
  "EXTDIM",
  "ENCODING",
  "PYTABLES_FORMAT_VERSION",
  "FLAVOR",
  "FILTERS",
  "AUTO_INDEX",
  "DIRTY",
  "NODE_TYPE",
  "NODE_TYPE_VERSION",
  "PSEUDOATOM",
]);

/** Whether PyTables keeps an attribute of this name for itself (`tables/attributeset.py`). */
export function isSystemAttribute(name: string): boolean {
  return SYSTEM_ATTRIBUTES.has(name) || name.startsWith("FIELD_");
}
