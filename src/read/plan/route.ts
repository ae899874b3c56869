/** Which way a table's rows come: by the table service, or as the file the table is kept in. */
import { isDeepStrictEqual } from "node:util";
import type { ColumnField } from "../../columns/batch.js";
import { readCost, recordBytes, sliceCost, wireRowBytes } from "../../columns/chunk-size.js";
import type { OnProgress, ReadableTable } from "../../columns/table.js";
import type { OmeroConnection } from "../../connect/index.js";
import { AbortError, isTableChange, TableError } from "../../errors.js";
import { ifPossible } from "../../flow/failures.js";
import { emitWarning } from "../../flow/warnings.js";
import { warnOfChunkSize } from "../../gateway/tables/message-limits.js";
import type { RemoteTable } from "../../gateway/tables/table.js";
import { TableOrigin } from "../../gateway/tables/table-origin.js";
import { type AccessPath, LOCAL_FILE, SERVICE } from "./access-path.js";
import { SAMPLE_ROWS } from "./service-comparison.js";
import { fetchTableFile } from "./table-file.js";

/**
 * `auto`: the file where most of a table is wanted, it is at rest and that is cheaper, the service otherwise. `service`,
 * `file`: that one; a file that cannot be read so is an error. A file is compared with the server's checksum where there
 * is one; where there is none, as for most tables not made by this package, with the service's size, columns, rows and a
 * sample of cells, before and after the transfer.
 */
export type Route = "auto" | "service" | "file";

export interface RouteOptions {
  /** Default `auto`. */
  readonly route?: Route | undefined;
  /** Told which way the rows come, and why, once that is decided; `store`: they were kept in the one of that option. */
  readonly onRoute?: ((taken: "service" | "file" | "store", why: string) => void) | undefined;
}

/** How many rows of a table are wanted, of which columns. */
export interface Wanted {
  readonly rows: number;
  readonly fields: readonly ColumnField[];
  /** Rows a request, where the caller gave it. */
  readonly chunkSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Milliseconds a byte of a file costs: fetched at some 400 MB/s, checked, written and decoded. */
const FILE_BYTE = 6e-6;
/** Milliseconds a fetched file costs whatever its size. */
const FILE_CALLS = 15;
/** On a slow network bytes count more than anything: no file is fetched that is much larger than what is wanted of it. */
const MOST_EXCESS = 1.5;
/** Rows a call, as the reader asks for on average. */
const CALL_ROWS = 100_000;

/** Where a reader finds what it needs of one table. */
export interface TableRoutes {
  readonly table: ReadableTable;
  /** The table to search for rows that meet a condition. */
  forSearch(signal: AbortSignal | undefined): Promise<ReadableTable>;
  /** The table to read `wanted` from. */
  forRows(wanted: Wanted): Promise<AccessPath>;
  /** Of a table on a server. */
  readonly origin?: TableOrigin;
}

/** A table that has one way to its rows. */
export function onlyRoute(path: AccessPath): TableRoutes {
  const { table } = path;
  return { table, forSearch: async () => table, forRows: async () => path };
}

/** A table on a server, and the ways to its rows. */
export class ServerRoutes implements TableRoutes {
  readonly #connection: OmeroConnection;
  readonly #service: AccessPath & { readonly table: RemoteTable };
  readonly #options: RouteOptions;
  #file: AccessPath | undefined;

  constructor(connection: OmeroConnection, service: RemoteTable, options: RouteOptions) {
    this.#connection = connection;
    this.#service = { table: service, method: SERVICE };
    this.#options = options;
  }

  get table(): RemoteTable {
    return this.#service.table;
  }

  get origin(): TableOrigin {
    return new TableOrigin(this.#connection, [this.#service.table]);
  }

  /** The service, which searches its tables quickly, unless the file is asked for. */
  async forSearch(signal: AbortSignal | undefined): Promise<ReadableTable> {
    const { table } =
      this.#options.route === "file" ? await this.forRows({ rows: 0, fields: [], signal }) : this.#service;
    return table;
  }

  /** @throws what {@link fetchTableFile} throws, for the route `file`. */
  async forRows(wanted: Wanted): Promise<AccessPath> {
    if (this.#file) return this.#file;
    const { route = "auto", onRoute } = this.#options;
    const against = route === "auto" ? this.#against(wanted) : route === "service" ? "it was asked for" : undefined;
    if (against !== undefined) return this.#takeService(wanted, against);
    try {
      const table = await fetchTableFile(this.#connection, this.#service.table, { signal: wanted.signal });
      this.#file = { table, method: LOCAL_FILE };
      onRoute?.("file", route === "file" ? "it was asked for" : "it is cheaper");
      return this.#file;
    } catch (error) {
      if (error instanceof AbortError) throw error;
      // Nothing has been read yet: the table is opened again rather than read as what it was.
      if (await this.#hasChanged(wanted.signal)) throw isTableChange(error) ? error : this.#changed(error);
      if (route === "file") throw error;
      return this.#takeService(wanted, error instanceof Error ? error.message : String(error));
    }
  }

  /** Whether the server has noted something else of the table since it was opened. */
  async #hasChanged(signal: AbortSignal | undefined): Promise<boolean> {
    const { table } = this.#service;
    const now = await ifPossible(table.readState({ signal }));
    return now !== undefined && !isDeepStrictEqual(now, table.openedState);
  }

  #changed(cause: unknown): TableError {
    const { id } = this.#service.table.file;
    const text = `table ${id} was changed by someone else while its file was fetched`;
    return new TableError("TABLE_CHANGED", text, { fileId: id, cause });
  }

  #takeService({ rows, fields, chunkSize }: Wanted, why: string): AccessPath {
    this.#options.onRoute?.("service", why);
    warnOfChunkSize(chunkSize === undefined ? undefined : Math.min(chunkSize, rows), fields, emitWarning);
    return this.#service;
  }

  async close(): Promise<void> {
    await this.#file?.table.close();
  }

  /** What speaks against the file, if anything does. */
  #against({ rows, fields }: Wanted): string | undefined {
    const { file, fields: all } = this.#service.table;
    const { size, sha1 } = file;
    if (!size) return "the server has noted no size of the table's file";
    if (rows === 0) return "no rows are wanted";
    if (size > MOST_EXCESS * rows * wireRowBytes(fields, 0)) return "little of the table is wanted";
    const width = recordBytes(all);
    const [read, slice] = [readCost(fields.length, width), sliceCost(fields.length, width)];
    const calls = Math.ceil(rows / CALL_ROWS);
    const byService = Math.min(
      calls * read.perCall + rows * read.perRow,
      Math.ceil(rows / 1000) * slice.perCall + rows * slice.perRow,
    );
    const sample = sha1 ? 0 : slice.perCall + SAMPLE_ROWS * slice.perRow;
    return byService <= FILE_CALLS + size * FILE_BYTE + sample ? "the service is cheaper" : undefined;
  }
}
