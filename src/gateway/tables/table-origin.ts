/** By what a table is told from all others, and from what it was before. One that was split changes with each of its parts. */
import type { OmeroConnection } from "../../connect/connection.js";
import { findOriginalFile } from "../files/original-file.js";
import type { RemoteTable } from "./table.js";
import { tableStamp } from "./table-stamp.js";

export class TableOrigin {
  readonly #connection: OmeroConnection;
  readonly #parts: readonly RemoteTable[];

  /** @param parts in order; a table that is whole is its only one */
  constructor(connection: OmeroConnection, parts: readonly RemoteTable[]) {
    this.#connection = connection;
    this.#parts = parts;
  }

  /** Names the table in errors. */
  get label(): string {
    return `Table ${this.fileId}`;
  }

  /** That of the first part. */
  get fileId(): number {
    return this.#parts[0]!.file.id;
  }

  /** Those of all parts. */
  get fileIds(): number[] {
    return this.#parts.map(({ file }) => file.id);
  }

  /** Names the table among those of all servers: one server may have several addresses, and an address several servers. */
  async name(signal?: AbortSignal): Promise<string> {
    const config = this.#connection.service("::omero::api::IConfig");
    return `${await config.getDatabaseUuid({ signal })} OriginalFile ${this.fileId} `;
  }

  /** What the table was when it was opened; see {@link tableStamp}. */
  get stamp(): string | undefined {
    return joinedStamp(this.#parts.map(({ file, rowCount, fields }) => tableStamp(file, rowCount, fields)));
  }

  /** What it is now. */
  async stampNow(signal?: AbortSignal): Promise<string | undefined> {
    const stamps: (string | undefined)[] = [];
    for (const part of this.#parts) stamps.push(await this.#stampOf(part, signal));
    return joinedStamp(stamps);
  }

  async #stampOf(part: RemoteTable, signal: AbortSignal | undefined): Promise<string | undefined> {
    const [file, { rowCount, fields }] = await Promise.all([
      findOriginalFile(this.#connection, { fileId: part.file.id }, { signal }),
      part.readHeaders({ signal }),
    ]);
    return tableStamp(file, rowCount, fields);
  }
}

/** Undefined where a change of one part would not be seen. */
function joinedStamp(stamps: readonly (string | undefined)[]): string | undefined {
  const known = stamps.filter((stamp) => stamp !== undefined);
  return known.length === stamps.length ? known.join(" ") : undefined;
}
