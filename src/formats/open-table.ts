/** Opens a file of any format as a table. */
import type { ReadableTable } from "../columns/table.js";
import { formatOfFile } from "./choose-format.js";
import { SourceTable } from "./source-table.js";
import type { TableRules } from "./table-rules.js";

export interface OpenTableOptions {
  /** As in `format: "csv"`; found out unless given. */
  readonly format?: string | undefined;
  /** Bytes of text that a compressed file may hold; default 2 GiB. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Columns that are not to be stored may have any names. */
const READ_ONLY_RULES: TableRules = { columnNames: (names) => [...names], checkFields: () => {} };

/**
 * A file, or a folder, as a table of which columns and rows are selected.
 * @throws FileError `CANNOT_READ_FILE`; DataError for what is malformed; ArgumentError `INVALID_ARGUMENT`
 */
export async function openFileTable(path: string, options: OpenTableOptions): Promise<ReadableTable> {
  const { format: name, maxBytes, signal } = options;
  const format = await formatOfFile(path, name);
  if (format.openTable !== undefined) return format.openTable(path, { signal });
  const source = await format.openSource!(path, {
    types: new Map(),
    checkNames: () => {},
    rules: READ_ONLY_RULES,
    csv: { repairNames: true, maxBytes },
    onWarning: () => {},
    onProgress: undefined,
    signal,
  });
  return new SourceTable(source);
}
