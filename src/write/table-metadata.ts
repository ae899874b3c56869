/** Metadata of tables on a server. */

import { withJson } from "../columns/json-map.js";
import type { TableMetadata } from "../columns/table.js";
import { checkOptions } from "../flow/options.js";
import { emitWarning, type OnWarning } from "../flow/warnings.js";
import { checkMetadata, type MetadataInput } from "./metadata.js";
import { TABLE_OPTIONS, type TableOption, withWritableTable } from "./table-option.js";

/**
 * All metadata of a table, the server's own `__version` and `__initialized` among it: int64 as bigint, floating-point
 * numbers, text. `JSON.stringify` makes an object of it.
 * @throws TableError `NOT_FOUND`, `NOT_PERMITTED`, `NOT_A_TABLE`, `NOT_INITIALIZED`
 *
 * @example
 * ```ts
 * const metadata = await getTableMetadata({ connection, fileId: 10 });
 * console.log(metadata.get("reviewed"));
 * ```
 */
export async function getTableMetadata(options: TableOption): Promise<TableMetadata> {
  checkOptions(options, TABLE_OPTIONS, "getTableMetadata");
  return withWritableTable(options, async (table) => withJson(await table.getAllMetadata({ signal: options.signal })));
}

export interface SetMetadataOptions extends TableOption {
  /** Told of numbers that lose digits; by default a warning of the process. */
  readonly onWarning?: OnWarning | undefined;
}

/**
 * Adds metadata to a table, or replaces what it has under the same keys; other keys stay. Whole numbers are stored as
 * int64, others in 32-bit floating point, text as it is.
 * @throws ArgumentError `INVALID_ARGUMENT` for reserved keys and what is neither number nor text; DataError
 * `UNSAFE_INTEGER`: nothing was changed
 *
 * @example
 * ```ts
 * await setTableMetadata({ reviewed: "yes" }, { connection, fileId: 10 });
 * ```
 */
export async function setTableMetadata(metadata: MetadataInput, options: SetMetadataOptions): Promise<void> {
  checkOptions(options, { ...TABLE_OPTIONS, onWarning: true }, "setTableMetadata");
  const entries = checkMetadata(metadata, options.onWarning ?? emitWarning);
  await withWritableTable(options, async (table) => {
    for (const [key, value] of entries) await table.setMetadata(key, value, { signal: options.signal });
  });
}
