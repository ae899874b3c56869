/** From the rows of a table to the objects they speak of. */
import { type ColumnBatch, type LongColumn, rowNumberAt } from "../columns/batch.js";
import { ArgumentError, invalidArgument } from "../errors.js";
import { checkOptions } from "../flow/options.js";
import type { ObjectType, ObjectTypes } from "../gateway/finding/object-types.js";
import { objectContext } from "../gateway/finding/object-types.js";
import { wrapAll } from "../gateway/loading/family.js";
import { loadByIds } from "../gateway/loading/query-rows.js";
import { READ_OPTIONS, type ReadOptions, readBatches } from "./read-table.js";

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
export interface TableObjectsOptions extends ReadOptions {
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

const ALL_GROUPS = -1;

/**
 * The objects that rows of a table speak of, in the rows' order: images, wells, regions and so on, by the ids in a column of that
 * type. Rows without one, or with one that this user cannot see, are left out. Objects come by one call for each batch of rows.
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
  checkOptions(options, { ...READ_OPTIONS, column: true }, "tableObjects");
  checkType(type);
  const { column, ...read } = options;
  const { connection, signal } = options;
  if (connection === undefined) {
    throw invalidArgument("tableObjects needs an open connection, which the objects go on using");
  }
  const context = objectContext(connection);
  for await (const batch of readBatches(read)) {
    const ids = idsOf(batch, type, column);
    const wanted = [...new Set(ids)].filter((id) => id >= 0n);
    const models = await loadByIds(context, type, wanted, { group: ALL_GROUPS, signal });
    const objects = wrapAll<ObjectTypes[Type]>(context, models);
    const byId = new Map(models.map(({ id }, index) => [id!.val, objects[index]!]));
    for (const [index, id] of ids.entries()) {
      const object = byId.get(id);
      if (object !== undefined) yield { row: rowNumberAt(batch.rowNumbers, index), object } as TableObject<Type>;
    }
  }
}

function checkType(type: string): void {
  if (Object.hasOwn(OBJECT_COLUMNS, type)) return;
  const types = Object.keys(OBJECT_COLUMNS).join(", ");
  throw invalidArgument(`Tables do not speak of ${JSON.stringify(type)}: give one of ${types}`);
}

/** @throws ArgumentError `UNKNOWN_COLUMN`, or `INVALID_ARGUMENT` for a column of another type */
function idsOf({ fields, columns }: ColumnBatch, type: TableObjectType, column: string | undefined): BigInt64Array {
  const place = fields.findIndex((field) =>
    column === undefined ? field.type === OBJECT_COLUMNS[type] : field.name === column,
  );
  if (place < 0) {
    const what = column === undefined ? `column of type ${OBJECT_COLUMNS[type]}` : `column "${column}"`;
    throw new ArgumentError(
      "UNKNOWN_COLUMN",
      `The table has no ${what}; there are ${fields.map(({ name }) => name).join(", ")}`,
    );
  }
  const { kind } = columns[place]!;
  if (kind === "long") return (columns[place] as LongColumn).values;
  throw invalidArgument(`Column "${fields[place]!.name}" holds no ids: it is of type ${fields[place]!.type}`);
}
