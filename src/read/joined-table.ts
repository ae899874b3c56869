/** The parts of a split table as the one table that was split. */
import type { ColumnBatch, ColumnData, ColumnField } from "../columns/batch.js";
import type { RowSpan, SharedTable, TableCallOptions, TableMetadata, TableState } from "../columns/table.js";
import type { OmeroConnection } from "../connect/connection.js";
import { TableError } from "../errors.js";
import { type MapInOrderOptions, mapInOrder } from "../flow/map-in-order.js";
import { openTable } from "../gateway/tables/open-table.js";
import { isRepeated, metadataOfWhole, partFiles, partOf, type TablePart } from "../gateway/tables/split-layout.js";
import type { RemoteTable } from "../gateway/tables/table.js";
import { compileCondition } from "../query/index.js";
import { scanWhereList } from "../query/scan.js";
import type { RType } from "../rtypes.js";

const SEARCHED_ROWS = 16_384;
/** Each reader has several requests in flight, and each of these two parts of a table. */
const SIDE_BY_SIDE: MapInOrderOptions = { concurrency: 2, label: "Reading the parts of a table" };

/** Where a column is: in which part, and at which position there. */
interface Place {
  readonly part: number;
  readonly position: number;
}

/**
 * Opens the other parts of a table that is one, and closes them with it. Another table comes back as it is.
 * @throws TableError `NOT_FOUND` for a part that is gone; `TABLE_CHANGED` for parts that do not belong together
 */
export async function joinedWithParts(
  connection: OmeroConnection,
  table: RemoteTable,
  options: TableCallOptions,
): Promise<RemoteTable | JoinedTable> {
  const part = partOf(table.fields);
  if (part === undefined) return table;
  const files = partFiles(await table.getAllMetadata(options));
  // A copy of one part, or an upload that was cut off: what is there can be read.
  if (files === undefined || files[part.part - 1] !== table.file.id) return table;
  const others = files.filter((file) => file !== table.file.id);
  const opened = await openAll(connection, others, table, options);
  const parts = files.map((file) => opened.find((one) => one.file.id === file)!);
  try {
    checkParts(parts, part);
    return new JoinedTable(parts);
  } catch (error) {
    await Promise.all(others.map((file) => opened.find((one) => one.file.id === file)!.close()));
    throw error;
  }
}

/** Opens all tables or none; `first` is open already and stays so. */
async function openAll(
  connection: OmeroConnection,
  files: readonly number[],
  first: RemoteTable,
  options: TableCallOptions,
): Promise<RemoteTable[]> {
  // A signal warns of many listeners; those that follow it do not count.
  const own = () => ({ ...options, signal: options.signal && AbortSignal.any([options.signal]) });
  const opening = await Promise.allSettled(files.map((fileId) => openTable(connection, { fileId }, own())));
  const opened = opening.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opening.find((one) => one.status === "rejected");
  if (failed === undefined) return [first, ...opened];
  await Promise.all(opened.map((table) => table.close()));
  throw failed.reason;
}

function checkParts(tables: readonly RemoteTable[], { group, parts }: TablePart): void {
  const rows = tables[0]!.rowCount;
  for (const [index, { file, fields, rowCount }] of tables.entries()) {
    const found = partOf(fields);
    if (found?.group === group && found.part === index + 1 && tables.length === parts && rowCount === rows) continue;
    const message = `Table ${file.id} ("${file.name}") is not part ${index + 1} of ${parts}, of ${rows} rows, as its group of tables says: it was changed by itself. Read it alone with openTable`;
    throw new TableError("TABLE_CHANGED", message, { fileId: file.id });
  }
}

/** Reads parts side by side. */
export class JoinedTable implements SharedTable {
  readonly fields: readonly ColumnField[];
  readonly parts: readonly RemoteTable[];
  readonly #places: readonly Place[];

  /** @param parts in order, each beginning with its row numbers */
  constructor(parts: readonly RemoteTable[]) {
    this.parts = parts;
    const own = parts.flatMap(({ fields }, part) =>
      fields.flatMap((one, position) =>
        position === 0 || isRepeated(one) ? [] : [{ one, place: { part, position } }],
      ),
    );
    this.fields = own.map(({ one }) => one);
    this.#places = own.map(({ place }) => place);
  }

  get partCount(): number {
    return this.parts.length;
  }

  get openedState(): TableState | undefined {
    const states = this.parts.flatMap(({ openedState }) => openedState ?? []);
    return states.length === this.parts.length ? this.#stateOf(states) : undefined;
  }

  async readState(options?: TableCallOptions): Promise<TableState> {
    const states: TableState[] = [];
    const reading = mapInOrder(this.parts, (part) => part.readState(options), SIDE_BY_SIDE);
    for await (const state of reading) states.push(state);
    return this.#stateOf(states);
  }

  /** What differs wherever a part's state does. */
  #stateOf(parts: readonly TableState[]): TableState {
    const { rowCount } = parts.find((part) => part.rowCount !== this.rowCount) ?? this;
    return {
      rowCount,
      size: sumOf(parts.map(({ size }) => size)),
      sha1: parts.map(({ sha1 }) => sha1 ?? "none").join(" "),
      updateEventId: Math.max(...parts.map(({ updateEventId = 0 }) => updateEventId)),
    };
  }

  get rowCount(): number {
    return this.parts[0]!.rowCount;
  }

  read(columns: readonly number[], start: number, stop: number, options?: TableCallOptions): Promise<ColumnBatch> {
    return this.#fromParts(columns, (part, positions) => part.read(positions, start, stop, options));
  }

  slice(columns: readonly number[], rows: Float64Array, options?: TableCallOptions): Promise<ColumnBatch> {
    return this.#fromParts(columns, (part, positions) => part.slice(positions, rows, options));
  }

  /** Asks the part that has all columns of the condition; where none has, they are read and searched here. */
  async getWhereList(
    condition: string,
    variables: ReadonlyMap<string, RType>,
    span: RowSpan,
    options?: TableCallOptions,
  ): Promise<Float64Array> {
    const compiled = compileCondition(condition, this.fields, variables);
    const parts = new Set(compiled.columns.map((column) => this.#places[column]!.part));
    if (parts.size > 1) return scanWhereList(this, compiled, span, SEARCHED_ROWS, options);
    const [part = 0] = parts;
    return this.parts[part]!.getWhereList(condition, variables, span, options);
  }

  async getAllMetadata(options?: TableCallOptions): Promise<TableMetadata> {
    return metadataOfWhole(await this.parts[0]!.getAllMetadata(options));
  }

  async close(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.close()));
  }

  async #fromParts(
    columns: readonly number[],
    read: (part: SharedTable, positions: readonly number[]) => Promise<ColumnBatch>,
  ): Promise<ColumnBatch> {
    const places = columns.map((column) => this.#places[column]!);
    const wanted = [...new Set(places.map(({ part }) => part))];
    const positions = new Map(wanted.map((part) => [part, places.filter((one) => one.part === part)]));
    const readPart = (part: number) => {
      const inPart = positions.get(part)!.map(({ position }) => position);
      return read(this.parts[part]!, inPart);
    };
    const batches: ColumnBatch[] = [];
    for await (const batch of mapInOrder(wanted, readPart, SIDE_BY_SIDE)) batches.push(batch);
    const data = places.map((place): ColumnData => {
      const batch = batches[wanted.indexOf(place.part)]!;
      return batch.columns[positions.get(place.part)!.indexOf(place)]!;
    });
    const { rowCount, rowNumbers } = batches[0]!;
    return { fields: columns.map((column) => this.fields[column]!), columns: data, rowCount, rowNumbers };
  }
}

/** Undefined where one is not known. */
function sumOf(sizes: readonly (number | undefined)[]): number | undefined {
  const sum = sizes.reduce<number>((total, size) => total + (size ?? Number.NaN), 0);
  return Number.isNaN(sum) ? undefined : sum;
}
