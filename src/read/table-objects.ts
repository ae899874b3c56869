/** From the rows of a table to the objects they speak of. */
import type { ColumnField } from "../columns/batch.js";
import type { OmeroConnection } from "../connect/connection.js";
import { ArgumentError, invalidArgument } from "../errors.js";
import { CallbackWatch } from "../flow/callbacks.js";
import { checkOptions, pickOptions } from "../flow/options.js";
import type { ObjectType, ObjectTypes } from "../gateway/finding/object-types.js";
import { selectedBatches } from "./kept-batches.js";
import { select } from "./plan/table-selection.js";
import { checkRead, READ_OPTIONS, type ReadOptions } from "./read-table.js";
import { openTableSource, SOURCE_OPTIONS, type SourceOptions, type TableSource } from "./source.js";

/** Types of objects that columns hold ids of. */
const OBJECT_COLUMNS = {
  Image: "Image",
  Dataset: "Dataset",
  Well: "Well",
  Plate: "Plate",
  Roi: "Roi",
  OriginalFile: "File",
} as const;

/** Type of objects that rows of tables speak of. */
export type TableObjectType = keyof typeof OBJECT_COLUMNS & ObjectType;

/** Which rows, and where their objects are. */
export interface TableObjectsOptions extends Omit<ReadOptions, "columnNames"> {
  /** Name of the column that holds the ids. Default: the first of the type asked for. */
  readonly column?: string | undefined;
}

/** A row's number, and the object it speaks of. */
export interface TableObject<Type extends TableObjectType> {
  /** Number of the row in its table, from 0. */
  readonly row: number;
  /** The object. */
  readonly object: ObjectTypes[Type];
}

const { columnNames: _, ...OPTIONS } = READ_OPTIONS;

/**
 * The objects that rows of a table speak of, in the rows' order: images, wells, regions and so on, by the ids in a column of that
 * type. Rows without one, or with one that this user cannot see, are left out. Only that column is read; objects come by one call
 * for each thousand rows. Of a table that is open, `table.objects("Image")` gives the same.
 *
 * @throws ArgumentError `UNKNOWN_COLUMN` for a table without such a column; and what `readBatches` throws
 *
 * @example
 * ```ts
 * for await (const { row, object } of tableObjects("Image", { connection, fileId: 10, query: "area > 1000" }))
 *   console.log(row, object.name);
 * ```
 */
export async function* tableObjects<Type extends TableObjectType>(
  type: Type,
  options: TableObjectsOptions,
): AsyncGenerator<TableObject<Type>, void, undefined> {
  checkOptions(options, { ...OPTIONS, column: true }, "tableObjects");
  checkType(type);
  const { connection } = options;
  if (connection === undefined) {
    throw invalidArgument("tableObjects needs an open connection, which the objects go on using");
  }
  checkRead(options);
  const watch = new CallbackWatch();
  const source = await openTableSource(pickOptions<SourceOptions>(options, SOURCE_OPTIONS));
  try {
    yield* objectsOf(connection, source, type, watch.watched(options));
    await watch.settled();
  } catch (error) {
    throw watch.reasonOf(error);
  } finally {
    await source.close();
  }
}

async function* objectsOf<Type extends TableObjectType>(
  connection: OmeroConnection,
  { table, routes }: TableSource,
  type: Type,
  options: TableObjectsOptions,
): AsyncGenerator<TableObject<Type>, void, undefined> {
  const { objectsOfBatch } = await import("./objects-of-batch.js");
  const { column, ...read } = options;
  const { name } = idField(table.fields, type, column);
  const selection = select(table, checkRead({ ...read, columnNames: [name] }));
  for await (const batch of selectedBatches(selection, routes, read)) {
    yield* objectsOfBatch(connection, type, batch, options.signal);
  }
}

function checkType(type: string): void {
  if (Object.hasOwn(OBJECT_COLUMNS, type)) return;
  const types = Object.keys(OBJECT_COLUMNS).join(", ");
  throw invalidArgument(`Tables do not speak of ${JSON.stringify(type)}: give one of ${types}`);
}

/** @throws ArgumentError `UNKNOWN_COLUMN`, or `INVALID_ARGUMENT` for a column of another type */
function idField(fields: readonly ColumnField[], type: TableObjectType, column: string | undefined): ColumnField {
  const found = fields.find((field) =>
    column === undefined ? field.type === OBJECT_COLUMNS[type] : field.name === column,
  );
  if (found === undefined) {
    const what = column === undefined ? `column of type ${OBJECT_COLUMNS[type]}` : `column "${column}"`;
    const names = fields.map(({ name }) => name).join(", ");
    throw new ArgumentError("UNKNOWN_COLUMN", `The table has no ${what}; there are ${names}`);
  }
  if (found.type === "Long" || Object.values(OBJECT_COLUMNS).some((one) => one === found.type)) return found;
  throw invalidArgument(`Column "${found.name}" holds no ids: it is of type ${found.type}`);
}
