/** Tables stored by the server's table service, call by call. */

import { TABLE_MIMETYPE } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { TableError } from "../../errors.js";
import { clearUp } from "../../flow/failures.js";
import type { Source } from "../../formats/format.js";
import { FileCreation } from "../../gateway/files/file-creation.js";
import { createTable } from "../../gateway/tables/open-table.js";
import type { RemoteTable } from "../../gateway/tables/table.js";
import type { MetadataValue } from "../metadata.js";
import { type SendOptions, sendRows } from "../send-rows.js";
import type { TableStore } from "./begun-tables.js";
import type { OpenedTable, StoringWay } from "./server-table.js";

/** The rows are sent as they come. */
export const BY_SERVICE: StoringWay = {
  slowConsumer: true,
  store(source, { place, tableName, metadata, options, begin }) {
    return begin(new ServiceStore(place.connection, tableName, place.group)).store(source, metadata, options);
  },
};

class ServiceStore implements TableStore {
  readonly creation: FileCreation<RemoteTable>;

  constructor(connection: OmeroConnection, name: string, group: number) {
    const create = () => createTable(connection, name, group);
    this.creation = new FileCreation(connection, {
      name,
      mimetype: TABLE_MIMETYPE,
      group,
      functionName: "uploadTable",
      create,
    });
  }

  /** Makes the table, whole and closed. */
  async store(
    source: Source,
    metadata: ReadonlyMap<string, MetadataValue>,
    options: SendOptions,
  ): Promise<OpenedTable> {
    const { signal } = options;
    const table = await this.creation.create(signal);
    await table.initialize(source.fields, { signal });
    const rowCount = await sendRows(table, source, options);
    for (const [key, value] of metadata) await table.setMetadata(key, value, { signal });
    await checkRowCount(table, rowCount, signal);
    await table.close();
    return { fileId: table.file.id, rowCount };
  }

  async close(): Promise<void> {
    await clearUp(() => this.creation.created?.close());
  }
}

/** Asks the server how many rows it has. */
async function checkRowCount(table: RemoteTable, rowCount: number, signal: AbortSignal | undefined): Promise<void> {
  await table.load({ signal });
  if (table.rowCount === rowCount) return;
  const message = `the server holds ${table.rowCount} rows where ${rowCount} were sent`;
  throw new TableError("UPLOAD_FAILED", message, { fileId: table.file.id });
}
