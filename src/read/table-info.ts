/** What a table says of itself, without reading its rows. */

import type { ColumnField } from "../columns/batch.js";
import { withJson } from "../columns/json-map.js";
import type { TableMetadata } from "../columns/table.js";
import { checkOptions } from "../flow/options.js";
import { SOURCE_OPTIONS, type SourceOptions, withTable } from "./source.js";

/** A table's columns, size and metadata. */
export interface TableHeaders {
  /** In table order, with types, descriptions and widths. */
  readonly columns: readonly ColumnField[];
  /** Rows of the table. */
  readonly rowCount: number;
  /** The table's metadata, the reserved `__version` and `__initialized` included; `JSON.stringify` makes an object of it. */
  readonly metadata: TableMetadata;
}

/**
 * Rows and columns of a table, as `[rows, columns]`. Throws as {@link openTableSource} does.
 *
 * @example
 * ```ts
 * const [rows, columns] = await getTableSize({ connection, fileId: 10 });
 * ```
 */
export async function getTableSize(options: SourceOptions): Promise<readonly [rows: number, columns: number]> {
  checkOptions(options, SOURCE_OPTIONS, "getTableSize");
  return withTable(options, (table) => [table.rowCount, table.fields.length] as const);
}

/**
 * Names of a table's columns, in order.
 *
 * @example
 * ```ts
 * const names = await getTableColumns({ connection, fileId: 10 });
 * ```
 */
export async function getTableColumns(options: SourceOptions): Promise<string[]> {
  checkOptions(options, SOURCE_OPTIONS, "getTableColumns");
  return withTable(options, (table) => table.fields.map(({ name }) => name));
}

/**
 * Columns with types and descriptions, number of rows and metadata.
 *
 * @example
 * ```ts
 * const { columns, rowCount } = await getTableHeaders({ connection, fileId: 10 });
 * ```
 */
export async function getTableHeaders(options: SourceOptions): Promise<TableHeaders> {
  checkOptions(options, SOURCE_OPTIONS, "getTableHeaders");
  return withTable(options, async (table) => {
    const metadata = withJson(await table.getAllMetadata({ signal: options.signal }));
    return { columns: [...table.fields], rowCount: table.rowCount, metadata };
  });
}
