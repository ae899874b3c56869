/** `omero::grid::Table`: one client's handle on a table, as omero-py's `omero.tables.TableI` serves it. */
import type { ColumnBatch } from "../../columns/batch.js";
import type { TableMetadata } from "../../columns/table.js";
import { type ColumnInstance, emptyColumns, fromColumnBatch } from "../../connect/ice/codec/columns/columns.js";
import type { Current } from "../../connect/ice/serve/served-object.js";
import { ConditionError, ServerError } from "../../errors.js";
import type { RType } from "../../rtypes.js";
import { apiUsage, securityViolation, serverError, validation } from "../exceptions.js";
import type { Instance } from "../model/materialize.js";
import type { TableHandle } from "../tables/open-tables.js";
import { isReservedName, type KeptTable } from "../tables/storage.js";
import {
  batchToAppend,
  batchToUpdate,
  checkAnswerSize,
  checkedColumns,
  checkedRows,
  conditionSpan,
  fieldsToCreate,
  pythonRange,
  rowNumbersToSend,
} from "../tables/table-rules.js";
import { NotAllowed } from "../world/graph/delete-graph.js";
import { deleteFromWorld } from "../world/graph/delete-objects.js";
import type { SessionContext } from "./context.js";

interface Data {
  readonly iceId: "::omero::grid::Data";
  readonly lastModification: bigint;
  readonly rowNumbers: BigInt64Array;
  readonly columns: readonly (ColumnInstance | null)[];
}

/** Metadata as rtypes: whole numbers, real numbers and text. */
const METADATA_TYPES = ["::omero::RString", "::omero::RLong", "::omero::RInt", "::omero::RFloat"];

export class TableServant {
  readonly #context: SessionContext;
  readonly #handle: TableHandle;
  readonly #fileId: bigint;
  readonly #canWrite: boolean;

  constructor(context: SessionContext, handle: TableHandle, fileId: bigint, canWrite: boolean) {
    this.#context = context;
    this.#handle = handle;
    this.#fileId = fileId;
    this.#canWrite = canWrite;
  }

  getOriginalFile(current: Current): Instance {
    const { world } = this.#context;
    const file = world.store.get("OriginalFile", this.#fileId);
    if (!file) throw validation(`OriginalFile ${this.#fileId} was deleted`);
    return this.#context.load(this.#context.access(current).in(file.group), file);
  }

  getHeaders(): Promise<ColumnInstance[]> {
    return this.#read(async (table) => emptyColumns(table.fields), { stamped: false });
  }

  getNumberOfRows(): Promise<bigint> {
    return this.#read(async (table) => BigInt(table.rowCount), { stamped: false });
  }

  getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType | null>,
    start: bigint,
    stop: bigint,
    step: bigint,
  ): Promise<BigInt64Array> {
    return this.#read(async (table) => {
      if (step < 0n) throw badCondition(condition, "slice step cannot be negative");
      const span = conditionSpan(start, stop, step, table.rowCount);
      try {
        const rows = await table.getWhereList(condition, presentVariables(variables), span);
        return BigInt64Array.from(rows, BigInt);
      } catch (error) {
        if (error instanceof ConditionError) throw badCondition(condition, error.message);
        throw error;
      }
    });
  }

  readCoordinates(rowNumbers: BigInt64Array, current: Current): Promise<Data> {
    return this.#read(async (table) => {
      const rows = checkedRows(rowNumbers, table.rowCount);
      return this.#data(await this.#slice(table, allColumns(table), rows), current);
    });
  }

  /** Rows `start:stop`, with 0:0 for all; as in Python, what is out of range is left out. */
  read(columns: BigInt64Array, start: bigint, stop: bigint, current: Current): Promise<Data> {
    return this.#read(async (table) => {
      const positions = checkedColumns(columns, table.fields.length);
      const isAll = start === 0n && stop === 0n;
      const span = isAll ? { start: 0, stop: table.rowCount } : pythonRange(start, stop, table.rowCount);
      return this.#data(await this.#range(table, positions, span.start, span.stop), current);
    });
  }

  /** No columns are all columns, no rows are all rows. */
  slice(columns: BigInt64Array, rowNumbers: BigInt64Array, current: Current): Promise<Data> {
    return this.#read(async (table) => {
      const positions = columns.length === 0 ? allColumns(table) : checkedColumns(columns, table.fields.length);
      if (rowNumbers.length === 0 && table.rowCount > 0) {
        return this.#data(await this.#range(table, positions, 0, table.rowCount), current);
      }
      const rows = checkedRows(rowNumbers, table.rowCount);
      return this.#data(await this.#slice(table, positions, rows), current);
    });
  }

  initialize(columns: readonly (ColumnInstance | null)[]): Promise<void> {
    this.#assertWritable();
    return this.#handle.run(async () => {
      if (this.#handle.closed) throw new ServerError("NO_SUCH_OBJECT", "This handle on the table was closed");
      if (this.#handle.table) throw validation("Already initialized.");
      await this.#handle.create(fieldsToCreate(columns));
      this.#handle.wrote();
    });
  }

  addColumn(): never {
    this.#assertWritable();
    throw apiUsage("NYI");
  }

  addData(columns: readonly (ColumnInstance | null)[]): Promise<void> {
    this.#assertWritable();
    return this.#write(async (table) => {
      if (columns.length === 0) return;
      const batch = batchToAppend(table.fields, columns);
      if (batch.rowCount > 0) await table.addData(batch);
    });
  }

  update(data: Data | null): Promise<void> {
    this.#assertWritable();
    return this.#write(
      async (table) => {
        if (!data) return;
        await table.update(batchToUpdate(table.fields, table.rowCount, data.columns, data.rowNumbers));
      },
      { stamped: true },
    );
  }

  async getMetadata(key: string): Promise<RType | null> {
    return (await this.getAllMetadata()).get(key) ?? null;
  }

  getAllMetadata(): Promise<Map<string, RType>> {
    return this.#read(
      async (table) => new Map([...(await table.getAllMetadata())].map(([key, value]) => [key, metadataRType(value)])),
      { stamped: false },
    );
  }

  setMetadata(key: string, value: RType | null): Promise<void> {
    this.#assertWritable();
    return this.#write(async (table) => table.setMetadata(key, metadataValue(key, value)));
  }

  setAllMetadata(metadata: ReadonlyMap<string, RType | null>): Promise<void> {
    this.#assertWritable();
    return this.#write(async (table) => {
      const values: TableMetadata = new Map([...metadata].map(([key, value]) => [key, metadataValue(key, value)]));
      await table.replaceMetadata(values);
    });
  }

  /** Removes the table, its file and what annotates with it. */
  async delete(current: Current): Promise<void> {
    this.#assertWritable();
    await this.close(current);
    const { world } = this.#context;
    const file = world.store.get("OriginalFile", this.#fileId);
    if (!file) return;
    try {
      await deleteFromWorld(world, this.#context.access(current).in(file.group), [file], []);
    } catch (error) {
      if (error instanceof NotAllowed) throw securityViolation(error.message);
      throw error;
    }
  }

  async close(current: Current): Promise<void> {
    this.#context.withdraw(current);
    await this.release();
  }

  /** Gives the table back; size and checksum of its file are noted once it is at rest. */
  release(): Promise<void> {
    return this.#handle.close(this.#canWrite ? () => this.#context.world.describeContent(this.#fileId) : undefined);
  }

  #assertWritable(): void {
    if (!this.#canWrite) throw securityViolation(`Current user cannot write to file ${this.#fileId}`);
  }

  #range(table: KeptTable, positions: readonly number[], start: number, stop: number): Promise<ColumnBatch> {
    this.#checkAnswer(table, positions, stop - start);
    return table.read(positions, start, stop);
  }

  #slice(table: KeptTable, positions: readonly number[], rows: Float64Array): Promise<ColumnBatch> {
    this.#checkAnswer(table, positions, rows.length);
    return table.slice(positions, rows);
  }

  #checkAnswer({ fields }: KeptTable, positions: readonly number[], rowCount: number): void {
    const selected = positions.map((position) => fields[position]!);
    checkAnswerSize(selected, rowCount, this.#context.messageSizeMax);
  }

  #read<T>(use: (table: KeptTable) => Promise<T>, { stamped = true } = {}): Promise<T> {
    return this.#handle.run(() => use(this.#table(stamped)));
  }

  #write(use: (table: KeptTable) => Promise<void>, { stamped = false } = {}): Promise<void> {
    return this.#handle.run(async () => {
      const table = this.#table(stamped);
      await use(table);
      this.#handle.wrote();
    });
  }

  #table(stamped: boolean): KeptTable {
    if (this.#handle.closed) throw new ServerError("NO_SUCH_OBJECT", "This handle on the table was closed");
    if (stamped && this.#handle.isStale) {
      throw serverError("OptimisticLockException", "Resource modified by another thread");
    }
    const { table } = this.#handle;
    if (!table) throw apiUsage("Not yet initialized");
    return table;
  }

  #data(batch: ColumnBatch, { context }: Current): Data {
    const wantsNumbers = (context.get("omero.tables.include_row_numbers") ?? "true").toLowerCase() === "true";
    return {
      iceId: "::omero::grid::Data",
      lastModification: BigInt(this.#handle.lastModification),
      rowNumbers: wantsNumbers ? rowNumbersToSend(batch) : new BigInt64Array(0),
      columns: fromColumnBatch(batch),
    };
  }
}

function allColumns({ fields }: KeptTable): number[] {
  return fields.map((_, position) => position);
}

function badCondition(condition: string, reason: string) {
  return apiUsage(`Bad condition: ${condition}, ${reason}`);
}

function presentVariables(variables: ReadonlyMap<string, RType | null>): Map<string, RType> {
  return new Map([...variables].filter((entry): entry is [string, RType] => entry[1] !== null));
}

function metadataRType(value: bigint | number | string): RType {
  if (typeof value === "bigint") return { iceId: "::omero::RLong", val: value };
  if (typeof value === "number") return { iceId: "::omero::RFloat", val: value };
  return { iceId: "::omero::RString", val: value };
}

function metadataValue(key: string, value: RType | null): bigint | number | string {
  if (key === "") throw apiUsage("Metadata needs a name");
  if (isReservedName(key)) throw apiUsage(`Reserved attribute name: ${key}`);
  if (!value || !METADATA_TYPES.includes(value.iceId)) throw validation(`Unsupported type: ${value?.iceId ?? "null"}`);
  return value.iceId === "::omero::RInt" ? BigInt(value.val) : (value.val as bigint | number | string);
}
