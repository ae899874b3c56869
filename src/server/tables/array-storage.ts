/**
 * Tables that are registered TileDB arrays, beside those of another storage. They are read where they are and never
 * changed. The reader of arrays is that of `src/write/tiledb`, the one room beside `connect/ice`, `query` and `hdf5` that
 * the server uses.
 */
import { createHash } from "node:crypto";
import { dirname, sep } from "node:path";
import type { ColumnBatch, ColumnField } from "../../columns/batch.js";
import type { RowSpan, TableMetadata } from "../../columns/table.js";
import { DataError, FileError, TableError } from "../../errors.js";
import { openTileDBTable, type TileDBTable } from "../../formats/tiledb/index.js";
import type { RType } from "../../rtypes.js";
import { securityViolation, validation } from "../exceptions.js";
import type { RegisteredArray } from "../model/object-store.js";
import type { ArrayFolders } from "./array-folders.js";
import type { KeptTable, TableStorage } from "./storage.js";

export class ArrayTableStorage implements TableStorage {
  readonly #others: TableStorage;
  readonly #folders: ArrayFolders;
  readonly #arrayOf: (fileId: bigint) => RegisteredArray | undefined;

  /**
   * @param others all tables that are no arrays
   * @param arrayOf the array a file is registered for
   */
  constructor(others: TableStorage, folders: ArrayFolders, arrayOf: (fileId: bigint) => RegisteredArray | undefined) {
    this.#others = others;
    this.#folders = folders;
    this.#arrayOf = arrayOf;
  }

  async has(fileId: bigint): Promise<boolean> {
    return this.#arrayOf(fileId) !== undefined || this.#others.has(fileId);
  }

  async create(fileId: bigint, fields: readonly ColumnField[]): Promise<KeptTable> {
    if (this.#arrayOf(fileId)) throw readOnly();
    return this.#others.create(fileId, fields);
  }

  /** @throws IceUserException ValidationException for an array that is no longer there, or that cannot be read. */
  async open(fileId: bigint): Promise<KeptTable | undefined> {
    const registered = this.#arrayOf(fileId);
    if (!registered) return this.#others.open(fileId);
    const subject = `The TileDB array registered as OriginalFile ${fileId}`;
    const path = await this.#folders.find(registered.path);
    if (path === undefined) {
      const advice = "put it back, or delete the file";
      throw validation(`${subject} is not in the server's folders of arrays any more: ${advice}`);
    }
    const array = await readable(subject, path, () => openTileDBTable(path));
    if (array.secretToken !== undefined && hashOfToken(array.secretToken) === registered.tokenHash) {
      return new ArrayTable(array, subject);
    }
    await array.close();
    throw validation(`${subject} was replaced by one with another secret token: register that, or delete the file`);
  }

  remove(fileId: bigint): Promise<void> {
    return this.#others.remove(fileId);
  }
}

/** In hexadecimal digits. */
export function hashOfToken(token: string): string {
  return createHash("sha256").update(token, "utf8").digest("hex");
}

/** An array as it was when it was opened. */
class ArrayTable implements KeptTable {
  readonly isReadOnly = true;
  readonly #array: TileDBTable;
  readonly #subject: string;

  constructor(array: TileDBTable, subject: string) {
    this.#array = array;
    this.#subject = subject;
  }

  get fields(): readonly ColumnField[] {
    return this.#array.fields;
  }

  get rowCount(): number {
    return this.#array.rowCount;
  }

  read(columns: readonly number[], start: number, stop: number): Promise<ColumnBatch> {
    return this.#readable(() => this.#array.read(columns, start, stop));
  }

  slice(columns: readonly number[], rows: Float64Array): Promise<ColumnBatch> {
    return this.#readable(() => this.#array.slice(columns, rows));
  }

  getWhereList(condition: string, variables: ReadonlyMap<string, RType>, span: RowSpan): Promise<Float64Array> {
    return this.#readable(() => this.#array.getWhereList(condition, variables, span));
  }

  /** All but the secret token. */
  getAllMetadata(): Promise<TableMetadata> {
    return this.#array.getAllMetadata();
  }

  async addData(): Promise<void> {
    throw readOnly();
  }

  async update(): Promise<void> {
    throw readOnly();
  }

  async setMetadata(): Promise<void> {
    throw readOnly();
  }

  async replaceMetadata(): Promise<void> {
    throw readOnly();
  }

  close(): Promise<void> {
    return this.#array.close();
  }

  abandon(): Promise<void> {
    return this.#array.close();
  }

  #readable<T>(action: () => Promise<T>): Promise<T> {
    return readable(this.#subject, this.#array.path, action);
  }
}

/** @throws IceUserException ValidationException where the array cannot be read, which does not say where it is. */
async function readable<T>(subject: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof DataError || error instanceof FileError || error instanceof TableError)) throw error;
    throw validation(`${subject} cannot be read: ${error.message.replaceAll(dirname(path) + sep, "")}`);
  }
}

function readOnly() {
  return securityViolation("A registered TileDB array cannot be changed");
}
