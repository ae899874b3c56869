/** What an upload would make, without making it. */
import type { ColumnBatch, ColumnData, ColumnField } from "../columns/batch.js";
import { columnValues } from "../columns/column-values.js";
import { maskText } from "../columns/mask-text.js";
import { withConnection } from "../connect/connection-option.js";
import { HDF5_RULES, WIDE_RULES } from "../formats/hdf5/rules/hdf5-rules.js";
import { openSource, type RowSource } from "../formats/open-source.js";
import { TILEDB_RULES } from "../formats/tiledb/attribute-rules.js";
import { checkLinkTargets } from "../gateway/links.js";
import type { CommonUploadOptions, NewTable } from "./destinations/destination.js";
import { lookUpNames, namedTypes } from "./named-rows.js";
import type { UnresolvedNames } from "./names/name-faults.js";
import type { FoundObjects } from "./names/resolve-names.js";
import { chosenSource } from "./source-choice.js";

const SHOWN_ROWS = 10;

/** What `uploadTable` would make of a source, with `dryRun: true`. */
export interface UploadPreview {
  /** The table's columns: names, types, sizes. */
  readonly columns: readonly ColumnField[];
  /** Rows there would be; undefined for a stream. */
  readonly rowCount: number | undefined;
  /** Objects found by names, or ids, column by column. */
  readonly found: readonly FoundObjects[];
  /** Names for which there is no object, or several: the upload would refuse them. */
  readonly unresolved: readonly UnresolvedNames[];
  /** The first ten rows, by the columns' names. Integers beyond 2^53 are bigints; a mask is JSON text. */
  readonly firstRows: readonly Readonly<Record<string, unknown>>[];
}

interface PreviewOptions extends CommonUploadOptions {
  readonly localPath?: string | undefined;
  readonly split?: boolean | undefined;
}

/** Reads the source and asks the server for what is there; nothing is written. */
export async function previewUpload(source: RowSource, table: NewTable<PreviewOptions>): Promise<UploadPreview> {
  const { options, targets, onWarning } = table;
  const { signal, onProgress, localPath, split = false } = options;
  const tableRules = split ? WIDE_RULES : HDF5_RULES;
  const rules = localPath === undefined ? tableRules : TILEDB_RULES;
  const taking = { namedTypes: namedTypes(table), rules, onWarning, signal, onProgress };
  const opened = await openSource(source, { ...chosenSource(options), ...taking });
  try {
    return await withConnection(options, async (connection) => {
      const group = await checkLinkTargets(connection, targets, onWarning, signal);
      const named = await lookUpNames(opened, table, { connection, group, signal }, rules);
      const { fields: columns, rowCount } = named.source;
      const firstRows: Record<string, unknown>[] = [];
      for await (const batch of named.source.batches(SHOWN_ROWS, { signal })) {
        firstRows.push(...rowObjects(batch));
        break;
      }
      return { columns, rowCount, found: named.found, unresolved: named.unresolved, firstRows };
    });
  } finally {
    await opened.close();
  }
}

function rowObjects({ fields, columns, rowCount }: ColumnBatch): Record<string, unknown>[] {
  const cells = columns.map(cellsOf);
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(fields.map(({ name }, index) => [name, cells[index]![row]])),
  );
}

function cellsOf(column: ColumnData): unknown[] {
  switch (column.kind) {
    case "long":
      return Array.from(column.values, exact);
    case "double":
      return Array.from(column.values);
    case "mask":
      return Array.from({ length: column.imageId.length }, (_, row) => maskText(column, row));
    case "array":
      return columnValues(column).map((list) => Array.from(list as ArrayLike<number | bigint>, exact));
    default:
      return columnValues(column);
  }
}

function exact(value: number | bigint): number | bigint {
  const number = Number(value);
  return typeof value === "number" || Number.isSafeInteger(number) ? number : value;
}
