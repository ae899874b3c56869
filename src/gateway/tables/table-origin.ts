/** By what a table is told from all others, and from what it was before. */
import type { OmeroConnection } from "../../connect/connection.js";
import { findOriginalFile } from "../files/original-file.js";
import type { RemoteTable } from "./table.js";
import { tableStamp } from "./table-stamp.js";

export class TableOrigin {
  readonly #connection: OmeroConnection;
  readonly #table: RemoteTable;

  constructor(connection: OmeroConnection, table: RemoteTable) {
    this.#connection = connection;
    this.#table = table;
  }

  /** Names the table in errors. */
  get label(): string {
    return `Table ${this.fileId}`;
  }

  get fileId(): number {
    return this.#table.file.id;
  }

  /** Names the table among those of all servers: one server may have several addresses, and an address several servers. */
  async name(signal?: AbortSignal): Promise<string> {
    const config = this.#connection.service("::omero::api::IConfig");
    return `${await config.getDatabaseUuid({ signal })} OriginalFile ${this.fileId} `;
  }

  /** What the table was when it was opened; see {@link tableStamp}. */
  get stamp(): string | undefined {
    const { file, rowCount, fields } = this.#table;
    return tableStamp(file, rowCount, fields);
  }

  /** What it is now. */
  async stampNow(signal?: AbortSignal): Promise<string | undefined> {
    const [file, { rowCount, fields }] = await Promise.all([
      findOriginalFile(this.#connection, { fileId: this.fileId }, { signal }),
      this.#table.readHeaders({ signal }),
    ]);
    return tableStamp(file, rowCount, fields);
  }
}
